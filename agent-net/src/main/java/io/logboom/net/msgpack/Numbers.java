package io.logboom.net.msgpack;

import java.nio.charset.StandardCharsets;

/**
 * Numbers as JSON writes them, exact: whole numbers digit by digit, floating-point numbers in the
 * shortest form that reads back as the same number.
 *
 * <p>The caller has made sure of {@link #LONGEST} bytes.
 */
final class Numbers {
  /** No number takes more. */
  static final int LONGEST = 26;

  private static final byte[] LEAST = "-9223372036854775808".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PAIRS = pairs();
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  // All of these and their quotients with whole numbers below 2^53 (2^24) are exact or rounded
  // once.
  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };
  private static final int[] BOUNDS = {
    0, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
  };
  private static final float[] FLOAT_TENS = {1, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f};
  private static final double EXACT = 1L << 52;
  private static final float FLOAT_EXACT = 1 << 23;

  private Numbers() {}

  /** Writes a signed number; returns the index behind it, as all of these do. */
  static int decimal(long value, byte[] out, int from) {
    int at = from;
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        System.arraycopy(LEAST, 0, out, at, LEAST.length);
        return at + LEAST.length;
      }
      out[at++] = '-';
      return positive(-value, out, at);
    }
    return positive(value, out, at);
  }

  /** Writes a number whose 64 bits are all digits. */
  static int unsigned(long value, byte[] out, int from) {
    if (value >= 0) {
      return positive(value, out, from);
    }
    long tens = Long.divideUnsigned(value, 10);
    int at = positive(tens, out, from);
    out[at] = (byte) ('0' + (value - tens * 10));
    return at + 1;
  }

  private static int positive(long value, byte[] out, int from) {
    if (value <= Integer.MAX_VALUE) {
      return positive((int) value, out, from);
    }
    long high = value / 1_000_000_000;
    int at = positive(high, out, from);
    return digits((int) (value - high * 1_000_000_000), 9, out, at);
  }

  private static int positive(int value, byte[] out, int from) {
    int count = 1;
    while (count < BOUNDS.length && value >= BOUNDS[count]) {
      count++;
    }
    return digits(value, count, out, from);
  }

  /**
   * Exactly {@code count} digits, with zeros in front. Two at a time, and by a product in place of
   * each quotient: the packaged program's compiler leaves divisions as they are.
   */
  static int digits(int value, int count, byte[] out, int from) {
    int rest = value;
    int at = from + count;
    while (at - from >= 2) {
      int hundreds = (int) ((rest * 1_374_389_535L) >>> 37);
      int two = (rest - hundreds * 100) << 1;
      out[--at] = PAIRS[two + 1];
      out[--at] = PAIRS[two];
      rest = hundreds;
    }
    if (at > from) {
      out[from] = (byte) ('0' + rest);
    }
    return from + count;
  }

  private static byte[] pairs() {
    byte[] all = new byte[200];
    for (int i = 0; i < 100; i++) {
      all[2 * i] = (byte) ('0' + i / 10);
      all[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return all;
  }

  /** Writes {@code null} for what is no number in JSON: NaN and the infinities. */
  static int real(double value, byte[] out, int from) {
    if (!Double.isFinite(value)) {
      System.arraycopy(NULL, 0, out, from, NULL.length);
      return from + NULL.length;
    }
    double size = Math.abs(value);
    if (size < EXACT && (size >= 1e-3 || size == 0)) {
      // Three digits do for most, and tell at once whether fewer would.
      int thousandths = size < 2e6 ? (int) (size * 1e3 + 0.5) : -1;
      if (thousandths >= 0 && thousandths / 1e3 == size) {
        return thousandths(isNegative(value), thousandths, out, from);
      }
      for (int k = 0; k < TENS.length; k++) {
        double scaled = size * TENS[k];
        if (scaled >= EXACT) {
          break;
        }
        long whole = (long) (scaled + 0.5);
        if (whole / TENS[k] == size) {
          return fixed(isNegative(value), (long) size, whole, k, out, from);
        }
      }
    }
    return ascii(Double.toString(value), out, from);
  }

  /** Without the zeros at its end, of which at least one digit stays. */
  private static int thousandths(boolean negative, int value, byte[] out, int from) {
    int at = from;
    if (negative) {
      out[at++] = '-';
    }
    int whole = (int) ((value * 274_877_907L) >>> 38);
    at = positive(whole, out, at);
    out[at++] = '.';
    int digits = at;
    at = digits(value - whole * 1000, 3, out, at);
    while (at > digits + 1 && out[at - 1] == '0') {
      at--;
    }
    return at;
  }

  /** As {@link #real(double, byte[], int)}, the shortest form for the shorter kind. */
  static int real(float value, byte[] out, int from) {
    if (!Float.isFinite(value)) {
      return real((double) value, out, from);
    }
    float size = Math.abs(value);
    if (size < FLOAT_EXACT && (size >= 1e-3f || size == 0)) {
      for (int k = 0; k < FLOAT_TENS.length; k++) {
        float scaled = size * FLOAT_TENS[k];
        if (scaled >= FLOAT_EXACT) {
          break;
        }
        int whole = (int) (scaled + 0.5f);
        if (whole / FLOAT_TENS[k] == size) {
          return fixed(Float.floatToRawIntBits(value) < 0, (long) size, whole, k, out, from);
        }
      }
    }
    return ascii(Float.toString(value), out, from);
  }

  private static boolean isNegative(double value) {
    return Double.doubleToRawLongBits(value) < 0;
  }

  /**
   * {@code whole / 10^k} with k digits behind the point, but at least one.
   *
   * @param before what stands before the point
   */
  private static int fixed(boolean negative, long before, long whole, int k, byte[] out, int from) {
    int at = from;
    if (negative) {
      out[at++] = '-';
    }
    long behind = whole - before * (long) TENS[k];
    at = positive(before, out, at);
    out[at++] = '.';
    if (k == 0) {
      out[at++] = '0';
      return at;
    }
    if (k > 9) {
      long high = behind / 1_000_000_000;
      at = digits((int) high, k - 9, out, at);
      return digits((int) (behind - high * 1_000_000_000), 9, out, at);
    }
    return digits((int) behind, k, out, at);
  }

  private static int ascii(String text, byte[] out, int from) {
    for (int i = 0; i < text.length(); i++) {
      out[from + i] = (byte) text.charAt(i);
    }
    return from + text.length();
  }
}
