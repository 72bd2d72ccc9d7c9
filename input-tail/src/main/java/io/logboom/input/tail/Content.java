package io.logboom.input.tail;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of an open file by position, whatever becomes of its name. Safe for two threads. */
interface Content extends Closeable {
  /**
   * Reads as many bytes as there are, at most {@code count}.
   *
   * @return how many; 0 at the end
   */
  int read(byte[] into, int from, int count, long position) throws IOException;

  /** Behind the last byte, as known now; {@link Long#MAX_VALUE} where that takes reading to it. */
  long end() throws IOException;

  /** How many bytes it takes on the disk. */
  long held() throws IOException;

  /** Whether the bytes can neither grow nor change. */
  boolean isFinal();
}
