package io.logboom.core.spool;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.disk.DiskFullException;
import io.logboom.core.spool.Append.Appended;
import io.logboom.core.spool.Append.Failed;
import io.logboom.core.spool.Append.Full;
import io.logboom.core.spool.Append.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends entries to the last segment, and begins new ones. For one thread at a time. */
final class Writer {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

  private final Path directory;
  private final Disk disk;
  private final SpoolSettings settings;
  private final InstantSource clock;
  private final Book book;
  private final byte[] header = new byte[EntryHeader.BYTES];
  private @Nullable Segment active;

  Writer(Path directory, Disk disk, SpoolSettings settings, InstantSource clock, Book book) {
    this.directory = directory;
    this.disk = disk;
    this.settings = settings;
    this.clock = clock;
    this.book = book;
  }

  /**
   * An entry as the caller gives it.
   *
   * @param held whether the caller keeps it in memory
   */
  record Given(byte[] bytes, int from, int count, int records, int flags, boolean held) {}

  Append append(Given given, int payloadCrc) {
    long bytes = EntryHeader.BYTES + (long) given.count();
    Append.Cap full = book.reserve(bytes);
    if (full != null) {
      return new Full(full);
    }
    try {
      return new Appended(write(given, payloadCrc, bytes));
    } catch (IOException e) {
      book.unreserve(bytes);
      return failed(e);
    } catch (RuntimeException | Error e) {
      book.unreserve(bytes);
      throw e;
    }
  }

  static Failed failed(IOException e) {
    return new Failed(e instanceof DiskFullException ? Reason.DISK_FULL : Reason.IO_ERROR, e);
  }

  private long write(Given given, int payloadCrc, long bytes) throws IOException {
    Segment segment = segmentFor(bytes);
    DiskFile file = segment.file();
    if (file == null) {
      throw new IllegalStateException(segment + " is not written here");
    }
    Point place = book.next();
    Head head =
        new Head(place.sequence(), given.count(), given.records(), given.flags(), clock.millis());
    Entry entry =
        new Entry(segment, segment.length, new EntryHeader(head, place.records(), payloadCrc));
    entry.header().write(header);
    try {
      file.write(header, 0, header.length, entry.at());
      file.write(given.bytes(), given.from(), given.count(), entry.at() + header.length);
    } catch (IOException e) {
      cutOff(segment, file, e);
      throw e;
    }
    book.appended(entry, given.held());
    return head.sequence();
  }

  /** Takes back what was written of an entry. */
  private void cutOff(Segment segment, DiskFile file, IOException why) {
    boolean cut = false;
    try {
      file.truncate(segment.length);
      cut = true;
    } catch (IOException e) {
      why.addSuppressed(e);
    }
    if (!cut || !(why instanceof DiskFullException)) {
      endSegment();
    }
  }

  private Segment segmentFor(long bytes) throws IOException {
    Segment last = active;
    if (last != null
        && last.length > SegmentHeader.BYTES
        && last.length + bytes > settings.segmentBytes()) {
      endSegment();
      last = null;
    }
    if (last == null) {
      last = begin();
      active = last;
    }
    return last;
  }

  private Segment begin() throws IOException {
    disk.createDirectories(directory);
    Point first = book.next();
    Path path = directory.resolve(SegmentHeader.name(first.sequence()));
    SegmentHeader start = new SegmentHeader(first, book.segmentsEnd(), clock.millis());
    DiskFile file;
    try {
      file = disk.open(path, Disk.Mode.CREATE);
    } catch (FileAlreadyExistsException e) {
      // Left over, and it could not be deleted.
      book.skipNumber();
      throw e;
    }
    try {
      file.write(start.toBytes(), 0, SegmentHeader.BYTES, 0);
    } catch (IOException e) {
      discard(path, file);
      throw e;
    }
    Segment segment = new Segment(path, start, file);
    book.begun(segment);
    return segment;
  }

  private void discard(Path path, DiskFile file) {
    try (file) {
      disk.delete(path);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted: {}", path, e.toString());
    }
  }

  /** The next entry begins a new segment. */
  void endSegment() {
    Segment last = active;
    if (last != null) {
      active = null;
      book.seal(last);
    }
  }

  /** The next entry begins a new segment; the one before is not the spool's business any more. */
  void forgetSegment() {
    active = null;
  }
}
