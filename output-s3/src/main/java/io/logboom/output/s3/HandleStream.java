package io.logboom.output.s3;

import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a file from a place on. What comes in small pieces is gathered first; what is large is
 * not copied. Closing writes what is left, no more.
 */
final class HandleStream extends OutputStream {
  private static final int LARGE = 16 * 1024;

  private final DiskFile file;
  private final @Nullable PartHashes hashes;
  private byte[] piece = new byte[0];
  private int used;
  private long at;

  /**
   * @param hashes told of all bytes; null for none
   */
  HandleStream(DiskFile file, long at, @Nullable PartHashes hashes) {
    this.file = file;
    this.at = at;
    this.hashes = hashes;
  }

  /** Where the next byte goes. */
  long position() {
    return at + used;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (hashes != null) {
      hashes.update(bytes, from, count);
    }
    if (count > LARGE - used) {
      flush();
    }
    if (count >= LARGE) {
      file.write(bytes, from, count, at);
      at += count;
      return;
    }
    if (piece.length == 0) {
      piece = new byte[LARGE];
    }
    System.arraycopy(bytes, from, piece, used, count);
    used += count;
  }

  @Override
  public void flush() throws IOException {
    if (used > 0) {
      int count = used;
      file.write(piece, 0, count, at);
      at += count;
      used = 0;
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
