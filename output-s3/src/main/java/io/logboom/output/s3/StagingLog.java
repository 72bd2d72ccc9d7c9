package io.logboom.output.s3;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that units are appended to, in the order in which they come. Appends of several threads
 * are flushed to the disk together. Safe for all threads.
 */
final class StagingLog {
  private static final Logger LOG = LoggerFactory.getLogger(StagingLog.class);
  static final int HEADER = 16;
  private static final byte[] MAGIC = {'L', 'B', 'S', '3', 'L', 'O', 'G', '\n'};
  private static final int VERSION = 1;

  private final Path directory;
  private final Disk disk;
  private final long segmentBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock flushing = new ReentrantLock();

  // Under the lock:
  private long nextNumber;
  private @Nullable Segment current;
  private final ArrayDeque<Segment> sealed = new ArrayDeque<>();
  private long bytes;

  /** One file of the log. */
  static final class Segment {
    final long number;
    final Path path;
    final DiskFile file;
    final long firstMillis;
    private long length;
    private volatile long durable;
    private volatile boolean failed;
    private boolean named;

    Segment(long number, Path path, DiskFile file, long length, long firstMillis) {
      this.number = number;
      this.path = path;
      this.file = file;
      this.length = length;
      this.firstMillis = firstMillis;
    }

    /** Up to where it is on the disk for certain. */
    long durable() {
      return durable;
    }
  }

  /** Up to where a segment must be on the disk. */
  record Ticket(Segment segment, long end) {}

  StagingLog(Path directory, Disk disk, long segmentBytes, long nextNumber) {
    this.directory = directory;
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.nextNumber = nextNumber;
  }

  static Path path(Path directory, long number) {
    return directory.resolve(String.format(Locale.ROOT, "%016d.log", number));
  }

  /** A file of an earlier life, with what is whole of it; it is only read from here on. */
  void adopt(long number, Path path, DiskFile file, long length, long firstMillis) {
    lock.lock();
    try {
      Segment segment = new Segment(number, path, file, length, firstMillis);
      segment.durable = length;
      segment.named = true;
      sealed.addLast(segment);
      bytes += length;
      nextNumber = Math.max(nextNumber, number + 1);
    } finally {
      lock.unlock();
    }
  }

  static boolean isHeader(byte[] b) {
    ByteBuffer header = ByteBuffer.wrap(b);
    for (int i = 0; i < MAGIC.length; i++) {
      if (b[i] != MAGIC[i]) {
        return false;
      }
    }
    return header.getInt(8) == VERSION && header.getInt(12) == UnitReader.crc(b, 0, 12);
  }

  private static byte[] header() {
    byte[] b = new byte[HEADER];
    ByteBuffer header = ByteBuffer.wrap(b).put(MAGIC).putInt(VERSION);
    header.putInt(UnitReader.crc(b, 0, 12));
    return b;
  }

  /**
   * Appends a unit. Where that fails the log is as before.
   *
   * @param millis the time
   */
  Ticket append(byte[] unit, int length, long millis) throws IOException {
    lock.lock();
    try {
      Segment segment = current;
      if (segment == null || segment.length >= segmentBytes) {
        segment = begin(millis);
      }
      try {
        segment.file.write(unit, 0, length, segment.length);
      } catch (IOException e) {
        cut(segment);
        throw e;
      }
      segment.length += length;
      bytes += length;
      return new Ticket(segment, segment.length);
    } finally {
      lock.unlock();
    }
  }

  private Segment begin(long millis) throws IOException {
    sealCurrent();
    long number = nextNumber;
    Path path = path(directory, number);
    DiskFile file = disk.open(path, Disk.Mode.ENSURE);
    byte[] header = header();
    try {
      file.truncate(0);
      file.write(header, 0, HEADER, 0);
    } catch (IOException e) {
      close(path, file);
      throw e;
    }
    nextNumber++;
    Segment segment = new Segment(number, path, file, HEADER, millis);
    bytes += HEADER;
    current = segment;
    return segment;
  }

  /** What is behind the length is overwritten by the next unit, or is no unit to a reader. */
  private static void cut(Segment segment) {
    try {
      segment.file.truncate(segment.length);
    } catch (IOException e) {
      LOG.debug("{} could not be cut back", segment.path, e);
    }
  }

  /** Returns when what the ticket stands for is on the disk; the others' tickets come along. */
  void sync(Ticket ticket) throws IOException {
    Segment segment = ticket.segment();
    if (segment.durable >= ticket.end()) {
      return;
    }
    flushing.lock();
    try {
      if (segment.durable >= ticket.end()) {
        return;
      }
      if (segment.failed) {
        throw new IOException(segment.path + " could not be flushed to the disk");
      }
      flush(segment);
    } finally {
      flushing.unlock();
    }
  }

  private void flush(Segment segment) throws IOException {
    long to;
    lock.lock();
    try {
      to = segment.length;
    } finally {
      lock.unlock();
    }
    try {
      if (!segment.named) {
        disk.forceDirectory(directory);
        segment.named = true;
      }
      segment.file.force();
    } catch (IOException e) {
      fail(segment);
      throw e;
    }
    segment.durable = to;
  }

  /** What is not on the disk by now counts as never written: a kernel may have dropped it. */
  private void fail(Segment segment) {
    lock.lock();
    try {
      segment.failed = true;
      long kept = Math.max(HEADER, segment.durable);
      bytes -= segment.length - kept;
      segment.length = kept;
      cut(segment);
      if (current == segment) {
        sealCurrent();
      }
    } finally {
      lock.unlock();
    }
  }

  private void sealCurrent() {
    Segment segment = current;
    if (segment != null) {
      current = null;
      sealed.addLast(segment);
    }
  }

  /** Nothing more is appended to what there is. */
  void seal() {
    lock.lock();
    try {
      sealCurrent();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest file to which nothing more is appended, all of it on the disk; null for none. */
  @Nullable Segment oldestSealed() throws IOException {
    Segment segment;
    lock.lock();
    try {
      Segment open = current;
      if (open != null && open.length >= segmentBytes) {
        sealCurrent();
      }
      segment = sealed.peekFirst();
    } finally {
      lock.unlock();
    }
    if (segment != null && !segment.failed) {
      sync(new Ticket(segment, length(segment)));
    }
    return segment;
  }

  private long length(Segment segment) {
    lock.lock();
    try {
      return segment.length;
    } finally {
      lock.unlock();
    }
  }

  /** The segment's records are elsewhere now. */
  void remove(Segment segment) throws IOException {
    lock.lock();
    try {
      if (sealed.remove(segment)) {
        bytes -= segment.length;
      }
    } finally {
      lock.unlock();
    }
    close(segment.path, segment.file);
    disk.delete(segment.path);
  }

  private static void close(Path path, DiskFile file) {
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("{} did not close cleanly", path, e);
    }
  }

  /** The bytes of all files. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** When the oldest unit was appended; {@link Long#MAX_VALUE} where there is none. */
  long oldestMillis() {
    lock.lock();
    try {
      Segment oldest = sealed.isEmpty() ? current : sealed.peekFirst();
      return oldest == null ? Long.MAX_VALUE : oldest.firstMillis;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      sealCurrent();
      for (Segment segment : sealed) {
        close(segment.path, segment.file);
      }
      sealed.clear();
    } finally {
      lock.unlock();
    }
  }
}
