package io.logboom.api.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A file on a {@link Disk}. Safe for use by several threads, except that close comes last. */
public interface DiskFile extends Closeable {
  long size() throws IOException;

  /**
   * Reads up to {@code count} bytes that stand at {@code at} of the file; fewer only where the file
   * ends.
   *
   * @return how many were read; 0 at the end of the file and behind it
   */
  int read(byte[] into, int from, int count, long at) throws IOException;

  /** Writes all of the bytes at {@code at}. Where it throws, any part of them may be written. */
  void write(byte[] bytes, int from, int count, long at) throws IOException;

  /** Cuts the file to {@code size} bytes. */
  void truncate(long size) throws IOException;

  /** Returns when all that has been written so far is on the disk. */
  void force() throws IOException;

  /**
   * For the kernel to send from; null where all must be read. Not to be used by a thread that may
   * be interrupted.
   */
  default @Nullable FileChannel channel() {
    return null;
  }
}
