package io.logboom.core.deadletter;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a segment's files says.
 *
 * @param first the number of its first letter
 * @param mark what each of its letters begins with: random, so that no record can contain it
 */
record SegmentName(long first, long mark) implements Comparable<SegmentName> {
  private static final String LETTERS = ".letters";
  private static final String GONE = ".gone";
  private static final int DIGITS = 20;
  private static final int STEM = DIGITS + 1 + 16;

  /** The file of the letters. */
  String letters() {
    return stem() + LETTERS;
  }

  /** The file of the numbers of those that are gone. */
  String gone() {
    return stem() + GONE;
  }

  private String stem() {
    String digits = Long.toString(first);
    return "0".repeat(DIGITS - digits.length()) + digits + '-' + HexFormat.of().toHexDigits(mark);
  }

  /** The name in {@code file}; null where that is no file of letters. */
  static @Nullable SegmentName of(String file) {
    if (file.length() != STEM + LETTERS.length() || !file.endsWith(LETTERS)) {
      return null;
    }
    try {
      long first = Long.parseLong(file, 0, DIGITS, 10);
      return first < 1
          ? null
          : new SegmentName(first, HexFormat.fromHexDigitsToLong(file, DIGITS + 1, STEM));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public int compareTo(SegmentName other) {
    return Long.compare(first, other.first);
  }
}
