package io.logboom.core.parser;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * Turns a zone's local time into seconds since the epoch. Remembers the last quarter of an hour,
 * inside which no zone changes its offset. One instance per thread.
 *
 * <p>In the hour that a zone's clocks show twice, the reading is taken that is near the present;
 * where both are long past, the first one. A local time that a zone leaves out is as far behind the
 * leap as the clocks would be that were not set.
 */
final class LocalClock {
  private static final long QUARTER = 15 * 60;
  private static final long HOUR = 3600;

  private final @Nullable ZoneRules rules;
  private final InstantSource now;
  private final int fixed;
  private long quarter = Long.MIN_VALUE;
  private int offset;
  private int later;

  LocalClock(ZoneId zone, InstantSource now) {
    ZoneRules r = zone.getRules();
    this.now = now;
    this.rules = r.isFixedOffset() ? null : r;
    this.fixed = r.isFixedOffset() ? r.getOffset(Instant.EPOCH).getTotalSeconds() : 0;
  }

  /** The offset, in seconds east of Greenwich, at an instant. */
  int offsetAt(long epochSecond) {
    ZoneRules r = rules;
    return r == null ? fixed : r.getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
  }

  /** Seconds since the epoch, for seconds since the epoch as the zone's clocks show them. */
  long toEpoch(long localSecond) {
    if (rules == null) {
      return localSecond - fixed;
    }
    long wanted = Math.floorDiv(localSecond, QUARTER);
    if (wanted != quarter) {
      look(rules, wanted);
      quarter = wanted;
    }
    if (offset == later) {
      return localSecond - offset;
    }
    long first = localSecond - offset;
    long second = localSecond - later;
    long present = now.instant().getEpochSecond();
    boolean near = Math.abs(present - second) < Math.abs(present - first);
    return near && present - second < HOUR ? second : first;
  }

  private void look(ZoneRules r, long wanted) {
    LocalDateTime start = LocalDateTime.ofEpochSecond(wanted * QUARTER, 0, ZoneOffset.UTC);
    ZoneOffsetTransition change = r.getTransition(start);
    if (change == null) {
      offset = r.getOffset(start).getTotalSeconds();
      later = offset;
    } else {
      offset = change.getOffsetBefore().getTotalSeconds();
      later = change.isOverlap() ? change.getOffsetAfter().getTotalSeconds() : offset;
    }
  }
}
