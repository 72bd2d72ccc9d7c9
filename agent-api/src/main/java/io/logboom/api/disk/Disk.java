package io.logboom.api.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system as those see it who promise that records are kept. Everything that they do to a
 * disk goes through here, so that a test can fail, delay or lose any of it, or end it at any byte.
 *
 * <p>A call that fails for want of space throws {@link DiskFullException}. An interrupt of the
 * calling thread does not disturb a call.
 */
public interface Disk {
  /** How a file is opened. */
  enum Mode {
    /** To read and write a file that this call makes; there must be none yet. */
    CREATE,
    /** To read and write a file that there is. */
    WRITE,
    /** To read and write a file, which this call makes where there is none. */
    ENSURE,
    /** To read a file that there is. */
    READ
  }

  /** Makes the directory and those above it, where they are missing. */
  void createDirectories(Path directory) throws IOException;

  /** The names of the files in the directory; none where there is no directory. */
  List<String> list(Path directory) throws IOException;

  DiskFile open(Path file, Mode mode) throws IOException;

  /** Renames within one file system; a file that has the new name is replaced. */
  void rename(Path from, Path to) throws IOException;

  /** Deletes the file, if there is one. */
  void delete(Path file) throws IOException;

  /** Returns when files made, renamed and deleted in the directory so far are so after a crash. */
  void forceDirectory(Path directory) throws IOException;

  /**
   * Locks the file against other processes and all others in this one, until it is closed or the
   * process ends. It is made where there is none.
   *
   * @throws DiskLockedException where someone else has the lock
   */
  Closeable lock(Path file) throws IOException;

  /** How many bytes can be written to the directory's file system before it is full. */
  long usableBytes(Path directory);
}
