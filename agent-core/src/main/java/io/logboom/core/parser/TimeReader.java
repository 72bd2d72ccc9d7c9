package io.logboom.core.parser;

import io.logboom.api.time.Timestamps;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;

/**
 * Reads times of one {@link TimeFormat} from bytes. Allocates nothing per time. One instance per
 * thread.
 *
 * <p>A time without a year is of the latest year in which it is not more than a day ahead of the
 * clock; one without a year, month and day is of today.
 */
final class TimeReader {
  /** What {@link #read} gives for what is no such time. */
  static final long NONE = Timestamps.NONE;

  private static final long NANOS = 1_000_000_000L;
  private static final long DAY = 86_400;
  private static final int UNSET = -1;
  private static final int LAST_YEAR = 2261;
  private static final int FIRST_YEAR = 1678;
  // More than this many years have no 29 February at most.
  private static final int MOST_YEARS_BACK = 9;
  private static final byte[][] MONTHS =
      names(
          "january february march april may june july august september october november december");
  private static final byte[][] DAYS =
      names("sunday monday tuesday wednesday thursday friday saturday");
  private static final byte[][] HALVES = names("am pm");

  private final TimeFormat format;
  private final LocalClock clock;
  private final InstantSource now;
  private final boolean strict;

  // The reading in progress.
  private byte[] b = new byte[0];
  private int to;
  private int year;
  private int century;
  private int month;
  private int day;
  private int dayOfYear;
  private int hour;
  private int half;
  private int minute;
  private int second;
  private long epoch;
  private long nanos;
  private int offset;
  private boolean zoned;

  // The last date that was asked for, and its day.
  private int lastDate = UNSET;
  private long lastEpochDay;

  /**
   * @param zone for times that do not tell theirs
   * @param strict whether a time that fits the format in part, at least to the second, is refused
   */
  TimeReader(TimeFormat format, ZoneId zone, InstantSource now, boolean strict) {
    this.format = format;
    this.clock = new LocalClock(zone, now);
    this.now = now;
    this.strict = strict;
  }

  /** Nanoseconds since the epoch that {@code bytes[from, end)} tells, or {@link #NONE}. */
  long read(byte[] bytes, int from, int end) {
    b = bytes;
    to = end;
    year = century = month = day = dayOfYear = hour = minute = second = half = UNSET;
    epoch = Long.MIN_VALUE;
    nanos = 0;
    offset = 0;
    zoned = false;
    int i = from;
    for (int k = 0; k < format.size(); k++) {
      i = step(k, i);
      if (i < 0) {
        if (strict || (second == UNSET && epoch == Long.MIN_VALUE)) {
          return NONE;
        }
        break;
      }
    }
    return result();
  }

  // Each step takes the index to go on from and returns the one behind what it read, or -1.

  private int step(int k, int i) {
    return switch (format.op(k)) {
      case LITERAL -> i < to && b[i] == format.literal(k) ? i + 1 : -1;
      case BLANKS -> blanks(i);
      case YEAR -> (year = number(i, 4, 9999)) < 0 ? -1 : end;
      case CENTURY -> (century = number(i, 2, 99)) < 0 ? -1 : end;
      case YEAR_OF_CENTURY -> {
        int two = number(i, 2, 99);
        year = two < 0 ? UNSET : two + (two < 69 ? 2000 : 1900);
        yield two < 0 ? -1 : end;
      }
      case MONTH -> (month = number(i, 2, 12)) < 1 ? -1 : end;
      case MONTH_NAME -> (month = name(MONTHS, i) + 1) < 1 ? -1 : end;
      case DAY -> (day = number(blanks(i), 2, 31)) < 1 ? -1 : end;
      case DAY_OF_YEAR -> (dayOfYear = number(i, 3, 366)) < 1 ? -1 : end;
      case DAY_NAME -> name(DAYS, i) < 0 ? -1 : end;
      case HOUR -> (hour = number(blanks(i), 2, 23)) < 0 ? -1 : end;
      case HOUR_OF_HALF -> (hour = number(blanks(i), 2, 12)) < 1 ? -1 : end;
      case HALF -> (half = name(HALVES, i)) < 0 ? -1 : end;
      case MINUTE -> (minute = number(i, 2, 59)) < 0 ? -1 : end;
      case SECOND -> (second = number(i, 2, 60)) < 0 ? -1 : end;
      case EPOCH -> epoch(i);
      case FRACTION -> fraction(i);
      case OFFSET -> offset(blanks(i));
      case ZONE -> zone(blanks(i));
      case WEEK -> number(i, 2, 99) < 0 ? -1 : end;
      case WEEKDAY -> number(i, 1, 7) < 0 ? -1 : end;
      case DIGITS -> number(i, 4, 9999) < 0 ? -1 : end;
    };
  }

  // Behind what number() or name() read.
  private int end;

  private int number(int from, int digits, int most) {
    int value = 0;
    int i = from;
    int stop = Math.min(to, from + digits);
    while (i < stop && b[i] >= '0' && b[i] <= '9') {
      value = value * 10 + b[i++] - '0';
    }
    end = i;
    return i == from || value > most ? -1 : value;
  }

