package io.logboom.app.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds what the log prints. A message is printed once; its repeats are counted and summarised at
 * the end of a window that grows from 10 s to 5 min. All lines together pass a bucket of 50 lines
 * that refills with 8 a second. Not safe for several threads.
 */
final class RepeatGuard {
  private static final long SECOND = 1_000_000_000L;
  private static final long FIRST_WINDOW = 10 * SECOND;
  private static final long LAST_WINDOW = 300 * SECOND;
  private static final int KNOWN = 256;
  private static final int BURST = 50;
  private static final int PER_SECOND = 8;

  /** What to do with a line. */
  enum Verdict {
    PRINT,
    COUNT
  }

  /**
   * Messages that came again after they had been printed.
   *
   * @param example what was printed
   * @param times how often since
   */
  record Summary(Object example, long times, long seconds) {}

  private static final class Seen {
    final Object example;
    long windowStart;
    long window = FIRST_WINDOW;
    long repeats;

    Seen(Object example, long now) {
      this.example = example;
      this.windowStart = now;
    }
  }

  // By age of last use, so that the bound drops what has been quiet longest.
  private final Map<String, Seen> known = new LinkedHashMap<>(64, 0.75f, true);
  private final List<Summary> pushedOut = new ArrayList<>();
  private double tokens = BURST;
  private long refilledAt;
  private long leftOut;

  RepeatGuard(long now) {
    this.refilledAt = now;
  }

  /**
   * Decides on a line.
   *
   * @param key the same for lines that count as repeats of each other
   * @param example kept for {@link Summary#example}
   * @param lines how many lines it would print
   * @param now nanoseconds on a clock that only goes forward
   */
  Verdict see(String key, Object example, int lines, long now) {
    Seen seen = known.get(key);
    if (seen != null) {
      seen.repeats++;
      return Verdict.COUNT;
    }
    remember(key, new Seen(example, now), now);
    if (take(lines, now)) {
      return Verdict.PRINT;
    }
    leftOut++;
    return Verdict.COUNT;
  }

  /** What has to be said by now about repeats; each counts for the bucket as a line. */
  List<Summary> due(long now) {
    List<Summary> due = new ArrayList<>(pushedOut);
    pushedOut.clear();
    known
        .values()
        .removeIf(
            seen -> {
              if (now - seen.windowStart < seen.window) {
                return false;
              }
              if (seen.repeats == 0) {
                return true;
              }
              due.add(summary(seen, now));
              seen.windowStart = now;
              seen.window = Math.min(LAST_WINDOW, seen.window * 2);
              seen.repeats = 0;
              return false;
            });
    return due;
  }

  /** All that is still to be said, at the end. */
  List<Summary> rest(long now) {
    List<Summary> rest = new ArrayList<>(pushedOut);
    for (Seen seen : known.values()) {
      if (seen.repeats > 0) {
        rest.add(summary(seen, now));
      }
    }
    known.clear();
    pushedOut.clear();
    return rest;
  }

  /** How many lines the bucket has held back since the last call; each was of its own kind. */
  long takeLeftOut() {
    long count = leftOut;
    leftOut = 0;
    return count;
  }

  /** Counts lines that were not printed after all. */
  void leaveOut(long count) {
    leftOut += count;
  }

  /** Whether {@code lines} more may be printed now. */
  boolean take(int lines, long now) {
    tokens = Math.min(BURST, tokens + (double) (now - refilledAt) / SECOND * PER_SECOND);
    refilledAt = now;
    // A long stack trace may overdraw: better late lines than half a trace.
    if (tokens < 1) {
      return false;
    }
    tokens -= lines;
    return true;
  }

  private void remember(String key, Seen seen, long now) {
    known.put(key, seen);
    if (known.size() > KNOWN) {
      var eldest = known.entrySet().iterator();
      Seen out = eldest.next().getValue();
      eldest.remove();
      if (out.repeats > 0) {
        pushedOut.add(summary(out, now));
      }
    }
  }

  private static Summary summary(Seen seen, long now) {
    return new Summary(
        seen.example, seen.repeats, Math.max(1, (now - seen.windowStart + SECOND / 2) / SECOND));
  }
}
