package io.logboom.net.msgpack;

import io.logboom.api.json.ByteSink;
import io.logboom.api.json.Swar;
import io.logboom.api.json.Utf8;

/** The insides of JSON strings that cannot be copied as they are. */
final class StringWriter {
  // A character becomes six bytes at most, and the sink wants a little more.
  private static final int WORST = 6;
  private static final int MORE = 24;
  // Fewer bytes need not have an end of a character among them.
  private static final int LONGEST = 4;
  private static final byte[] DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final ByteSink sink = ByteSink.growing(16);
  private boolean repaired;

  /** Begins the next record. */
  void begin() {
    repaired = false;
  }

  boolean hasRepaired() {
    return repaired;
  }

  /**
   * Writes {@code b[from, end)} escaped, quotes and breaks by themselves; else as {@link #write}.
   *
   * @param room how far {@code out} may be written to, and some bytes more
   * @return the index behind it, or -1 where there is no room
   */
  int escaped(byte[] b, int from, int end, byte[] out, int at, int room) {
    int p = from;
    int q = at;
    while (p < end) {
      byte letter = letter(b[p]);
      if (letter == 0 || b.length - p < 9) {
        return write(b, p, end, out, q, room);
      }
      if (room - q <= end - p) {
        return -1;
      }
      out[q++] = '\\';
      out[q++] = letter;
      p++;
      long special = 0;
      while (p < end) {
        long eight = Swar.load(b, p);
        Swar.store(out, q, eight);
        special = Swar.special(eight);
        int plain = special != 0 ? Swar.first(special) : 8;
        int step = Math.min(plain, end - p);
        p += step;
        q += step;
        if (special != 0 || b.length - p < 8) {
          break;
        }
      }
      if (p < end && special == 0) {
        return write(b, p, end, out, q, room);
      }
    }
    return q;
  }

  /** The letter behind the backslash; 0 where it takes more than one, or none. */
  private static byte letter(byte c) {
    return switch (c) {
      case '"', '\\' -> c;
      case '\n' -> 'n';
      case '\t' -> 't';
      case '\r' -> 'r';
      default -> 0;
    };
  }

  /**
   * Writes {@code in[from, end)} escaped, with U+FFFD for what is not UTF-8.
   *
   * @param room how far {@code out} may be written to, and some bytes more
   * @return the index behind it, or -1 where there is no room
   */
  int write(byte[] in, int from, int end, byte[] out, int at, int room) {
    sink.reset(out);
    sink.position(at);
    int i = from;
    while (i < end) {
      int fit = (room - sink.position() - MORE) / WORST;
      if (fit < LONGEST) {
        return -1;
      }
      int stop = end;
      if (fit < end - i) {
        stop = Utf8.cut(in, i, i + fit);
      }
      if (!sink.putEscaped(in, i, stop - i)) {
        repaired = true;
      }
      i = stop;
    }
    return sink.position() <= room ? sink.position() : -1;
  }

  static boolean isUtf8(byte[] b, int from, int to) {
    int i = from;
    while (true) {
      i = Swar.plainEnd(b, i, to);
      if (i == to) {
        return true;
      }
      if (b[i] >= 0) {
        i++;
        continue;
      }
      int width = Utf8.width(b, i, to);
      if (width < 0) {
        return false;
      }
      i += width;
    }
  }

  /** Writes a string in Base64 with its quotes; -1 where there is no room. */
  static int base64(byte[] in, int from, int count, byte[] out, int start, int room) {
    if ((room - start) / 4L * 3 < count + 3L) {
      return -1;
    }
    int at = start;
    out[at++] = '"';
    int i = from;
    int end = from + count;
    for (; end - i >= 3; i += 3) {
      int three = ((in[i] & 0xFF) << 16) | ((in[i + 1] & 0xFF) << 8) | (in[i + 2] & 0xFF);
      out[at++] = DIGITS[three >> 18];
      out[at++] = DIGITS[(three >> 12) & 63];
      out[at++] = DIGITS[(three >> 6) & 63];
      out[at++] = DIGITS[three & 63];
    }
    if (i < end) {
      boolean two = end - i == 2;
      int last = ((in[i] & 0xFF) << 16) | (two ? (in[i + 1] & 0xFF) << 8 : 0);
      out[at++] = DIGITS[last >> 18];
      out[at++] = DIGITS[(last >> 12) & 63];
      out[at++] = two ? DIGITS[(last >> 6) & 63] : (byte) '=';
      out[at++] = '=';
    }
    out[at++] = '"';
    return at;
  }
}
