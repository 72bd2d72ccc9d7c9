package io.logboom.api.time;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * Writes times in UTC after a format in C's {@code strftime} syntax, in the C locale. Made for
 * names that change by the day: who formats often keeps the text for as long as {@link #validUntil}
 * says. Immutable.
 */
public final class Strftime {
  private static final String KNOWN = "YyCmdejHIklMSsaAbBhpPzZuwGgVUWFTDRrcxXnt%";

  private final String format;
  private final int step;

  private Strftime(String format, int step) {
    this.format = format;
    this.step = step;
  }

  /**
   * Reads a format.
   *
   * @throws IllegalArgumentException where it has a conversion that is not known; the message names
   *     it
   */
  public static Strftime parse(String format) {
    int step = 0;
    for (int i = format.indexOf('%'); i >= 0; i = format.indexOf('%', i + 2)) {
      if (i + 1 == format.length() || KNOWN.indexOf(format.charAt(i + 1)) < 0) {
        throw new IllegalArgumentException(
            "'" + format.substring(i, Math.min(format.length(), i + 2)) + "' is no time format");
      }
      int own = seconds(format.charAt(i + 1));
      step = own == 0 ? step : step == 0 ? own : Math.min(step, own);
    }
    return new Strftime(format, step);
  }

  /** For how many seconds the conversion's text stays the same at most; 0 for ever. */
  private static int seconds(char conversion) {
    return switch (conversion) {
      case 'S', 's', 'T', 'r', 'c', 'X' -> 1;
      case 'M', 'R' -> 60;
      case 'H', 'I', 'k', 'l', 'p', 'P' -> 3600;
      case 'z', 'Z', 'n', 't', '%' -> 0;
      default -> 86_400;
    };
  }

  /** Whether the text is the same at all times. */
  public boolean isConstant() {
    return step == 0;
  }

  /** The first second from which on the text is that of {@code epochSecond}. */
  public long validFrom(long epochSecond) {
    return step == 0 ? Long.MIN_VALUE : Math.floorDiv(epochSecond, step) * step;
  }

  /** The second from which on the text may differ from that of {@code epochSecond}. */
  public long validUntil(long epochSecond) {
    return step == 0 ? Long.MAX_VALUE : validFrom(epochSecond) + step;
  }

  /** The text for a time. */
  public String format(long epochSecond) {
    LocalDateTime t = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
    StringBuilder out = new StringBuilder(format.length() + 16);
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c == '%') {
        convert(format.charAt(++i), epochSecond, t, out);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static void convert(char conversion, long second, LocalDateTime t, StringBuilder out) {
    switch (conversion) {
      case 'Y' -> out.append(t.getYear());
      case 'y' -> digits(t.getYear() % 100, 2, '0', out);
      case 'C' -> digits(t.getYear() / 100, 2, '0', out);
      case 'm' -> digits(t.getMonthValue(), 2, '0', out);
      case 'd' -> digits(t.getDayOfMonth(), 2, '0', out);
      case 'e' -> digits(t.getDayOfMonth(), 2, ' ', out);
      case 'j' -> digits(t.getDayOfYear(), 3, '0', out);
      case 'H' -> digits(t.getHour(), 2, '0', out);
      case 'k' -> digits(t.getHour(), 2, ' ', out);
      case 'I' -> digits(t.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, '0', out);
      case 'l' -> digits(t.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, ' ', out);
      case 'M' -> digits(t.getMinute(), 2, '0', out);
      case 'S' -> digits(t.getSecond(), 2, '0', out);
      case 's' -> out.append(second);
      case 'a' -> out.append(t.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.US));
      case 'A' -> out.append(t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US));
      case 'b', 'h' -> out.append(t.getMonth().getDisplayName(TextStyle.SHORT, Locale.US));
      case 'B' -> out.append(t.getMonth().getDisplayName(TextStyle.FULL, Locale.US));
      case 'p' -> out.append(t.getHour() < 12 ? "AM" : "PM");
      case 'P' -> out.append(t.getHour() < 12 ? "am" : "pm");
      case 'z' -> out.append("+0000");
      case 'Z' -> out.append("UTC");
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case '%' -> out.append('%');
      case 'u', 'w', 'G', 'g', 'V', 'U', 'W' -> week(conversion, t, out);
      default -> several(conversion, second, out);
    }
  }

  private static void week(char conversion, LocalDateTime t, StringBuilder out) {
    int weekDay = t.getDayOfWeek().getValue();
    switch (conversion) {
      case 'u' -> out.append(weekDay);
      case 'w' -> out.append(weekDay % 7);
      case 'G' -> out.append(t.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> digits(t.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', out);
      case 'V' -> digits(t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', out);
      // Weeks of the year from its first Sunday or Monday.
      case 'U' -> digits((t.getDayOfYear() + 6 - weekDay % 7) / 7, 2, '0', out);
      default ->
          digits((t.getDayOfYear() + 6 - (weekDay - DayOfWeek.MONDAY.getValue())) / 7, 2, '0', out);
    }
  }

  private static void several(char conversion, long second, StringBuilder out) {
    String all =
        switch (conversion) {
          case 'F' -> "%Y-%m-%d";
          case 'T', 'X' -> "%H:%M:%S";
          case 'D', 'x' -> "%m/%d/%y";
          case 'R' -> "%H:%M";
          case 'r' -> "%I:%M:%S %p";
          default -> "%a %b %e %H:%M:%S %Y";
        };
    out.append(new Strftime(all, 1).format(second));
  }

  private static void digits(int value, int width, char pad, StringBuilder out) {
    String text = Integer.toString(value);
    for (int i = text.length(); i < width; i++) {
      out.append(pad);
    }
    out.append(text);
  }

  /** The format as it was written. */
  @Override
  public String toString() {
    return format;
  }
}