  /** The index of the name at {@code from}, in full or its first three letters; or -1. */
  private int name(byte[][] names, int from) {
    for (int n = 0; n < names.length; n++) {
      byte[] name = names[n];
      int same = 0;
      while (same < name.length && from + same < to && (b[from + same] | 0x20) == name[same]) {
        same++;
      }
      if (same == name.length || same >= 3) {
        end = from + (same == name.length ? same : 3);
        return n;
      }
    }
    return -1;
  }

  private int blanks(int from) {
    int i = from;
    while (i < to && (b[i] == ' ' || (b[i] >= '\t' && b[i] <= '\r'))) {
      i++;
    }
    return i;
  }

  private int epoch(int from) {
    long value = 0;
    int i = from;
    while (i < to && b[i] >= '0' && b[i] <= '9' && i - from < 18) {
      value = value * 10 + b[i++] - '0';
    }
    if (i == from) {
      return -1;
    }
    epoch = value;
    return i;
  }

  private int fraction(int from) {
    long value = 0;
    int i = from;
    long unit = NANOS;
    while (i < to && b[i] >= '0' && b[i] <= '9') {
      unit /= 10;
      value += (b[i++] - '0') * unit;
    }
    nanos = value;
    return i == from ? -1 : i;
  }

  private int offset(int from) {
    if (from >= to) {
      return -1;
    }
    byte sign = b[from];
    if (sign != '+' && sign != '-') {
      return zone(from);
    }
    int hours = number(from + 1, 2, 24);
    if (hours < 0 || end != from + 3) {
      return -1;
    }
    int i = end < to && b[end] == ':' ? end + 1 : end;
    int minutes = number(i, 2, 59);
    if (end == i) {
      minutes = 0; // +01
      end = from + 3;
    } else if (minutes < 0 || end != i + 2) {
      return -1;
    }
    int seconds = hours * 3600 + minutes * 60;
    offset = sign == '-' ? -seconds : seconds;
    zoned = true;
    return end;
  }

  private int zone(int from) {
    int stop = ZoneNames.end(b, from, to);
    int seconds = ZoneNames.seconds(b, from, stop);
    if (seconds == ZoneNames.NONE) {
      return -1;
    }
    offset = seconds;
    zoned = true;
    return stop;
  }

  private long result() {
    if (epoch != Long.MIN_VALUE) {
      return epoch > Long.MAX_VALUE / NANOS - 1 ? NONE : epoch * NANOS + nanos;
    }
    if (half != UNSET) {
      if (hour > 12) {
        return NONE;
      }
      hour = hour % 12 + half * 12;
    }
    if (century != UNSET) {
      year = century * 100 + (year == UNSET ? 0 : year % 100);
    }
    long ofDay = unset(hour) * 3600L + unset(minute) * 60L + unset(second);
    long seconds = format.hasYear() || century != UNSET ? inYear(year, ofDay) : inSomeYear(ofDay);
    return seconds == Long.MIN_VALUE ? NONE : seconds * NANOS + nanos;
  }

  private static int unset(int value) {
    return value == UNSET ? 0 : value;
  }

  private long inSomeYear(long ofDay) {
    long present = now.instant().getEpochSecond();
    LocalDate today = LocalDate.ofEpochDay(Math.floorDiv(present + presentOffset(present), DAY));
    if (month == UNSET && day == UNSET && dayOfYear == UNSET) {
      month = today.getMonthValue();
      day = today.getDayOfMonth();
    } else if (month == UNSET && dayOfYear == UNSET) {
      month = today.getMonthValue();
    }
    for (int back = -1; back < MOST_YEARS_BACK; back++) {
      long seconds = inYear(today.getYear() - back, ofDay);
      if (seconds != Long.MIN_VALUE && seconds <= present + DAY) {
        return seconds;
      }
    }
    return Long.MIN_VALUE;
  }

  private int presentOffset(long present) {
    return zoned ? offset : clock.offsetAt(present);
  }

  /** Seconds since the epoch; {@code Long.MIN_VALUE} where there is no such day. */
  private long inYear(int ofYear, long ofDay) {
    if (ofYear < FIRST_YEAR || ofYear > LAST_YEAR) {
      return Long.MIN_VALUE;
    }
    long epochDay = epochDay(ofYear);
    if (epochDay == Long.MIN_VALUE) {
      return epochDay;
    }
    long local = epochDay * DAY + ofDay;
    return zoned || format.hasZone() ? local - offset : clock.toEpoch(local);
  }

  private long epochDay(int ofYear) {
    int m = month == UNSET ? 1 : month;
    int d = day == UNSET ? 1 : day;
    if (month == UNSET && dayOfYear != UNSET) {
      long first = LocalDate.of(ofYear, 1, 1).toEpochDay();
      long last = LocalDate.of(ofYear + 1, 1, 1).toEpochDay();
      return first + dayOfYear > last ? Long.MIN_VALUE : first + dayOfYear - 1;
    }
    int date = ofYear * 10_000 + m * 100 + d;
    if (date != lastDate) {
      boolean exists = d <= LocalDate.of(ofYear, m, 1).lengthOfMonth();
      lastEpochDay = exists ? LocalDate.of(ofYear, m, d).toEpochDay() : Long.MIN_VALUE;
      lastDate = date;
    }
    return lastEpochDay;
  }

  private static byte[][] names(String all) {
    String[] words = all.toLowerCase(Locale.ROOT).split(" ");
    byte[][] names = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      names[i] = words[i].getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
    return names;
  }
}
