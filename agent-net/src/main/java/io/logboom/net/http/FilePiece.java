package io.logboom.net.http;

import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A stretch of a file that the kernel sends. Unlike Netty's own it leaves the file open, which has
 * other pieces.
 */
final class FilePiece extends AbstractReferenceCounted implements FileRegion {
  private final FileChannel file;
  private final long from;
  private final long count;
  private long transferred;

  FilePiece(FileChannel file, long from, long count) {
    this.file = file;
    this.from = from;
    this.count = count;
  }

  /** The file ends before the piece does. */
  static final class ShortFileException extends EOFException {
    private static final long serialVersionUID = 1;

    ShortFileException() {
      super("the file is shorter than it was");
    }
  }

  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    long left = count - position;
    if (left <= 0) {
      return 0;
    }
    long done = file.transferTo(from + position, left, target);
    if (done > 0) {
      transferred += done;
    } else if (file.size() < from + count) {
      throw new ShortFileException();
    }
    return done;
  }

  @Override
  public long position() {
    return from;
  }

  @Override
  public long transferred() {
    return transferred;
  }

  @Override
  @Deprecated
  public long transfered() {
    return transferred;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  protected void deallocate() {
    // The file is who opened it's.
  }

  @Override
  public FileRegion retain() {
    super.retain();
    return this;
  }

  @Override
  public FileRegion retain(int increment) {
    super.retain(increment);
    return this;
  }

  @Override
  public FileRegion touch() {
    return this;
  }

  @Override
  public FileRegion touch(Object hint) {
    return this;
  }
}
