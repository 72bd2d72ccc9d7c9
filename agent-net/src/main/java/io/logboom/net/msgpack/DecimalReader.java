package io.logboom.net.msgpack;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Reads numbers as JSON writes them. */
final class DecimalReader {
  /** What a number is best kept as. */
  enum Kind {
    SIGNED,
    UNSIGNED,
    REAL,
    /** No number of 64 bits has all of its digits. */
    TOO_LARGE
  }

  // A product or quotient of two numbers that are exact is rounded once.
  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long EXACT = 1L << 53;
  private static final int SAFE_DIGITS = 18;

  private Kind kind = Kind.SIGNED;
  private long bits;

  /**
   * Reads the number that starts at {@code b[from]}; valid JSON.
   *
   * @return the index behind it
   */
  int read(byte[] b, int from, int to) {
    boolean negative = b[from] == '-';
    int i = negative ? from + 1 : from;
    int first = i;
    long value = 0;
    while (i < to && isDigit(b[i])) {
      value = value * 10 + (b[i] - '0');
      i++;
    }
    if (i < to && (b[i] == '.' || b[i] == 'e' || b[i] == 'E')) {
      return real(b, from, first, i, to);
    }
    int digits = i - first;
    if (digits > SAFE_DIGITS) {
      large(text(b, from, i), negative);
    } else if (negative && value == 0) {
      real(-0.0);
    } else {
      kind = Kind.SIGNED;
      bits = negative ? -value : value;
    }
    return i;
  }

  /** The number after {@link #read}. */
  Kind kind() {
    return kind;
  }

  /** The whole number, or the bits of the float. */
  long bits() {
    return bits;
  }

  private void real(double value) {
    kind = Kind.REAL;
    bits = Double.doubleToRawLongBits(value);
  }

  /** A whole number of 19 digits or more. */
  private void large(String text, boolean negative) {
    try {
      bits = negative ? Long.parseLong(text) : Long.parseUnsignedLong(text);
      kind = negative ? Kind.SIGNED : Kind.UNSIGNED;
    } catch (NumberFormatException e) {
      double nearest = Double.parseDouble(text);
      // As digits again they are those that were read, or else some are lost.
      boolean whole =
          Double.isFinite(nearest)
              && text.length() <= 400
              && new BigDecimal(Double.toString(nearest)).compareTo(new BigDecimal(text)) == 0;
      real(nearest);
      kind = whole ? Kind.REAL : Kind.TOO_LARGE;
    }
  }

  /** Reads on at the point or the exponent. */
  private int real(byte[] b, int from, int first, int at, int to) {
    int i = at;
    int digits = i - first;
    int behindPoint = 0;
    if (b[i] == '.') {
      i++;
      while (i < to && isDigit(b[i])) {
        i++;
      }
      behindPoint = i - at - 1;
      digits += behindPoint;
    }
    boolean exponent = i < to && (b[i] == 'e' || b[i] == 'E');
    if (!exponent && digits <= SAFE_DIGITS && behindPoint < TENS.length) {
      long all = 0;
      for (int k = first; k < i; k++) {
        all = b[k] == '.' ? all : all * 10 + (b[k] - '0');
      }
      if (all <= EXACT) {
        double value = all / TENS[behindPoint];
        real(b[from] == '-' ? -value : value);
        return i;
      }
    }
    if (exponent) {
      i++;
      while (i < to && (isDigit(b[i]) || b[i] == '-' || b[i] == '+')) {
        i++;
      }
    }
    double value = Double.parseDouble(text(b, from, i));
    real(value);
    if (Double.isInfinite(value)) {
      kind = Kind.TOO_LARGE;
    }
    return i;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static String text(byte[] b, int from, int to) {
    return new String(b, from, to - from, StandardCharsets.US_ASCII);
  }
}
