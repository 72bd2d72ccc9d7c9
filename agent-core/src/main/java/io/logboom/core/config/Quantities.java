package io.logboom.core.config;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option.Unit;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads numbers with units. Strict: what Fluent Bit would read as something else than it says, or
 * as nothing at all, is refused.
 */
final class Quantities {
  private static final Pattern QUANTITY =
      Pattern.compile("([0-9]{1,18})(\\.[0-9]{1,18})?([ \t]*)([A-Za-z\u00b5]*)");
  private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(100L * 365 * 86_400);
  private static final BigDecimal MOST_BYTES = BigDecimal.valueOf(Long.MAX_VALUE);

  private Quantities() {}

  static Duration duration(String text, Unit unit) {
    Matcher m = QUANTITY.matcher(text);
    if (!m.matches()) {
      throw new BadValueException(
          text.startsWith("-") ? "a duration is not negative" : "not a duration",
          unit == Unit.MILLISECONDS
              ? "a number of milliseconds, such as 500"
              : "a number with s, m, h or d, such as 30s or 5m");
    }
    BigDecimal number = new BigDecimal(m.group(1) + (m.group(2) == null ? "" : m.group(2)));
    String word = m.group(4).toLowerCase(Locale.ROOT);
    noBlank(m, word);
    BigDecimal seconds =
        unit == Unit.MILLISECONDS ? fromMillis(number, word) : fromSeconds(number, word, m);
    if (seconds.compareTo(MOST_SECONDS) > 0) {
      throw new BadValueException("longer than 100 years", "");
    }
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  private static BigDecimal fromMillis(BigDecimal number, String word) {
    if (word.isEmpty() || word.equals("ms")) {
      return number.movePointLeft(3);
    }
    String hint = "a number of milliseconds without a unit";
    BigDecimal factor = secondsPer(word);
    throw new BadValueException(
        "this option is in milliseconds; Fluent Bit would read this as "
            + plain(number)
            + " milliseconds",
        factor == null ? hint : plain(number.multiply(factor).movePointRight(3)));
  }

  private static BigDecimal fromSeconds(BigDecimal number, String word, Matcher m) {
    if (word.equals("ms")) {
      throw new BadValueException(
          "milliseconds are not a unit here; Fluent Bit would read this as "
              + m.group(1)
              + " seconds",
          plain(number.movePointLeft(3)) + "s");
    }
    BigDecimal factor = secondsPer(word);
    if (factor == null || word.length() > 1) {
      throw new BadValueException(
          "unknown unit '" + m.group(4) + "' of a duration",
          factor == null
              ? "the units are s, m, h and d; without one the number is in seconds"
              : plain(number) + word.charAt(0));
    }
    BigDecimal seconds = number.multiply(factor);
    if (m.group(2) != null && !word.isEmpty() && !word.equals("s")) {
      throw new BadValueException(
          "a fraction of " + m.group(4) + "; Fluent Bit would read this as " + m.group(1) + word,
          plain(seconds) + "s");
    }
    return seconds;
  }

  private static @org.jspecify.annotations.Nullable BigDecimal secondsPer(String word) {
    return switch (word) {
      case "", "s", "sec", "secs", "second", "seconds" -> BigDecimal.ONE;
      case "m", "min", "mins", "minute", "minutes" -> BigDecimal.valueOf(60);
      case "h", "hr", "hrs", "hour", "hours" -> BigDecimal.valueOf(3600);
      case "d", "day", "days" -> BigDecimal.valueOf(86_400);
      default -> null;
    };
  }

  static ByteSize size(String text, Unit unit) {
    if (text.equalsIgnoreCase("false")) {
      return new ByteSize(0);
    }
    Matcher m = QUANTITY.matcher(text);
    if (!m.matches()) {
      throw new BadValueException(
          text.startsWith("-") ? "a size is not negative" : "not a size",
          "a number with k, m or g, such as 512k or 10M");
    }
    BigDecimal number = new BigDecimal(m.group(1) + (m.group(2) == null ? "" : m.group(2)));
    String word = m.group(4).toLowerCase(Locale.ROOT);
    noBlank(m, m.group(4));
    long k = unit == Unit.BINARY ? 1024 : 1000;
    BigDecimal bytes = number.multiply(BigDecimal.valueOf(factor(word, k, m)));
    if (bytes.compareTo(MOST_BYTES) > 0) {
      throw new BadValueException("too large", "");
    }
    if (word.isEmpty() && m.group(2) != null) {
      throw new BadValueException("a fraction of a byte", m.group(1));
    }
    return new ByteSize(bytes.longValue());
  }

  private static long factor(String word, long k, Matcher m) {
    return switch (word) {
      case "" -> 1;
      case "k", "kb" -> k;
      case "m", "mb" -> k * k;
      case "g", "gb" -> k * k * k;
      case "kib" -> 1L << 10;
      case "mib" -> 1L << 20;
      case "gib" -> 1L << 30;
      default ->
          throw new BadValueException(
              "unknown unit '" + m.group(4) + "' of a size",
              word.equals("b") || word.startsWith("byte")
                  ? m.group(1)
                  : "the units are k, m and g (decimal) and KiB, MiB and GiB (binary)");
    };
  }

  private static void noBlank(Matcher m, String word) {
    if (!m.group(3).isEmpty()) {
      throw new BadValueException(
          "a blank between the number and its unit",
          m.group(1) + (m.group(2) == null ? "" : m.group(2)) + word);
    }
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
