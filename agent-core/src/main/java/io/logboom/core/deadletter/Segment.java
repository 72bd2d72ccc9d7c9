package io.logboom.core.deadletter;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file of letters with consecutive numbers and, beside it, the file that says which of them are
 * gone. Used under the lock of {@link DeadLetters}.
 */
final class Segment {
  private final Disk disk;
  private final Path directory;
  private final SegmentName name;
  // By number, counted from the first letter: gone, or damaged.
  private final BitSet gone = new BitSet();
  private @Nullable DiskFile letters;
  private @Nullable DiskFile goneFile;
  private long size;
  private long goneSize;
  private int count;
  private int damaged;
  // The last number that the file of those gone has as the end.
  private long ended;

  private Segment(Disk disk, Path directory, SegmentName name) {
    this.disk = disk;
    this.directory = directory;
    this.name = name;
  }

  /** Makes a segment without letters. */
  static Segment create(Disk disk, Path directory, long first) throws IOException {
    SegmentName name = new SegmentName(first, ThreadLocalRandom.current().nextLong());
    Segment segment = new Segment(disk, directory, name);
    Path path = directory.resolve(name.letters());
    DiskFile file = disk.open(path, Disk.Mode.CREATE);
    segment.letters = file;
    try {
      disk.forceDirectory(directory);
    } catch (IOException e) {
      // It will be tried again, for as long as it takes: no file may be left behind each time.
      file.close();
      try {
        disk.delete(path);
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
    return segment;
  }

  /**
   * Finds out what an earlier process left.
   *
   * @param next the number of the first letter behind it; 0 where that is not known
   */
  static Segment open(Disk disk, Path directory, SegmentName name, long next) throws IOException {
    Segment segment = new Segment(disk, directory, name);
    long end = next;
    if (disk.list(directory).contains(name.gone())) {
      try (DiskFile file = disk.open(directory.resolve(name.gone()), Disk.Mode.READ)) {
        end = Math.max(end, GoneFile.read(file, name, segment.gone));
        // A torn entry stays where it is, and the next one goes behind it.
        segment.goneSize = (file.size() + GoneFile.ENTRY - 1) / GoneFile.ENTRY * GoneFile.ENTRY;
      }
    }
    try (DiskFile file = disk.open(directory.resolve(name.letters()), Disk.Mode.READ)) {
      segment.scan(file, end);
    }
    return segment;
  }

  private void scan(DiskFile file, long end) throws IOException {
    size = file.size();
    LetterScan scan = new LetterScan(file, name);
    while (scan.next()) {
      lost(scan.id());
      count++;
    }
    lost(end);
    if (end == 0 && isDamagedLetter(file, scan.end())) {
      lost(next() + 1);
    }
    // Gone can be only what was there.
    gone.clear(count, Math.max(count, gone.length()));
    ended = end;
  }

  /** Counts the letters before {@code id} that should be there and are not. */
  private void lost(long id) {
    for (; next() < id; count++) {
      if (!gone.get(count)) {
        gone.set(count);
        damaged++;
      }
    }
  }

  /** Whether a letter was written there whole, to tell damage from what was never finished. */
  private boolean isDamagedLetter(DiskFile file, long at) throws IOException {
    byte[] bytes = new byte[LetterHeader.BYTES];
    if (file.read(bytes, 0, bytes.length, at) < bytes.length) {
      return false;
    }
    LetterHeader header = LetterHeader.read(bytes);
    return ByteBuffer.wrap(bytes).getLong() == name.mark()
        && header.id() == next()
        && header.length() >= 0
        && at + LetterHeader.BYTES + header.length() <= size;
  }

  SegmentName name() {
    return name;
  }

  /** The number behind that of its last letter. */
  long next() {
    return name.first() + count;
  }

  /** The letters that are not gone. */
  int live() {
    return count - gone.cardinality();
  }

  boolean isEmpty() {
    return count == 0;
  }

  int damaged() {
    return damaged;
  }

  long bytes() {
    return size + goneSize;
  }

  /** Where the next letter goes. */
  long size() {
    return size;
  }

  boolean has(long id) {
    return id >= name.first() && id < next() && !gone.get((int) (id - name.first()));
  }

  /** The file of the letters, to read from and, where this process made it, to write to. */
  DiskFile letters() throws IOException {
    DiskFile file = letters;
    if (file == null) {
      file = disk.open(directory.resolve(name.letters()), Disk.Mode.READ);
      letters = file;
    }
    return file;
  }

  /** Says that a letter stands in the file and ends at {@code end}. */
  void added(long end) {
    size = end;
    count++;
  }

  /** Takes letters out again that were added after the segment had this many bytes and letters. */
  void cutBack(long bytes, long nextId) throws IOException {
    size = bytes;
    count = (int) (nextId - name.first());
    letters().truncate(bytes);
    letters().force();
  }

  /** Says that a letter is gone: durable with {@link #forceGone}. */
  void remove(long id) throws IOException {
    note(id);
    gone.set((int) (id - name.first()));
  }

  private void note(long id) throws IOException {
    DiskFile file = goneFile;
    if (file == null) {
      Path path = directory.resolve(name.gone());
      boolean there = disk.list(directory).contains(name.gone());
      file = disk.open(path, there ? Disk.Mode.WRITE : Disk.Mode.CREATE);
      goneFile = file;
      if (!there) {
        disk.forceDirectory(directory);
      }
    }
    byte[] entry = GoneFile.entry(name, id);
    file.write(entry, 0, entry.length, goneSize);
    goneSize += entry.length;
  }

  /** Makes durable which letters are gone. */
  void forceGone() throws IOException {
    DiskFile file = goneFile;
    if (file != null) {
      file.force();
      file.close();
      goneFile = null;
    }
  }

  /** Leaves the segment, after a note of where it ends. */
  void close() throws IOException {
    if (next() > ended && count > 0) {
      note(-next());
      ended = next();
    }
    release();
  }

  private void release() throws IOException {
    forceGone();
    DiskFile file = letters;
    letters = null;
    if (file != null) {
      file.close();
    }
  }

  /** Deletes the files; the letters first, since they are there again without the other. */
  void delete() throws IOException {
    release();
    disk.delete(directory.resolve(name.letters()));
    disk.forceDirectory(directory);
    disk.delete(directory.resolve(name.gone()));
  }
}
