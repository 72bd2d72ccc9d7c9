package io.logboom.core.delivery;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.disk.LocalDisk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A disk on which flushes of segments, or reads of payloads, take as long as a test wants. */
final class SlowDisk implements Disk {
  /** What does not come to an end. */
  enum Stuck {
    NOTHING,
    FLUSH,
    READ
  }

  /** Headers are shorter, and the tests' payloads are not. */
  private static final int PAYLOAD = 512;

  private final Disk disk = new LocalDisk();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Stuck stuck = Stuck.NOTHING;
  private int waiting;

  void become(Stuck next) {
    lock.lock();
    try {
      stuck = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody waits for it. */
  boolean isWaitedFor() {
    lock.lock();
    try {
      return waiting > 0;
    } finally {
      lock.unlock();
    }
  }

  private void pass(Stuck gate) throws IOException {
    lock.lock();
    try {
      waiting++;
      while (stuck == gate) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  @Override
  public DiskFile open(Path file, Mode mode) throws IOException {
    DiskFile opened = disk.open(file, mode);
    return file.toString().endsWith(".segment") ? new Gated(opened) : opened;
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    disk.delete(file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    disk.forceDirectory(directory);
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    return disk.lock(file);
  }

  @Override
  public long usableBytes(Path directory) {
    return disk.usableBytes(directory);
  }

  private final class Gated implements DiskFile {
    private final DiskFile file;

    Gated(DiskFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(byte[] into, int from, int count, long at) throws IOException {
      if (count >= PAYLOAD) {
        pass(Stuck.READ);
      }
      return file.read(into, from, count, at);
    }

    @Override
    public void write(byte[] bytes, int from, int count, long at) throws IOException {
      file.write(bytes, from, count, at);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void force() throws IOException {
      pass(Stuck.FLUSH);
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
