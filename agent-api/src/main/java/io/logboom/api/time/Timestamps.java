package io.logboom.api.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * RFC 3339 timestamps on bytes, read and written, and Unix times, written; with the last second
 * remembered, since log lines come in the order of time. One instance per thread.
 */
public final class Timestamps {
  /** What {@link #parse} gives for what is no timestamp. */
  public static final long NONE = Long.MIN_VALUE;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NANOS = 1_000_000_000L;
  private static final long DAY = 86_400 * NANOS;
  private static final int[] THREE_DIGITS = threeDigits();
  // Quotients as products, exact for what they are taken of: nanoseconds of a second, and of a
  // millisecond, seconds of a day and of an hour. The packaged program's compiler leaves divisions
  // as they are.
  private static final long MILLIONTH = 1_125_899_907L;
  private static final int MILLIONTH_BITS = 50;
  private static final long THOUSANDTH = 4_294_968L;
  private static final int THOUSANDTH_BITS = 32;
  private static final long HOUR = 37_283L;
  private static final int HOUR_BITS = 27;
  private static final long MINUTE = 2_185L;
  private static final int MINUTE_BITS = 17;
  private static final int SECOND = "2026-11-22T06:00:00".length();
  private static final int EPOCH = "-9223372036".length();
  // The years whose every nanosecond fits in a long, whatever the offset.
  private static final int FIRST_YEAR = 1678;
  private static final int LAST_YEAR = 2261;

  // The last second that was parsed: its 19 bytes as three words (the last two overlap), and its
  // epoch seconds without a zone.
  private long parsed0;
  private long parsed8;
  private long parsed11;
  private long parsedSecond = NONE;
  // The last second that was written, counted from its day, and the nanosecond that the day begins
  // with.
  private final byte[] writtenText = new byte[SECOND];
  private int writtenSecond = -1;
  private long writtenDay;
  // The last second that was written as a number, with the nanosecond that it begins with.
  private final byte[] writtenEpoch = new byte[EPOCH];
  private int writtenEpochFrom = -1;
  private long writtenEpochNanos;

  /**
   * Reads {@code 2026-11-22T06:00:00.123456789Z}: a date of the years 1678 to 2261, {@code T} or a
   * blank, a time, after a point or comma a fraction (of which nine digits count), and {@code Z} or
   * an offset such as {@code +01:00} or {@code +0100}; nothing may follow. A leap second, {@code
   * :60}, is the first second of the next minute.
   *
   * @return nanoseconds since the epoch, or {@link #NONE}
   */
  public long parse(byte[] b, int from, int to) {
    if (to - from < SECOND + 1) {
      return NONE;
    }
    long second = second(b, from);
    if (second == NONE) {
      return NONE;
    }
    int i = from + SECOND;
    if (b[i] == 'Z' && to == i + 1) {
      return second * NANOS;
    }
    if (b[i] != '.' && b[i] != ',') {
      return zoned(second * NANOS, b, i, to);
    }
    i++;
    // What container runtimes write: nine digits and Z.
    if (to - i == 10 && b[to - 1] == 'Z') {
      long eight = (long) LONG.get(b, i);
      int ninth = b[i + 8] - '0';
      if (areDigits(eight) && ninth >= 0 && ninth <= 9) {
        return second * NANOS + value(eight) * 10 + ninth;
      }
    }
    return fraction(second, b, i, to);
  }

  private static long fraction(long second, byte[] b, int from, int to) {
    long nanos = 0;
    int i = from;
    long unit = NANOS;
    for (; i < to; i++) {
      int d = b[i] - '0';
      if (d < 0 || d > 9) {
        break;
      }
      unit /= 10;
      nanos += d * unit;
    }
    return i == from ? NONE : zoned(second * NANOS + nanos, b, i, to);
  }

