package io.logboom.output.s3;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file system as staging sees it. Everything that changes a file goes through here, so that a
 * test can end it at any byte. An interrupt of the calling thread does not disturb a call.
 */
interface Disk {
  /** An open file. Safe for all threads. */
  interface Handle extends Closeable {
    long size() throws IOException;

    /** Reads up to {@code count} bytes; less only where the file ends. */
    int read(byte[] into, int from, int count, long at) throws IOException;

    void write(byte[] bytes, int from, int count, long at) throws IOException;

    /** Cuts off what is behind {@code size}. */
    void truncate(long size) throws IOException;

    /** Returns when what was written is on the disk. */
    void force() throws IOException;

    /**
     * For the kernel to send from; null where all must be read. Not to be used by a thread that may
     * be interrupted.
     */
    @Nullable FileChannel channel();
  }

  /** Makes the directory and those above it, where they are missing. */
  void createDirectories(Path directory) throws IOException;

  /** Opens a file to read and write, and makes it where there is none. */
  Handle open(Path path) throws IOException;

  void rename(Path from, Path to) throws IOException;

  /** Deletes a file, if it is there. */
  void delete(Path path) throws IOException;

  /** Returns when the names in a directory are on the disk. */
  void forceDirectory(Path directory) throws IOException;

  /** How many bytes can be written before the disk is full. */
  long usableBytes(Path directory);
}
