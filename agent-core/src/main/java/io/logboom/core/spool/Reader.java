package io.logboom.core.spool;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the segments from the oldest entry on, once, and past damage. For one thread at a
 * time.
 */
final class Reader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

  private final Disk disk;
  private final Book book;
  private final Quarantine quarantine;
  private final SegmentScan scan = new SegmentScan();

  // Where it is: the segment, the place in its file, the lowest number that can stand there.
  private @Nullable Segment segment;
  private long passed = -1;
  private long at;
  private long expected;

  // What has been seen: everything before this is accounted for.
  private Point known;

  private @Nullable Segment opened;
  private @Nullable DiskFile file;

  Reader(Disk disk, Book book, Quarantine quarantine) {
    this.disk = disk;
    this.book = book;
    this.quarantine = quarantine;
    this.known = book.settledPrefix();
  }

  /**
   * Goes to the next entry that is to be handed out, and offers it to the book; returns where there
   * is none at present.
   */
  void advance() throws IOException {
    while (!book.hasOffer()) {
      Segment current = segment;
      if (current == null) {
        if (!enterNext()) {
          return;
        }
        continue;
      }
      Book.Bounds bounds = book.bounds(current);
      if (bounds.deleted() || (bounds.finished() && book.isSettled(expected, bounds.end()))) {
        book.passed(current, bounds.length() - at);
        leave(bounds);
      } else if (expected < bounds.readable()) {
        step(current, bounds);
      } else {
        return;
      }
    }
  }

  /**
   * What the disk cannot read counts as damaged: the reader goes to the next place where it can.
   *
   * @throws IOException where nothing can be read of the file, so that it may be the whole disk
   */
  void skipUnreadable() throws IOException {
    Segment current = segment;
    if (current == null) {
      return;
    }
    Book.Bounds bounds = book.bounds(current);
    try {
      DiskFile in = open(current);
      in.read(new byte[1], 0, 1, 0);
      pass(current, in, bounds, true);
    } catch (NoSuchFileException e) {
      book.damaged(current, Math.max(0, bounds.length() - at));
      at = bounds.length();
      expected = bounds.end();
    }
  }

  /** Whether the disk can read anything of the segment, or there is no such file any more. */
  boolean canReadSome(Segment wanted) {
    try {
      open(wanted).read(new byte[1], 0, 1, 0);
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean enterNext() {
    Segment entered = book.segmentAfter(passed);
    if (entered == null) {
      return false;
    }
    segment = entered;
    passed = entered.first();
    at = SegmentHeader.BYTES;
    expected = entered.first();
    Point follows = entered.follows();
    Point start = entered.start();
    if (follows != null && start != null) {
      reach(follows);
      if (known.sequence() < start.sequence()) {
        known = start;
      }
    }
    return true;
  }

  private void leave(Book.Bounds bounds) {
    if (bounds.endRecords() != Segment.UNKNOWN) {
      reach(new Point(bounds.end(), bounds.endRecords()));
    }
    segment = null;
  }

  /** A place that is known for sure: what is between it and all that has been seen is gone. */
  private void reach(Point place) {
    if (known.sequence() < place.sequence()) {
      book.gone(known, place);
      known = place;
    }
  }

  private void step(Segment current, Book.Bounds bounds) throws IOException {
    DiskFile in = open(current);
    EntryHeader header = scan.header(in, at, bounds.length());
    if (header == null || header.sequence() < expected || header.sequence() >= bounds.end()) {
      pass(current, in, bounds, false);
      return;
    }
    reach(new Point(header.sequence(), header.recordsBefore()));
    Entry entry = new Entry(current, at, header);
    at += header.bytes();
    expected = header.sequence() + 1;
    if (known.sequence() < expected) {
      known = header.after();
    }
    book.offer(entry);
  }

  /** Goes past what is no entry, to the next one in the segment or to its end. */
  private void pass(Segment current, DiskFile in, Book.Bounds bounds, boolean tolerant)
      throws IOException {
    long found = SegmentScan.find(in, at + 1, bounds.length(), expected, bounds.end(), tolerant);
    long damaged = found - at;
    if (damaged > 0) {
      LOG.error("{}: {} bytes at {} are damaged", current, damaged, at);
      quarantine.keep(in, current, at, damaged);
      book.damaged(current, damaged);
    }
    at = found;
    if (found >= bounds.length()) {
      expected = bounds.end();
    }
  }

  private DiskFile open(Segment wanted) throws IOException {
    DiskFile in = file;
    if (in == null || wanted != opened) {
      close();
      in = disk.open(wanted.path(), Disk.Mode.READ);
      opened = wanted;
      file = in;
    }
    return in;
  }

  /** Reads an entry's payload; false where it is not what its checksum says. */
  boolean load(Entry entry, byte[] into, int from) throws IOException {
    DiskFile in = open(entry.segment());
    int count = entry.head().payloadBytes();
    return in.read(into, from, count, entry.at() + EntryHeader.BYTES) == count
        && Crc.of(into, from, count) == entry.header().payloadCrc();
  }

  /** Keeps a copy of an entry that is damaged. */
  void quarantine(Entry entry) throws IOException {
    DiskFile in = open(entry.segment());
    quarantine.keep(in, entry.segment(), entry.at(), entry.header().bytes());
  }

  /** Lets go of a segment that is deleted. */
  void release(Segment deleted) {
    if (deleted == opened) {
      close();
    }
  }

  @Override
  public void close() {
    DiskFile in = file;
    file = null;
    opened = null;
    if (in != null) {
      try {
        in.close();
      } catch (IOException e) {
        LOG.warn("a segment did not close cleanly: {}", e.toString());
      }
    }
  }
}
