package io.logboom.output.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * JSON as it comes, with long strings cut: a reason may quote a value of many megabytes, and who
 * reads it wants its start. Ends with an error where there is more than {@link #MOST_BYTES} in all.
 */
final class ShortStrings extends InputStream {
  /** The most bytes of a string, cut between characters. */
  static final int MOST_STRING = 4096;

  /** The most bytes of an answer: 100,000 items with 2.6 KB each. */
  static final long MOST_BYTES = 256L << 20;

  private static final int HEAD = 160;
  private static final int BACKSLASH = -1;

  private final InputStream in;
  private final byte[] head = new byte[HEAD];
  private int headBytes;
  private long passed;
  private boolean inString;
  private int length;
  // BACKSLASH behind one, else how many digits of an escape are still to come.
  private int escape;
  private boolean cutting;

  ShortStrings(InputStream in) {
    this.in = in;
  }

  /** The answer's first bytes. */
  byte[] head() {
    return Arrays.copyOf(head, headBytes);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n = read(one, 0, 1);
    return n < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (true) {
      int n = in.read(into, from, count);
      if (n < 0) {
        return n;
      }
      passed += n;
      if (passed > MOST_BYTES) {
        throw new IOException("it has more than " + MOST_BYTES + " bytes");
      }
      if (headBytes < HEAD) {
        int more = Math.min(n, HEAD - headBytes);
        System.arraycopy(into, from, head, headBytes, more);
        headBytes += more;
      }
      int kept = keep(into, from, from + n);
      if (kept > 0) {
        return kept;
      }
    }
  }

  /** Moves what is kept to the front and tells how much it is. */
  private int keep(byte[] bytes, int from, int to) {
    int end = from;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (!inString) {
        inString = b == '"';
        length = 0;
        cutting = false;
      } else {
        within(b);
      }
      if (!cutting) {
        bytes[end++] = b;
      }
    }
    return end - from;
  }

  private void within(byte b) {
    if (escape != 0) {
      escape = escape == BACKSLASH ? (b == 'u' ? 4 : 0) : escape - 1;
      length++;
      return;
    }
    if (b == '"') {
      inString = false;
      cutting = false;
      return;
    }
    // A byte of the form 10xxxxxx goes on with a character.
    cutting |= length >= MOST_STRING && (b & 0xC0) != 0x80;
    escape = b == '\\' ? BACKSLASH : 0;
    length++;
  }
}
