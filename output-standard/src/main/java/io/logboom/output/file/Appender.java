package io.logboom.output.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one file after another: all of what belongs together, or, as far as that can be had
 * again, nothing. The file is opened each time, so that it may be moved or deleted meanwhile.
 *
 * <p>Where it ends within a line, as after a crash, a line break comes first.
 */
final class Appender implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final long start;
  private final boolean isTorn;
  private final boolean isNew;
  private long written;

  /**
   * Opens a file, and makes it where it is not there.
   *
   * @param mkdir whether its directory is made, too
   */
  Appender(Path file, boolean mkdir) throws IOException {
    this.file = file;
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      if (!mkdir) {
        throw new NoSuchFileException(
            directory.toString(), null, "no such directory; mkdir makes it");
      }
      Files.createDirectories(directory);
    }
    this.isNew = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    long size = 0;
    boolean torn = false;
    boolean opened = false;
    try {
      size = channel.size();
      torn = size > 0 && endsWithinALine(file, size);
      opened = true;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
    this.start = size;
    this.isTorn = torn;
  }

  private static boolean endsWithinALine(Path file, long size) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return in.read(last, size - 1) == 1 && last.get(0) != '\n';
    }
  }

  boolean isEmpty() {
    return start == 0;
  }

  boolean isTorn() {
    return isTorn;
  }

  void write(byte[] bytes, int count) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
    while (rest.hasRemaining()) {
      written += channel.write(rest);
    }
  }

  long written() {
    return written;
  }

  /** Waits until the disk has it. */
  void sync() throws IOException {
    channel.force(false);
    Path directory = file.toAbsolutePath().getParent();
    if (isNew && directory != null) {
      try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  /**
   * Takes back what was written, so that it does not stand there twice when it is written again.
   *
   * @return why that failed; null where it did not
   */
  @Nullable String undo() {
    // The channel is closed where the thread was interrupted.
    try (FileChannel again = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (again.size() == start + written) {
        again.truncate(start);
      }
      return null;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
