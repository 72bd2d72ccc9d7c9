package io.logboom.core.parser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a time is written, in the syntax of {@code strptime} with Fluent Bit's {@code %L}: a fraction
 * of a second. Compiled once; a {@link TimeReader} reads with it. Immutable.
 *
 * <p>White space in a format stands for any white space, also none. Names of days and months are
 * English, in any case, short or long. What is behind the format's end is not looked at.
 */
public final class TimeFormat {
  /** A step of reading. */
  enum Op {
    LITERAL,
    BLANKS,
    YEAR,
    CENTURY,
    YEAR_OF_CENTURY,
    MONTH,
    MONTH_NAME,
    DAY,
    DAY_OF_YEAR,
    DAY_NAME,
    HOUR,
    HOUR_OF_HALF,
    HALF,
    MINUTE,
    SECOND,
    EPOCH,
    FRACTION,
    OFFSET,
    ZONE,
    WEEK,
    WEEKDAY,
    DIGITS
  }

  private static final String KNOWN =
      "%Y %m %d %e %H %k %I %l %p %M %S %L %s %z %Z %b %B %h %a %A %y %C %j %T %D %F %R %r";

  private final String text;
  private final Op[] ops;
  private final byte[] literals;
  private final boolean hasYear;
  private final boolean hasZone;

  private TimeFormat(String text, List<Op> ops, List<Byte> literals) {
    this.text = text;
    this.ops = ops.toArray(Op[]::new);
    this.literals = new byte[literals.size()];
    for (int i = 0; i < this.literals.length; i++) {
      this.literals[i] = literals.get(i);
    }
    this.hasYear =
        ops.contains(Op.YEAR) || ops.contains(Op.YEAR_OF_CENTURY) || ops.contains(Op.EPOCH);
    // A literal Z behind the seconds says UTC.
    this.hasZone =
        ops.contains(Op.OFFSET)
            || ops.contains(Op.ZONE)
            || ops.contains(Op.EPOCH)
            || text.contains("%SZ")
            || text.contains("%LZ")
            || text.contains("%TZ");
  }

  /**
   * Reads a format.
   *
   * @throws IllegalArgumentException where it has a conversion that is not known; the message says
   *     which and where
   */
  public static TimeFormat parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("an empty time format");
    }
    Compiler compiler = new Compiler(text);
    compiler.compile(text, 0);
    return new TimeFormat(text, compiler.ops, compiler.literals);
  }

  /** The format as it was written. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TimeFormat format && format.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Whether a time of this format tells its year. */
  boolean hasYear() {
    return hasYear;
  }

  /** Whether a time of this format tells its zone. */
  boolean hasZone() {
    return hasZone;
  }

  boolean has(Op op) {
    return Arrays.asList(ops).contains(op);
  }

  int size() {
    return ops.length;
  }

  Op op(int index) {
    return ops[index];
  }

  /** The byte that stands at this step, where it is a {@link Op#LITERAL}. */
  byte literal(int index) {
    return literals[index];
  }

  private static final class Compiler {
    private final String whole;
    private final List<Op> ops = new ArrayList<>();
    private final List<Byte> literals = new ArrayList<>();

    Compiler(String whole) {
      this.whole = whole;
    }

    void compile(String format, int depth) {
      for (int i = 0; i < format.length(); i++) {
        char c = format.charAt(i);
        if (c == '%') {
          i++;
          if (i < format.length() && (format.charAt(i) == 'E' || format.charAt(i) == 'O')) {
            i++; // the locale's other digits: the C locale has none
          }
          if (i == format.length()) {
            throw new IllegalArgumentException("the time format ends with a lone '%'");
          }
          conversion(format.charAt(i), i, depth);
        } else if (Character.isWhitespace(c)) {
          add(Op.BLANKS);
        } else {
          literal(String.valueOf(c));
        }
      }
    }

    private void conversion(char c, int at, int depth) {
      switch (c) {
        case '%' -> literal("%");
        case 'n', 't' -> add(Op.BLANKS);
        case 'c' -> compile("%a %b %e %H:%M:%S %Y", depth + 1);
        case 'D', 'x' -> compile("%m/%d/%y", depth + 1);
        case 'F' -> compile("%Y-%m-%d", depth + 1);
        case 'R' -> compile("%H:%M", depth + 1);
        case 'r' -> compile("%I:%M:%S %p", depth + 1);
        case 'T', 'X' -> compile("%H:%M:%S", depth + 1);
        default -> add(op(c, at));
      }
    }

    private Op op(char c, int at) {
      return switch (c) {
        case 'Y' -> Op.YEAR;
        case 'C' -> Op.CENTURY;
        case 'y' -> Op.YEAR_OF_CENTURY;
        case 'm' -> Op.MONTH;
        case 'b', 'B', 'h' -> Op.MONTH_NAME;
        case 'd', 'e' -> Op.DAY;
        case 'j' -> Op.DAY_OF_YEAR;
        case 'a', 'A' -> Op.DAY_NAME;
        case 'H', 'k' -> Op.HOUR;
        case 'I', 'l' -> Op.HOUR_OF_HALF;
        case 'p' -> Op.HALF;
        case 'M' -> Op.MINUTE;
        case 'S' -> Op.SECOND;
        case 's' -> Op.EPOCH;
        case 'L' -> Op.FRACTION;
        case 'z' -> Op.OFFSET;
        case 'Z' -> Op.ZONE;
        case 'U', 'W', 'V', 'g' -> Op.WEEK;
        case 'u', 'w' -> Op.WEEKDAY;
        case 'G' -> Op.DIGITS;
        default ->
            throw new IllegalArgumentException(
                "'%"
                    + c
                    + "' at character "
                    + at
                    + " of '"
                    + whole
                    + "' is no conversion of a time; known are "
                    + KNOWN);
      };
    }

    private void add(Op op) {
      ops.add(op);
      literals.add((byte) 0);
    }

    private void literal(String character) {
      for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
        ops.add(Op.LITERAL);
        literals.add(b);
      }
    }
  }
}
