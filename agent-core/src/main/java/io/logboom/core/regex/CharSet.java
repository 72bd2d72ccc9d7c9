package io.logboom.core.regex;

/**
 * A set of ASCII characters, and perhaps the end of the text.
 *
 * @param low bit i stands for the character i
 * @param high bit i stands for the character 64 + i
 * @param end whether the end of the text is in it
 */
record CharSet(long low, long high, boolean end) {
  static final CharSet NONE = new CharSet(0, 0, false);
  static final CharSet ANY = new CharSet(-1L, -1L, false);
  static final CharSet ANY_OR_END = new CharSet(-1L, -1L, true);
  static final CharSet END = new CharSet(0, 0, true);
  static final CharSet DIGIT = range('0', '9');
  static final CharSet SPACE = range('\t', '\r').or(of(' '));
  static final CharSet UPPER = range('A', 'Z');
  static final CharSet LOWER = range('a', 'z');
  static final CharSet ALPHA = UPPER.or(LOWER);
  static final CharSet ALNUM = ALPHA.or(DIGIT);
  static final CharSet WORD = ALNUM.or(of('_'));
  static final CharSet HEX = DIGIT.or(range('a', 'f')).or(range('A', 'F'));
  static final CharSet NEWLINE = of('\n');

  static CharSet of(int c) {
    return c < 64 ? new CharSet(1L << c, 0, false) : new CharSet(0, 1L << (c - 64), false);
  }

  static CharSet range(int from, int to) {
    CharSet set = NONE;
    for (int c = from; c <= to; c++) {
      set = set.or(of(c));
    }
    return set;
  }

  CharSet or(CharSet other) {
    return new CharSet(low | other.low, high | other.high, end || other.end);
  }

  /** All other characters; the end of the text is not among them. */
  CharSet not() {
    return new CharSet(~low, ~high, false);
  }

  /** With each letter also in its other case. */
  CharSet anyCase() {
    long letters = ALPHA.high;
    long upper = high & UPPER.high;
    long lower = high & LOWER.high;
    return new CharSet(
        low, (high & ~letters) | upper | lower | (upper << 32) | (lower >>> 32), end);
  }

  boolean has(int c) {
    return ((c < 64 ? low >>> c : high >>> (c - 64)) & 1) != 0;
  }

  boolean meets(CharSet other) {
    return (low & other.low) != 0 || (high & other.high) != 0 || (end && other.end);
  }

  boolean isOne() {
    return Long.bitCount(low) + Long.bitCount(high) == 1;
  }

  /** A table by character. */
  boolean[] table() {
    boolean[] table = new boolean[128];
    for (int c = 0; c < 128; c++) {
      table[c] = has(c);
    }
    return table;
  }
}
