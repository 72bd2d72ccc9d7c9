package io.logboom.core.config;

import java.util.Locale;

/**
 * How often a failed delivery is tried again.
 *
 * @param retries tries after the first one; {@link #UNLIMITED} for no end
 */
public record RetryLimit(long retries) {
  /** For {@link #retries}: goes on for ever. */
  public static final long UNLIMITED = -1;

  /** Reads a count, {@code no_limits} (also {@code false}, {@code off}), or {@code no_retries}. */
  public static RetryLimit parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "no_limits", "false", "off", "no" -> new RetryLimit(UNLIMITED);
      case "no_retries" -> new RetryLimit(0);
      default -> new RetryLimit(count(text));
    };
  }

  private static long count(String text) {
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new BadValueException(
          "not a retry limit; Fluent Bit would take this as 1",
          text.equals("0") ? "no_retries" : "a count from 1, no_limits or no_retries");
    }
    return Long.parseLong(text);
  }

  @Override
  public String toString() {
    return retries == UNLIMITED ? "no_limits" : retries == 0 ? "no_retries" : "" + retries;
  }
}
