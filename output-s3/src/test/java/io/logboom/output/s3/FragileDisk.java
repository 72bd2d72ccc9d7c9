package io.logboom.output.s3;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.disk.LocalDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine's disk, until so many steps have been taken: each byte that is written is one, and
 * each other change. At the step that is too much all ends, in the middle of a write, as a process
 * ends that is killed.
 */
final class FragileDisk implements Disk {
  /** All has ended. */
  static final class CrashException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CrashException() {
      super("the process is dead");
    }
  }

  private final LocalDisk disk = new LocalDisk();
  private long left;
  private long taken;
  private long freeBytes = Long.MAX_VALUE;
  private boolean failsToFlush;

  FragileDisk(long steps) {
    this.left = steps;
  }

  /** How many steps were taken. */
  long taken() {
    return taken;
  }

  /** So many bytes can still be written; then the disk is full. */
  void freeBytes(long bytes) {
    freeBytes = bytes;
  }

  /** Whether flushes fail from here on. */
  void failsToFlush(boolean fails) {
    failsToFlush = fails;
  }

  private synchronized int step(int wanted) {
    int granted = (int) Math.min(left, wanted);
    left -= granted;
    taken += granted;
    return granted;
  }

  private void step() {
    if (step(1) == 0) {
      throw new CrashException();
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public DiskFile open(Path path, Mode mode) throws IOException {
    DiskFile file = disk.open(path, mode);
    return new DiskFile() {
      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      public int read(byte[] into, int from, int count, long at) throws IOException {
        return file.read(into, from, count, at);
      }

      @Override
      public void write(byte[] bytes, int from, int count, long at) throws IOException {
        if (path.endsWith("reserve") && freeBytes == Long.MAX_VALUE) {
          // Which bytes are in it says nothing.
          step();
          file.write(bytes, from, count, at);
          return;
        }
        int room = (int) Math.min(count, freeBytes);
        int granted = step(room);
        file.write(bytes, from, granted, at);
        if (granted < room) {
          throw new CrashException();
        }
        if (freeBytes != Long.MAX_VALUE) {
          freeBytes -= granted;
        }
        if (room < count) {
          throw new IOException("No space left on device");
        }
      }

      @Override
      public void truncate(long size) throws IOException {
        step();
        file.truncate(size);
      }

      @Override
      public void force() throws IOException {
        step();
        if (failsToFlush) {
          throw new IOException("Input/output error");
        }
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step();
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    step();
    if (freeBytes != Long.MAX_VALUE && Files.exists(path)) {
      freeBytes += Files.size(path);
    }
    disk.delete(path);
  }

  @Override
  public void forceDirectory(Path directory) {
    step();
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    return disk.lock(file);
  }

  @Override
  public long usableBytes(Path directory) {
    return freeBytes;
  }
}
