package io.logboom.core.regex;

import io.logboom.api.text.Regex;
import org.joni.Matcher;
import org.joni.Option;
import org.joni.Region;
import org.jspecify.annotations.Nullable;

/**
 * Matches with bounds on time and memory.
 *
 * <p>Time: a search that takes longer than the limit is given up. The limit halves each time, so
 * that an expression that explodes on every line costs little per line, and grows back slowly while
 * searches end in time. It is wall time, hence generous at first: a process that is held back by
 * its CPU quota must not lose matches.
 *
 * <p>Memory: joni keeps up to one backtrack entry of some 40 bytes per character, so that text is
 * bounded too.
 */
final class JoniMatcher implements Regex.Matcher {
  /** Longer text does not match. */
  static final int MAX_TEXT = 256 * 1024;

  static final long MAX_NANOS = 500_000_000L;
  static final long MIN_NANOS = 16_000_000L;
  private static final long RECOVERY_NANOS = 1_000_000L;

  private final org.joni.Regex utf8;
  private final org.joni.@Nullable Regex ascii;
  private long limitNanos = MAX_NANOS;
  private @Nullable Region region;
  private int base;
  private int begin;
  private int end;
  private int limit;
  private boolean gaveUp;

  JoniMatcher(org.joni.Regex utf8, org.joni.@Nullable Regex ascii) {
    this.utf8 = utf8;
    this.ascii = ascii;
  }

  @Override
  public boolean search(byte[] bytes, int from, int to) {
    return find(bytes, from, to, to);
  }

  @Override
  public boolean startsWith(byte[] bytes, int from, int to) {
    // joni's own match() has no limit of time; a search may look at from + 1 as well.
    if (find(bytes, from, to, Math.min(from + 1, to)) && begin == from) {
      return true;
    }
    begin = -1;
    return false;
  }

  private boolean find(byte[] bytes, int from, int to, int range) {
    begin = -1;
    gaveUp = to - from > MAX_TEXT;
    if (gaveUp) {
      return false;
    }
    Matcher matcher = form(bytes, from, to).matcher(bytes, from, to, limitNanos);
    int found;
    try {
      found = matcher.search(from, range, Option.NONE);
    } catch (IndexOutOfBoundsException e) {
      // Not UTF-8, cut in the middle of a character, and an expression without a form for bytes.
      gaveUp = true;
      return false;
    }
    if (found == Matcher.INTERRUPTED) {
      gaveUp = true;
      limitNanos = Math.max(MIN_NANOS, limitNanos / 2);
      return false;
    }
    if (limitNanos < MAX_NANOS) {
      limitNanos = Math.min(MAX_NANOS, limitNanos + RECOVERY_NANOS);
    }
    if (found < 0) {
      return false;
    }
    base = from;
    begin = from + matcher.getBegin();
    end = Math.min(to, from + matcher.getEnd());
    limit = to;
    region = matcher.getRegion();
    return true;
  }

  private org.joni.Regex form(byte[] bytes, int from, int to) {
    org.joni.Regex single = ascii;
    if (single == null) {
      return utf8;
    }
    int plain = Ascii.end(bytes, from, to);
    return plain == to || !Ascii.isUtf8(bytes, plain, to) ? single : utf8;
  }

  @Override
  public int start(int group) {
    if (begin < 0 || group == 0) {
      return begin;
    }
    Region r = region;
    int at = r == null || group >= r.getNumRegs() ? -1 : r.getBeg(group);
    return at < 0 ? -1 : base + at;
  }

  @Override
  public int end(int group) {
    if (begin < 0) {
      return -1;
    }
    if (group == 0) {
      return end;
    }
    Region r = region;
    int at = r == null || group >= r.getNumRegs() ? -1 : r.getEnd(group);
    return at < 0 ? -1 : Math.min(limit, base + at);
  }

  @Override
  public boolean gaveUp() {
    return gaveUp;
  }
}
