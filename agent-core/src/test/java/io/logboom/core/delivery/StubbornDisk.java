package io.logboom.core.delivery;

import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.disk.DiskFullException;
import io.logboom.api.disk.LocalDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The machine's file system, which makes no new file while it is full. */
final class StubbornDisk implements Disk {
  private final LocalDisk disk = new LocalDisk();

  /** Whether it has no room now. */
  volatile boolean full;

  /** How many of the next new files end in a defect of the program. */
  final AtomicInteger defects = new AtomicInteger();

  /** What such a defect is. */
  volatile Throwable defect = new IllegalStateException("planted");

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public DiskFile open(Path file, Mode mode) throws IOException {
    if (mode == Mode.CREATE && file.toString().endsWith(".segment")) {
      if (full) {
        throw new DiskFullException("no space left on device", new IOException("planted"));
      }
      if (defects.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw StubbornDisk.<RuntimeException>sneaky(defect);
      }
    }
    return disk.open(file, mode);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T sneaky(Throwable any) throws T {
    throw (T) any;
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
}
