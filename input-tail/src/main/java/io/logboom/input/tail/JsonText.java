package io.logboom.input.tail;

import io.logboom.api.json.Swar;

/** The inside of a JSON string, as bytes. */
final class JsonText {
  private JsonText() {}

  /** The index of the string's closing quote, or {@code to} where there is none. */
  static int closingQuote(byte[] b, int from, int to) {
    int i = from;
    while (true) {
      i = Swar.indexOf(b, i, to, (byte) '"');
      if (i == to || !isEscaped(b, from, i)) {
        return i;
      }
      i++;
    }
  }

  /** Whether an odd number of backslashes stands before {@code at}. */
  static boolean isEscaped(byte[] b, int from, int at) {
    int i = at;
    while (i > from && b[i - 1] == '\\') {
      i--;
    }
    return ((at - i) & 1) != 0;
  }

  /**
   * Undoes escapes in place; what they stand for is never longer. A half surrogate becomes U+FFFD,
   * and a sequence that is no escape stays.
   *
   * @return the new end
   */
  static int unescape(byte[] b, int from, int to) {
    int i = Swar.indexOf(b, from, to, (byte) '\\');
    int out = i;
    while (i < to) {
      byte c = b[i];
      if (c != '\\' || i + 1 >= to) {
        b[out++] = c;
        i++;
        continue;
      }
      byte kind = b[i + 1];
      int plain = plain(kind);
      if (plain >= 0) {
        b[out++] = (byte) plain;
        i += 2;
      } else if (kind == 'u' && hex(b, i + 2, to) >= 0) {
        int unit = hex(b, i + 2, to);
        i += 6;
        if (Character.isHighSurrogate((char) unit) && startsUnit(b, i, to)) {
          int low = hex(b, i + 2, to);
          if (Character.isLowSurrogate((char) low)) {
            unit = Character.toCodePoint((char) unit, (char) low);
            i += 6;
          }
        }
        out = putUtf8(b, out, unit);
      } else {
        b[out++] = c;
        b[out++] = kind;
        i += 2;
      }
    }
    return out;
  }

  private static boolean startsUnit(byte[] b, int i, int to) {
    return i + 6 <= to && b[i] == '\\' && b[i + 1] == 'u' && hex(b, i + 2, to) >= 0;
  }

  private static int plain(byte kind) {
    return switch (kind) {
      case '"', '\\', '/' -> kind;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> -1;
    };
  }

  /** Four hexadecimal digits, or -1. */
  private static int hex(byte[] b, int from, int to) {
    if (from + 4 > to) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(b[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  private static int putUtf8(byte[] b, int at, int unit) {
    int c = unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit;
    int out = at;
    if (c < 0x80) {
      b[out++] = (byte) c;
    } else if (c < 0x800) {
      b[out++] = (byte) (0xC0 | (c >> 6));
      b[out++] = (byte) (0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      b[out++] = (byte) (0xE0 | (c >> 12));
      b[out++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      b[out++] = (byte) (0x80 | (c & 0x3F));
    } else {
      b[out++] = (byte) (0xF0 | (c >> 18));
      b[out++] = (byte) (0x80 | ((c >> 12) & 0x3F));
      b[out++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      b[out++] = (byte) (0x80 | (c & 0x3F));
    }
    return out;
  }
}
