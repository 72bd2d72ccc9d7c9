package io.logboom.api.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file of the machine. On {@link RandomAccessFile} and not on a channel, since a channel is
 * closed when a thread is interrupted that is using it.
 */
final class LocalFile implements DiskFile {
  private static final long NO_ROOM_BYTES = 64 * 1024;

  private final Path path;
  private final RandomAccessFile file;
  // A position and what is done there belong together.
  private final ReentrantLock lock = new ReentrantLock();

  LocalFile(Path path, RandomAccessFile file) {
    this.path = path;
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
    } catch (IOException e) {
      throw judged(path, e);
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
    try {
      file.getFD().sync();
    } catch (IOException e) {
      throw judged(path, e);
    }
  }

  @Override
  public FileChannel channel() {
    return file.getChannel();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The same failure, as one of its own kind where it comes from want of space. */
  static IOException judged(Path path, IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("no space left") || message.contains("quota exceeded")) {
      return new DiskFullException(path + ": " + e.getMessage(), e);
    }
    try {
      // The kernel's words may be in another language.
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null && Files.getFileStore(parent).getUsableSpace() < NO_ROOM_BYTES) {
        return new DiskFullException(path + ": " + e.getMessage(), e);
      }
    } catch (IOException probe) {
      e.addSuppressed(probe);
    }
    return e;
  }
}
