package io.logboom.core.spool;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that says what is settled. Safe for use by several threads.
 *
 * <p>The slot that was flushed last is not written before another one has been flushed, and of the
 * others not the one that was written last.
 */
final class CursorFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CursorFile.class);
  private static final long FORCE_INTERVAL_MILLIS = 1000;

  private final Path directory;
  private final Path path;
  private final Disk disk;
  private @Nullable DiskFile file;
  private long generation;
  private boolean named;
  private int writtenSlot;
  private int forcedSlot;
  private long written = -1;
  private long forced = -1;
  private long forcedMillis;

  CursorFile(Path directory, Disk disk) {
    this.directory = directory;
    this.path = directory.resolve("cursor");
    this.disk = disk;
  }

  /** What the file says; null where there is none that is valid. */
  synchronized @Nullable Cursor load() throws IOException {
    int version = 0;
    Cursor found = null;
    try (DiskFile in = disk.open(path, Disk.Mode.READ)) {
      for (int slot = 0; slot < Cursor.SLOTS; slot++) {
        byte[] bytes = readSlot(in, slot);
        version = Math.max(version, Cursor.version(bytes));
        Cursor parsed = Cursor.parse(bytes);
        if (parsed != null && (found == null || parsed.generation() > found.generation())) {
          found = parsed;
          writtenSlot = slot;
          forcedSlot = slot;
        }
      }
    } catch (NoSuchFileException e) {
      return null;
    }
    if (version > Cursor.VERSION) {
      putAside(version);
      return null;
    }
    if (found == null) {
      LOG.warn("{} is damaged: what was settled and is still on disk comes again", path);
    } else {
      generation = found.generation();
    }
    return found;
  }

  private static byte[] readSlot(DiskFile in, int slot) {
    byte[] bytes = new byte[Cursor.SLOT_BYTES];
    try {
      in.read(bytes, 0, bytes.length, (long) slot * Cursor.SLOT_BYTES);
    } catch (IOException e) {
      LOG.warn("a slot of the cursor cannot be read: {}", e.toString());
    }
    return bytes;
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
    int slot = freeSlot();
    DiskFile out = file;
    if (out == null) {
      out = open();
      file = out;
    }
    out.write(cursor.toBytes(), 0, cursor.length(), (long) slot * Cursor.SLOT_BYTES);
    if (!named) {
      // A crash must not take away the file once there are entries.
      out.force();
      disk.forceDirectory(directory);
      named = true;
      forcedSlot = slot;
    }
    generation = cursor.generation();
    writtenSlot = slot;
    written = version;
  }

  private int freeSlot() {
    int slot = 0;
    while (slot == writtenSlot || slot == forcedSlot) {
      slot++;
    }
    return slot;
  }

  private DiskFile open() throws IOException {
    try {
      return disk.open(path, Disk.Mode.WRITE);
    } catch (NoSuchFileException e) {
      DiskFile made = disk.open(path, Disk.Mode.CREATE);
      // Its place is taken now, so that a full disk does not keep the cursor from being written.
      made.write(new byte[Cursor.FILE_BYTES], 0, Cursor.FILE_BYTES, 0);
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
      forcedSlot = writtenSlot;
      return true;
    } catch (IOException e) {
      // Not flushed again on the same bytes, which the kernel may have dropped: written anew.
      written = -1;
      LOG.warn("{} cannot be flushed; settled entries may come again: {}", path, e.toString());
      return false;
    }
  }

  /** Writes two slots with the same, so that either may be lost. */
  synchronized void writeTwice(Book book) {
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
