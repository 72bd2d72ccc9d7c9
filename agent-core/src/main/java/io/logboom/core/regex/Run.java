package io.logboom.core.regex;

import java.util.Arrays;

/**
 * The changing part of matching with {@link Step}s: the text, the groups, and how much has been
 * tried. One instance per thread.
 */
final class Run {
  /** A match is given up after this many tries, and some for each character. */
  static final long LEAST_TRIES = 1_000_000;

  private static final int TRIES_PER_BYTE = 100;
  private static final int MOST_DEPTH = 200;

  byte[] bytes = new byte[0];
  int from;
  int to;
  int end;
  final int[] opened;
  final int[] starts;
  final int[] ends;
  final int[] counts;
  private long tries;
  private int depth;
  private boolean deep;

  Run(int groups, int loops) {
    opened = new int[groups + 1];
    starts = new int[groups + 1];
    ends = new int[groups + 1];
    counts = new int[loops];
  }

  void begin(byte[] text, int start, int stop) {
    bytes = text;
    from = start;
    to = stop;
    tries = LEAST_TRIES + (long) TRIES_PER_BYTE * (stop - start);
    depth = 0;
    deep = false;
    Arrays.fill(counts, 0);
  }

  /** Forgets groups of an earlier try. */
  void clear() {
    Arrays.fill(starts, -1);
    Arrays.fill(ends, -1);
  }

  /** Counts a try that failed; whether there have been too many. */
  boolean isSpent() {
    return --tries < 0;
  }

  /** Whether the last match was given up after too many tries. */
  boolean gaveUp() {
    return tries < 0;
  }

  /** Counts a level of repetition; whether there are too many for the thread's stack. */
  boolean tooDeep() {
    if (depth >= MOST_DEPTH) {
      deep = true;
      tries = -1;
      return true;
    }
    depth++;
    return false;
  }

  void leave() {
    depth--;
  }

  /** Whether the last match was given up since repetitions were nested too deep. */
  boolean wasTooDeep() {
    return deep;
  }
}
