package io.logboom.core.regex;

import io.logboom.api.text.Regex;
import org.joni.Matcher;
import org.joni.Option;
import org.joni.Region;
import org.jspecify.annotations.Nullable;

/**
 * Matches with bounds on time and memory. {@link Direct} counts its tries; what follows is about
 * joni.
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

  private final JoniRegex regex;
  private final @Nullable Direct direct;
  private final @Nullable Run run;
  private JoniRegex.@Nullable Forms forms;
  private long limitNanos = MAX_NANOS;

  // The last match: where it is, and its groups, from joni (relative to base) or direct.
  private boolean isDirect;
  private @Nullable Region region;
  private int base;
  private int begin;
  private int end;
  private int limit;
  private boolean gaveUp;

  JoniMatcher(JoniRegex regex) {
    this.regex = regex;
    this.direct = regex.direct();
    this.run = direct == null ? null : direct.run();
  }

  @Override
  public boolean search(byte[] bytes, int from, int to) {
    return find(bytes, from, to, to);
  }

  @Override
  public boolean startsWith(byte[] bytes, int from, int to) {
    return find(bytes, from, to, from);
  }

  /** Looks for a match that starts at {@code last} or before. */
  private boolean find(byte[] bytes, int from, int to, int last) {
    begin = -1;
    gaveUp = to - from > MAX_TEXT;
    if (gaveUp) {
      return false;
    }
    int plain = Ascii.end(bytes, from, to);
    Direct d = direct;
    Run r = run;
    if (d != null && r != null && plain == to) {
      isDirect = true;
      r.begin(bytes, from, to);
      begin = d.find(r, last);
      end = r.end;
      if (begin >= 0 || !r.wasTooDeep()) {
        gaveUp = begin < 0 && r.gaveUp();
        return begin >= 0;
      }
    }
    isDirect = false;
    return findWithJoni(bytes, from, to, last, plain);
  }

  private boolean findWithJoni(byte[] bytes, int from, int to, int last, int plain) {
    JoniRegex.Forms known = forms;
    if (known == null) {
      known = regex.forms();
      forms = known;
    }
    org.joni.Regex single = known.bytes();
    boolean byBytes = single != null && (plain == to || !Ascii.isUtf8(bytes, plain, to));
    org.joni.Regex form = byBytes && single != null ? single : known.utf8();
    Matcher matcher = form.matcher(bytes, from, to, limitNanos);
    // joni's own match() has no limit of time; a search up to from + 1 may match there, too.
    int range = last == to ? to : Math.min(from + 1, to);
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
    if (found < 0 || from + matcher.getBegin() > last) {
      return false;
    }
    base = from;
    begin = from + matcher.getBegin();
    end = Math.min(to, from + matcher.getEnd());
    limit = to;
    region = matcher.getRegion();
    return true;
  }

  @Override
  public int start(int group) {
    if (begin < 0 || group == 0) {
      return begin;
    }
    Run own = run;
    if (isDirect && own != null) {
      return group < own.starts.length ? own.starts[group] : -1;
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
    Run own = run;
    if (isDirect && own != null) {
      return group < own.ends.length ? own.ends[group] : -1;
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
