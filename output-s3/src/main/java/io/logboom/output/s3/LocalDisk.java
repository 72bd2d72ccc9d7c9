package io.logboom.output.s3;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The machine's files. On {@link RandomAccessFile} and not on a channel, since a channel is closed
 * when a thread is interrupted that is using it.
 */
final class LocalDisk implements Disk {
  @Override
  public void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    // Logs may hold what not everybody on the machine should read.
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
  }

  @Override
  public Handle open(Path path) throws IOException {
    return new LocalHandle(new RandomAccessFile(path.toFile(), "rw"));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    // An interrupt closes the channel in the middle: once more then, and it is taken back
    // afterwards.
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public long usableBytes(Path directory) {
    return directory.toFile().getUsableSpace();
  }

  private static final class LocalHandle implements Handle {
    private final RandomAccessFile file;
    // A position and what is done there belong together.
    private final ReentrantLock lock = new ReentrantLock();

    LocalHandle(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.length();
    }

    @Override
    public int read(byte[] into, int from, int count, long at) throws IOException {
      lock.lock();
      try {
        file.seek(at);
        int done = 0;
        while (done < count) {
          int more = file.read(into, from + done, count - done);
          if (more <= 0) {
            break;
          }
          done += more;
        }
        return done;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void write(byte[] bytes, int from, int count, long at) throws IOException {
      lock.lock();
      try {
        file.seek(at);
        file.write(bytes, from, count);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      lock.lock();
      try {
        if (file.length() > size) {
          file.setLength(size);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void force() throws IOException {
      file.getFD().sync();
    }

    @Override
    public FileChannel channel() {
      return file.getChannel();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
