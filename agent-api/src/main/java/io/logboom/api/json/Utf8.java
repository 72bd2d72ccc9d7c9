package io.logboom.api.json;

/** UTF-8 (RFC 3629) on bytes. */
public final class Utf8 {
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  private Utf8() {}

  /** Where the first invalid part is; {@code to} where there is none. */
  public static int invalid(byte[] bytes, int from, int to) {
    int i = from;
    while (true) {
      while (i + 8 <= to && (Swar.load(bytes, i) & HIGH_BITS) == 0) {
        i += 8;
      }
      while (i < to && bytes[i] >= 0) {
        i++;
      }
      if (i == to) {
        return to;
      }
      int width = width(bytes, i, to);
      if (width < 0) {
        return i;
      }
      i += width;
    }
  }

  /** Copies text; each part of it that is not UTF-8 becomes U+FFFD. */
  public static void copy(byte[] bytes, int from, int to, ByteSink out) {
    int copied = from;
    for (int i = invalid(bytes, from, to); i < to; i = invalid(bytes, copied, to)) {
      out.put(bytes, copied, i - copied);
      out.put(REPLACEMENT, 0, REPLACEMENT.length);
      copied = i - width(bytes, i, to);
    }
    out.put(bytes, copied, to - copied);
  }

  /**
   * The length of the character that starts at {@code i}, a byte above 0x7F: 2 to 4; where it is
   * not a valid one, minus the length of the invalid part (1 to 3), as Unicode's "maximal subpart"
   * practice has it.
   */
  public static int width(byte[] bytes, int i, int end) {
    int b = bytes[i] & 0xFF;
    if (!canLead(b)) {
      return -1;
    }
    if (b < 0xE0) {
      return i + 1 < end && continues(bytes[i + 1]) ? 2 : -1;
    }
    if (i + 1 >= end) {
      return -1;
    }
    int second = bytes[i + 1] & 0xFF;
    int least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    int most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return -1;
    }
    if (i + 2 >= end || !continues(bytes[i + 2])) {
      return -2;
    }
    if (b < 0xF0) {
      return 3;
    }
    return i + 3 < end && continues(bytes[i + 3]) ? 4 : -3;
  }

  /**
   * The greatest cut of {@code bytes[from, to)} that is not in the middle of a character: {@code
   * to} or up to 3 less. Bytes that are no part of a character in any case do not move it.
   */
  public static int cut(byte[] bytes, int from, int to) {
    int at = to;
    while (at > from && to - at < 4 && continues(bytes[at - 1])) {
      at--;
    }
    if (at == from || (bytes[at - 1] & 0xC0) != 0xC0) {
      return to;
    }
    int lead = at - 1;
    int width = width(bytes, lead, to);
    // Cut only what further bytes could still make a character of; what never was one may stay.
    boolean begun = width < 0 && lead - width == to && canLead(bytes[lead] & 0xFF);
    return begun ? lead : to;
  }

  private static boolean canLead(int b) {
    return b >= 0xC2 && b <= 0xF4;
  }

  private static boolean continues(byte b) {
    return (b & 0xC0) == 0x80;
  }
}
