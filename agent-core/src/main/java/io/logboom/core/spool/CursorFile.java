package io.logboom.core.spool;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that says what is settled. Safe for use by several threads. */
final class CursorFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CursorFile.class);
  private static final long FORCE_INTERVAL_MILLIS = 1000;

  private final Path path;
  private final Disk disk;
  private @Nullable DiskFile file;
  private long generation;
  private long written = -1;
  private long forced = -1;
  private long forcedMillis;

  CursorFile(Path path, Disk disk) {
    this.path = path;
    this.disk = disk;
  }

  /** What the file says; null where there is none that is valid. */
  synchronized @Nullable Cursor load() throws IOException {
    byte[] first = new byte[Cursor.SLOT_BYTES];
    byte[] second = new byte[Cursor.SLOT_BYTES];
    try (DiskFile in = disk.open(path, Disk.Mode.READ)) {
      readSlot(in, first, 0);
      readSlot(in, second, Cursor.SLOT_BYTES);
    } catch (NoSuchFileException e) {
      return null;
    }
    int version = Math.max(Cursor.version(first), Cursor.version(second));
    if (version > Cursor.VERSION) {
      putAside(version);
      return null;
    }
    Cursor found = newer(Cursor.parse(first), Cursor.parse(second));
    if (found == null) {
      LOG.warn("{} is damaged: what was settled and is still on disk comes again", path);
    } else {
      generation = found.generation();
    }
    return found;
  }

  private static void readSlot(DiskFile in, byte[] slot, long at) {
    try {
      in.read(slot, 0, slot.length, at);
    } catch (IOException e) {
      LOG.warn("a slot of the cursor cannot be read: {}", e.toString());
    }
  }

  private static @Nullable Cursor newer(@Nullable Cursor one, @Nullable Cursor other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.generation() > other.generation() ? one : other;
  }

  private void putAside(int version) throws IOException {
    Path aside = path.resolveSibling(path.getFileName() + ".version-" + version);
    LOG.error(
        "{} is of version {}, which this program does not know; it is kept as {}, and what is on"
            + " disk comes again",
        path,
        version,
        aside);
    disk.rename(path, aside);
  }

  /** Writes what the book says, where that has changed. False where the disk refuses. */
  synchronized boolean write(Book book) {
    if (book.version() == written) {
      return true;
    }
    try {
      put(book);
      return true;
    } catch (IOException e) {
      LOG.warn("{} cannot be written; settled entries may come again: {}", path, e.toString());
      return false;
    }
  }

  private void put(Book book) throws IOException {
    long version = book.version();
    Cursor cursor = book.cursor(generation + 1);
    byte[] slot = cursor.toBytes();
    DiskFile out = file;
    if (out == null) {
      out = open();
      file = out;
    }
    out.write(slot, 0, cursor.length(), (cursor.generation() & 1) * Cursor.SLOT_BYTES);
    generation = cursor.generation();
    written = version;
  }

  private DiskFile open() throws IOException {
    try {
      return disk.open(path, Disk.Mode.WRITE);
    } catch (NoSuchFileException e) {
      DiskFile made = disk.open(path, Disk.Mode.CREATE);
      // Its place is taken now, so that a full disk does not keep the cursor from being written.
      made.write(new byte[2 * Cursor.SLOT_BYTES], 0, 2 * Cursor.SLOT_BYTES, 0);
      return made;
    }
  }

  /** Flushes what was written, but at most once a second. */
  synchronized void forceNowAndThen(long nowMillis) {
    if (Math.abs(nowMillis - forcedMillis) >= FORCE_INTERVAL_MILLIS) {
      forcedMillis = nowMillis;
      force();
    }
  }

  /** Returns when what was written is on the disk. False where the disk refuses. */
  synchronized boolean force() {
    DiskFile out = file;
    if (out == null || forced == written) {
      return out != null;
    }
    try {
      out.force();
      forced = written;
      return true;
    } catch (IOException e) {
      // Not flushed again on the same bytes, which the kernel may have dropped: written anew.
      written = -1;
      LOG.warn("{} cannot be flushed; settled entries may come again: {}", path, e.toString());
      return false;
    }
  }

  /** Writes both slots, so that either may be lost. */
  synchronized void writeBoth(Book book) {
    written = -1;
    if (write(book)) {
      written = -1;
      write(book);
    }
  }

  @Override
  public synchronized void close() {
    DiskFile out = file;
    if (out != null) {
      file = null;
      try {
        out.close();
      } catch (IOException e) {
        LOG.warn("{} did not close cleanly: {}", path, e.toString());
      }
    }
  }
}
