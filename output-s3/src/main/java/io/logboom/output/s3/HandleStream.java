package io.logboom.output.s3;

import java.io.IOException;
import java.io.OutputStream;

/** Writes to a file from a place on, in large pieces. Closing writes what is left, no more. */
final class HandleStream extends OutputStream {
  private final Disk.Handle file;
  private final byte[] piece = new byte[64 * 1024];
  private int used;
  private long at;

  HandleStream(Disk.Handle file, long at) {
    this.file = file;
    this.at = at;
  }

  /** Where the next byte goes. */
  long position() {
    return at + used;
  }

  @Override
  public void write(int b) throws IOException {
    if (used == piece.length) {
      flush();
    }
    piece[used++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (count > piece.length - used) {
      flush();
    }
    if (count > piece.length) {
      file.write(bytes, from, count, at);
      at += count;
    } else {
      System.arraycopy(bytes, from, piece, used, count);
      used += count;
    }
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
