package io.logboom.api.record;

/** The inside of JSON strings. */
public final class JsonStrings {
  private JsonStrings() {}

  /**
   * Writes what the valid inside of a JSON string, {@code b[from, to)}, stands for. It is never
   * longer than the inside itself.
   *
   * @return where it ends in {@code out}
   */
  public static int unescape(byte[] b, int from, int to, byte[] out, int at) {
    int o = at;
    int i = from;
    while (i < to) {
      byte c = b[i++];
      if (c != '\\' || i == to) {
        out[o++] = c;
        continue;
      }
      byte letter = b[i++];
      switch (letter) {
        case 'b' -> out[o++] = '\b';
        case 'f' -> out[o++] = '\f';
        case 'n' -> out[o++] = '\n';
        case 'r' -> out[o++] = '\r';
        case 't' -> out[o++] = '\t';
        case 'u' -> {
          int code = unit(b, i, to);
          i = Math.min(to, i + 4);
          if (code >= 0xD800 && code < 0xDC00 && i + 6 <= to && b[i] == '\\' && b[i + 1] == 'u') {
            int low = unit(b, i + 2, to);
            if (low >= 0xDC00 && low < 0xE000) {
              code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
              i += 6;
            }
          }
          o = utf8(code >= 0xD800 && code < 0xE000 ? 0xFFFD : code, out, o);
        }
        default -> out[o++] = letter;
      }
    }
    return o;
  }

  private static int unit(byte[] b, int at, int to) {
    if (at + 4 > to) {
      return 0xFFFD;
    }
    int code = 0;
    for (int k = 0; k < 4; k++) {
      code = (code << 4) | Character.digit(b[at + k], 16);
    }
    return code < 0 ? 0xFFFD : code;
  }

  /** Writes a character in UTF-8 and tells where it ends. */
  public static int utf8(int code, byte[] out, int at) {
    int o = at;
    if (code < 0x80) {
      out[o++] = (byte) code;
    } else if (code < 0x800) {
      out[o++] = (byte) (0xC0 | (code >> 6));
      out[o++] = (byte) (0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      out[o++] = (byte) (0xE0 | (code >> 12));
      out[o++] = (byte) (0x80 | ((code >> 6) & 0x3F));
      out[o++] = (byte) (0x80 | (code & 0x3F));
    } else {
      out[o++] = (byte) (0xF0 | (code >> 18));
      out[o++] = (byte) (0x80 | ((code >> 12) & 0x3F));
      out[o++] = (byte) (0x80 | ((code >> 6) & 0x3F));
      out[o++] = (byte) (0x80 | (code & 0x3F));
    }
    return o;
  }
}
