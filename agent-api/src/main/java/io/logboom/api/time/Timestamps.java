package io.logboom.api.time;

/**
 * RFC 3339 timestamps on bytes, read and written with the last second remembered, since log lines
 * come in the order of time. One instance per thread.
 */
public final class Timestamps {
  /** What {@link #parse} gives for what is no timestamp. */
  public static final long NONE = Long.MIN_VALUE;

  private static final long NANOS = 1_000_000_000L;

  // The last second that was parsed: its 19 digits, and its epoch seconds without a zone.
  private final byte[] parsedText = new byte[19];
  private long parsedSecond = NONE;
  // The last second that was written.
  private final byte[] writtenText = new byte[19];
  private long writtenSecond = NONE;

  /**
   * Reads {@code 2026-11-22T06:00:00.123456789Z}: a date, {@code T} or a blank, a time, up to nine
   * digits of a fraction, and {@code Z} or an offset such as {@code +01:00} or {@code +0100};
   * nothing may follow.
   *
   * @return nanoseconds since the epoch, or {@link #NONE}
   */
  public long parse(byte[] b, int from, int to) {
    if (to - from < 20) {
      return NONE;
    }
    long second = second(b, from);
    if (second == NONE) {
      return NONE;
    }
    int i = from + 19;
    long nanos = 0;
    if (b[i] == '.' || b[i] == ',') {
      int digits = 0;
      for (i++; i < to; i++) {
        int d = b[i] - '0';
        if (d < 0 || d > 9) {
          break;
        }
        if (digits++ < 9) {
          nanos = nanos * 10 + d;
        }
      }
      if (digits == 0) {
        return NONE;
      }
      for (; digits < 9; digits++) {
        nanos *= 10;
      }
    }
    if (i == to) {
      return NONE;
    }
    byte zone = b[i++];
    if (zone == 'Z' || zone == 'z') {
      return i == to ? second * NANOS + nanos : NONE;
    }
    if ((zone != '+' && zone != '-') || to - i < 4) {
      return NONE;
    }
    int hours = two(b, i);
    i += 2;
    if (b[i] == ':') {
      i++;
    }
    if (to - i != 2) {
      return NONE;
    }
    int minutes = two(b, i);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return NONE;
    }
    int offset = (hours * 60 + minutes) * 60;
    return (zone == '+' ? second - offset : second + offset) * NANOS + nanos;
  }

  private long second(byte[] b, int from) {
    if (parsedSecond != NONE && java.util.Arrays.equals(b, from, from + 19, parsedText, 0, 19)) {
      return parsedSecond;
    }
    int century = two(b, from);
    int year = two(b, from + 2);
    int month = two(b, from + 5);
    int day = two(b, from + 8);
    int hour = two(b, from + 11);
    int minute = two(b, from + 14);
    int second = two(b, from + 17);
    byte t = b[from + 10];
    if ((century | year | month | day | hour | minute | second) < 0
        || b[from + 4] != '-'
        || b[from + 7] != '-'
        || (t != 'T' && t != ' ' && t != 't')
        || b[from + 13] != ':'
        || b[from + 16] != ':'
        || month < 1
        || month > 12
        || day < 1
        || day > 31
        || hour > 23
        || minute > 59
        || second > 60) {
      return NONE;
    }
    long result =
        epochDay(century * 100 + year, month, day) * 86_400L + hour * 3600L + minute * 60L + second;
    System.arraycopy(b, from, parsedText, 0, 19);
    parsedSecond = result;
    return result;
  }

  /**
   * Writes {@code 2026-11-22T06:00:00.} and three or nine digits of the fraction and {@code Z}, in
   * UTC.
   *
   * @return where it ends: {@code at} + 24 or 30
   */
  public int write(long epochNanos, boolean nanos, byte[] out, int at) {
    long second = Math.floorDiv(epochNanos, NANOS);
    int fraction = (int) (epochNanos - second * NANOS);
    if (second != writtenSecond) {
      render(second);
    }
    System.arraycopy(writtenText, 0, out, at, 19);
    int i = at + 19;
    out[i++] = '.';
    int digits = nanos ? 9 : 3;
    int value = nanos ? fraction : fraction / 1_000_000;
    for (int k = i + digits - 1; k >= i; k--) {
      out[k] = (byte) ('0' + value % 10);
      value /= 10;
    }
    i += digits;
    out[i++] = 'Z';
    return i;
  }

  private void render(long second) {
    long day = Math.floorDiv(second, 86_400L);
    int ofDay = (int) (second - day * 86_400L);
    // Civil from days (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    long z = day + 719_468;
    long era = Math.floorDiv(z, 146_097L);
    long doe = z - era * 146_097;
    long yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    int d = (int) (doy - (153 * mp + 2) / 5 + 1);
    int m = (int) (mp < 10 ? mp + 3 : mp - 9);
    long y = yoe + era * 400 + (m <= 2 ? 1 : 0);
    byte[] t = writtenText;
    two(t, 0, (int) (y / 100));
    two(t, 2, (int) (y % 100));
    t[4] = '-';
    two(t, 5, m);
    t[7] = '-';
    two(t, 8, d);
    t[10] = 'T';
    two(t, 11, ofDay / 3600);
    t[13] = ':';
    two(t, 14, ofDay / 60 % 60);
    t[16] = ':';
    two(t, 17, ofDay % 60);
    writtenSecond = second;
  }

  private static long epochDay(int year, int month, int day) {
    long y = month <= 2 ? year - 1L : year;
    long era = Math.floorDiv(y, 400L);
    long yoe = y - era * 400;
    long doy = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146_097 + doe - 719_468;
  }

  private static int two(byte[] b, int at) {
    int tens = b[at] - '0';
    int ones = b[at + 1] - '0';
    return (tens | ones) < 0 || tens > 9 || ones > 9 ? -1 : tens * 10 + ones;
  }

  private static void two(byte[] b, int at, int value) {
    b[at] = (byte) ('0' + value / 10);
    b[at + 1] = (byte) ('0' + value % 10);
  }
}
