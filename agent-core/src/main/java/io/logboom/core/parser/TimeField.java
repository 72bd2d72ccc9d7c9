package io.logboom.core.parser;

import io.logboom.api.meter.Counter;
import io.logboom.core.config.ParserDefinition;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The member that tells the time of a record. One instance per thread. */
final class TimeField {
  private final byte[] name;
  private final TimeReader reader;
  private final boolean keep;
  private final Counter unreadable;
  private long found = TimeReader.NONE;

  private TimeField(String name, TimeReader reader, boolean keep, Counter unreadable) {
    this.name = name.getBytes(StandardCharsets.UTF_8);
    this.reader = reader;
    this.keep = keep;
    this.unreadable = unreadable;
  }

  /** Null where the definition has no time format: then no member is a time. */
  static @Nullable TimeField of(
      ParserDefinition.Time time, InstantSource clock, Counter unreadable) {
    TimeFormat format = time.timeFormat();
    if (format == null) {
      return null;
    }
    String key = time.timeKey();
    TimeReader reader = new TimeReader(format, zone(time), clock, time.timeStrict());
    return new TimeField(key == null ? "time" : key, reader, time.timeKeep(), unreadable);
  }

  private static ZoneId zone(ParserDefinition.Time time) {
    if (time.timeZone() != null) {
      return time.timeZone();
    }
    if (time.timeSystemTimezone()) {
      return ZoneId.systemDefault();
    }
    ZoneOffset offset = time.timeOffset();
    return offset == null ? ZoneOffset.UTC : offset;
  }

  void begin() {
    found = TimeReader.NONE;
  }

  boolean isNamed(byte[] b, int from, int to) {
    return Arrays.equals(name, 0, name.length, b, from, to);
  }

  /** The name as JSON writes it, where that is what it is. */
  byte[] name() {
    return name;
  }

  /** Reads the member's text; false where it is no such time, which is counted. */
  boolean read(byte[] b, int from, int to) {
    found = reader.read(b, from, to);
    if (found == TimeReader.NONE) {
      unreadable.add(1);
      return false;
    }
    return true;
  }

  /** Whether a member whose time was read stays in the record. */
  boolean keep() {
    return keep;
  }

  /** Nanoseconds since the epoch, or {@link TimeReader#NONE}. */
  long found() {
    return found;
  }
}
