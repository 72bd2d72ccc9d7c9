package io.logboom.core.parser;

import io.logboom.api.json.ByteSink;
import io.logboom.core.config.FieldTypes.Kind;

/**
 * Writes the members of a JSON object. Types are cast as Fluent Bit does: an integer is the digits
 * that the text starts with, 0 where there are none; a boolean that is none stays text. Allocates
 * nothing per record, but for numbers with a fraction that are not written as JSON writes them. One
 * instance per thread.
 */
final class Members {
  private final ByteSink out = ByteSink.growing(1024);
  private int members;
  private long names;

  /** Begins an object. */
  void begin() {
    out.position(0);
    out.put((byte) '{');
    members = 0;
    names = 0;
  }

  /** Ends the object, which is then {@code array()[0, length())}. */
  void end() {
    out.put((byte) '}');
  }

  byte[] array() {
    return out.array();
  }

  int length() {
    return out.position();
  }

  /** How many members there are so far. */
  int count() {
    return members;
  }

  /** The registered names among those that were given with {@link #key(byte[], long)}. */
  long names() {
    return names;
  }

  /**
   * Begins a member; its value must follow.
   *
   * @param encoded {@code "name":}
   * @param registered the set of registered names that holds this one, if it is one
   */
  void key(byte[] encoded, long registered) {
    comma();
    out.put(encoded, 0, encoded.length);
    names |= registered;
  }

  /** Begins a member; its value must follow. */
  void key(byte[] b, int from, int to) {
    comma();
    out.put((byte) '"');
    out.putEscaped(b, from, to - from);
    out.put((byte) '"');
    out.put((byte) ':');
  }

  /** Begins a member whose name is {@code b[from, to)}, quotes and escapes as JSON has them. */
  void quotedKey(byte[] b, int from, int to) {
    comma();
    out.put(b, from, to - from);
    out.put((byte) ':');
  }

  /** Adds members of JSON, {@code b[from, to)}, without braces. */
  void members(byte[] b, int from, int to) {
    int i = blanks(b, from, to);
    if (i < to) {
      comma();
      out.put(b, i, to - i);
    }
  }

  /** Adds the members that another one has, which has not ended. */
  void members(Members other) {
    members(other.array(), 1, other.length());
  }

  private void comma() {
    if (members++ > 0) {
      out.put((byte) ',');
    }
  }

  /** A value of JSON, copied. */
  void json(byte[] b, int from, int to) {
    out.put(b, from, to - from);
  }

  void bool(boolean value) {
    out.putAscii(value ? "true" : "false");
  }

  /** A value that is cast to a type. */
  void value(Kind kind, byte[] b, int from, int to) {
    switch (kind) {
      case STRING -> string(b, from, to);
      case INTEGER -> integer(b, from, to);
      case HEX -> hex(b, from, to);
      case FLOAT -> decimal(b, from, to);
      case BOOL -> bool(b, from, to);
    }
  }

  void string(byte[] b, int from, int to) {
    out.put((byte) '"');
    out.putEscaped(b, from, to - from);
    out.put((byte) '"');
  }

  private void bool(byte[] b, int from, int to) {
    if (isWord("true", b, from, to)) {
      out.putAscii("true");
    } else if (isWord("false", b, from, to)) {
      out.putAscii("false");
    } else {
      string(b, from, to);
    }
  }

  private static boolean isWord(String word, byte[] b, int from, int to) {
    if (to - from != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((b[from + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void integer(byte[] b, int from, int to) {
    int i = blanks(b, from, to);
    boolean negative = i < to && b[i] == '-';
    if (negative || (i < to && b[i] == '+')) {
      i++;
    }
    long value = 0;
    for (; i < to && b[i] >= '0' && b[i] <= '9'; i++) {
      int digit = b[i] - '0';
      if (value < (Long.MIN_VALUE + digit) / 10) {
        value = Long.MIN_VALUE; // beyond 64 bits: the nearest that there is
        break;
      }
      value = value * 10 - digit; // negative, since there is one more of them
    }
    if (negative) {
      out.putDecimal(value);
    } else {
      out.putDecimal(value == Long.MIN_VALUE ? Long.MAX_VALUE : -value);
    }
  }

  private void hex(byte[] b, int from, int to) {
    int i = blanks(b, from, to);
    if (to - i > 2 && b[i] == '0' && (b[i + 1] | 0x20) == 'x') {
      i += 2;
    }
    long value = 0;
    int digits = 0;
    for (; i < to; i++) {
      int digit = Character.digit(b[i], 16);
      if (digit < 0) {
        break;
      }
      if (value != 0) {
        digits++;
      }
      value = digits > 15 ? -1L : (value << 4) | digit;
      if (digits > 15) {
        break;
      }
    }
    if (value >= 0) {
      out.putDecimal(value);
    } else {
      out.putAscii(Long.toUnsignedString(value));
    }
  }

  private void decimal(byte[] b, int from, int to) {
    int i = blanks(b, from, to);
    int end = numberEnd(b, i, to);
    if (end > i && end == to && isJsonNumber(b, i, to)) {
      out.put(b, i, to - i);
      if (!hasPoint(b, i, to)) {
        out.putAscii(".0");
      }
      return;
    }
    double value = 0;
    if (end > i) {
      try {
        value =
            Double.parseDouble(
                new String(b, i, end - i, java.nio.charset.StandardCharsets.US_ASCII));
      } catch (NumberFormatException e) {
        value = 0; // "+", "1e": no number to begin with
      }
    }
    out.putAscii(Double.toString(Double.isFinite(value) ? value : 0));
  }

  private static int numberEnd(byte[] b, int from, int to) {
    int i = from;
    while (i < to) {
      byte c = b[i];
      boolean sign = (c == '-' || c == '+') && (i == from || (b[i - 1] | 0x20) == 'e');
      if (!sign && c != '.' && (c | 0x20) != 'e' && (c < '0' || c > '9')) {
        break;
      }
      i++;
    }
    return i;
  }

  /** Whether digits, and perhaps a point with digits behind it, are all there is. */
  private static boolean isJsonNumber(byte[] b, int from, int to) {
    int i = b[from] == '-' ? from + 1 : from;
    int start = i;
    while (i < to && b[i] >= '0' && b[i] <= '9') {
      i++;
    }
    if (i == start || (b[start] == '0' && i > start + 1) || i - start > 300) {
      return false;
    }
    if (i == to) {
      return true;
    }
    int point = i++;
    while (i < to && b[i] >= '0' && b[i] <= '9') {
      i++;
    }
    return b[point] == '.' && i == to && i > point + 1;
  }

  private static boolean hasPoint(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] == '.') {
        return true;
      }
    }
    return false;
  }

  private static int blanks(byte[] b, int from, int to) {
    int i = from;
    while (i < to && (b[i] == ' ' || (b[i] >= '\t' && b[i] <= '\r'))) {
      i++;
    }
    return i;
  }
}