  /** The local time {@code nanos} in UTC, by the zone that is all of {@code b[from, to)}. */
  private static long zoned(long nanos, byte[] b, int from, int to) {
    if (from == to) {
      return NONE;
    }
    byte zone = b[from];
    int i = from + 1;
    if (zone == 'Z' || zone == 'z') {
      return i == to ? nanos : NONE;
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
    long offset = (hours * 60L + minutes) * 60 * NANOS;
    return zone == '+' ? nanos - offset : nanos + offset;
  }

  private long second(byte[] b, int from) {
    long at0 = (long) LONG.get(b, from);
    long at8 = (long) LONG.get(b, from + 8);
    long at11 = (long) LONG.get(b, from + SECOND - 8);
    if (((at0 ^ parsed0) | (at8 ^ parsed8) | (at11 ^ parsed11)) == 0) {
      return parsedSecond;
    }
    long second = parseSecond(b, from);
    parsed0 = at0;
    parsed8 = at8;
    parsed11 = at11;
    parsedSecond = second;
    return second;
  }

  private static long parseSecond(byte[] b, int from) {
    int century = two(b, from);
    int ofCentury = two(b, from + 2);
    int month = two(b, from + 5);
    int day = two(b, from + 8);
    int hour = two(b, from + 11);
    int minute = two(b, from + 14);
    int second = two(b, from + 17);
    byte t = b[from + 10];
    if ((century | ofCentury | month | day | hour | minute | second) < 0
        || b[from + 4] != '-'
        || b[from + 7] != '-'
        || (t != 'T' && t != ' ' && t != 't')
        || b[from + 13] != ':'
        || b[from + 16] != ':'
        || hour > 23
        || minute > 59
        || second > 60) {
      return NONE;
    }
    int year = century * 100 + ofCentury;
    if (year < FIRST_YEAR || year > LAST_YEAR || !isDay(year, month, day)) {
      return NONE;
    }
    return epochDay(year, month, day) * 86_400L + hour * 3600L + minute * 60L + second;
  }

  private static boolean isDay(int year, int month, int day) {
    return switch (month) {
      case 1, 3, 5, 7, 8, 10, 12 -> day >= 1 && day <= 31;
      case 4, 6, 9, 11 -> day >= 1 && day <= 30;
      case 2 -> {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        yield day >= 1 && day <= (leap ? 29 : 28);
      }
      default -> false;
    };
  }

  /** Whether each of eight bytes is a digit: a 3 in its high half, also after adding 6. */
  private static boolean areDigits(long eight) {
    long high = 0xF0F0F0F0F0F0F0F0L;
    long threes = 0x3030303030303030L;
    return (((eight & high) ^ threes) | (((eight + 0x0606060606060606L) & high) ^ threes)) == 0;
  }

  /** The number that eight digits spell, the lowest byte first: pairs, then fours, then all. */
  private static long value(long digits) {
    long pairs = ((digits & 0x0F0F0F0F0F0F0F0FL) * ((10 << 8) | 1)) >>> 8;
    long fours = ((pairs & 0x00FF00FF00FF00FFL) * ((100 << 16) | 1)) >>> 16;
    return ((fours & 0x0000FFFF0000FFFFL) * ((10_000L << 32) | 1)) >>> 32;
  }

  /**
   * Writes {@code 2026-11-22T06:00:00.} and three or nine digits of the fraction and {@code Z}, in
   * UTC.
   *
   * @return where it ends: {@code at} + 24 or 30
   */
  public int write(long epochNanos, boolean nanos, byte[] out, int at) {
    long ofDay = epochNanos - writtenDay;
    if (ofDay < 0 || ofDay >= DAY || writtenSecond < 0) {
      long day = Math.floorDiv(epochNanos, DAY);
      date(day);
      writtenDay = day * DAY;
      writtenSecond = -1;
      ofDay = epochNanos - writtenDay;
    }
    int second = (int) (ofDay * 1e-9); // a day has far fewer nanoseconds than a double has steps
    long fraction = ofDay - second * NANOS;
    if (second != writtenSecond) {
      time(second);
      writtenSecond = second;
    }
    System.arraycopy(writtenText, 0, out, at, SECOND);
    int i = at + SECOND;
    out[i] = '.';
    int millis = (int) ((fraction * MILLIONTH) >>> MILLIONTH_BITS);
    i = three(out, i + 1, millis);
    if (nanos) {
      int rest = (int) fraction - millis * 1_000_000;
      int micros = (int) ((rest * THOUSANDTH) >>> THOUSANDTH_BITS);
      i = three(out, i, micros);
      i = three(out, i, rest - micros * 1000);
    }
    out[i] = 'Z';
    return i + 1;
  }

  /**
   * Writes seconds since the epoch, such as {@code 1795334645}, and digits of the fraction.
   *
   * @param digits of the fraction, which is cut: 0, 3, 6 or 9
   * @param point whether a point stands before them
   * @return where it ends: at most {@code at} + 21
   */
  public int writeEpoch(long epochNanos, int digits, boolean point, byte[] out, int at) {
    long fraction = epochNanos - writtenEpochNanos;
    if (fraction < 0 || fraction >= NANOS || writtenEpochFrom < 0) {
      long second = Math.floorDiv(epochNanos, NANOS);
      writtenEpochFrom = decimal(second, writtenEpoch);
      writtenEpochNanos = second * NANOS;
      fraction = epochNanos - writtenEpochNanos;
    }
    int length = EPOCH - writtenEpochFrom;
    System.arraycopy(writtenEpoch, writtenEpochFrom, out, at, length);
    int i = at + length;
    if (point) {
      out[i++] = '.';
    }
    if (digits == 0) {
      return i;
    }
    int millis = (int) ((fraction * MILLIONTH) >>> MILLIONTH_BITS);
    i = three(out, i, millis);
    if (digits > 3) {
      int rest = (int) fraction - millis * 1_000_000;
      int micros = (int) ((rest * THOUSANDTH) >>> THOUSANDTH_BITS);
      i = three(out, i, micros);
      if (digits > 6) {
        i = three(out, i, rest - micros * 1000);
      }
    }
    return i;
  }

  /** Writes a number to the end of an array, and tells where it begins. */
  private static int decimal(long value, byte[] out) {
    int at = out.length;
    long rest = Math.abs(value);
    do {
      out[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (value < 0) {
      out[--at] = '-';
    }
    return at;
  }

  private static int three(byte[] b, int at, int value) {
    int digits = THREE_DIGITS[value];
    b[at] = (byte) digits;
    b[at + 1] = (byte) (digits >>> 8);
    b[at + 2] = (byte) (digits >>> 16);
    return at + 3;
  }

  /** The digits of the numbers below 1,000, the first one in the lowest byte. */
  private static int[] threeDigits() {
    int[] all = new int[1000];
    for (int i = 0; i < all.length; i++) {
      all[i] = ('0' + i / 100) | ('0' + i / 10 % 10) << 8 | ('0' + i % 10) << 16;
    }
    return all;
  }

  private void date(long day) {
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
  }

  private void time(int second) {
    int hours = (int) ((second * HOUR) >>> HOUR_BITS);
    int ofHour = second - hours * 3600;
    int minutes = (int) ((ofHour * MINUTE) >>> MINUTE_BITS);
    byte[] t = writtenText;
    two(t, 11, hours);
    t[13] = ':';
    two(t, 14, minutes);
    t[16] = ':';
    two(t, 17, ofHour - minutes * 60);
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
    int digits = THREE_DIGITS[value];
    b[at] = (byte) (digits >>> 8);
    b[at + 1] = (byte) (digits >>> 16);
  }
}
