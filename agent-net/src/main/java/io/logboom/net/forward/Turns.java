package io.logboom.net.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Whose turn it is: live servers by their weights, evenly mixed; those that failed lately only when
 * no other is left, until they have rested for a time that doubles. Safe for all threads.
 */
final class Turns {
  private static final long FIRST_REST_NANOS = 1_000_000_000L;
  private static final long LONGEST_REST_NANOS = 30_000_000_000L;

  private final int[] weight;
  // What a server is owed: grows by its weight with each turn, and pays for all when it is taken.
  private final long[] owed;
  private final boolean[] down;
  private final long[] downUntil;
  private final long[] rest;

  /**
   * @param weights one for each server, at least 1
   */
  Turns(int... weights) {
    int n = weights.length;
    this.weight = weights.clone();
    this.owed = new long[n];
    this.down = new boolean[n];
    this.downUntil = new long[n];
    this.rest = new long[n];
  }

  /** The servers in the order to try. */
  synchronized int[] order(long nowNanos) {
    List<Integer> live = new ArrayList<>();
    List<Integer> resting = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < weight.length; i++) {
      if (down[i] && downUntil[i] - nowNanos > 0) {
        resting.add(i);
      } else {
        live.add(i);
        owed[i] += weight[i];
        total += weight[i];
      }
    }
    live.sort(Comparator.comparingLong(i -> -owed[i]));
    if (!live.isEmpty()) {
      owed[live.getFirst()] -= total;
    }
    resting.sort(Comparator.comparingLong(i -> downUntil[i] - nowNanos));
    live.addAll(resting);
    return live.stream().mapToInt(Integer::intValue).toArray();
  }

  synchronized void up(int server) {
    down[server] = false;
    rest[server] = 0;
  }

  synchronized void down(int server, long nowNanos) {
    if (!down[server]) {
      // Others take over its turns; when it is back it has none to make up for.
      Arrays.fill(owed, 0);
    }
    down[server] = true;
    rest[server] =
        rest[server] == 0 ? FIRST_REST_NANOS : Math.min(LONGEST_REST_NANOS, rest[server] * 2);
    downUntil[server] = nowNanos + rest[server];
  }

  /** How many are not down. */
  synchronized int live() {
    int count = 0;
    for (boolean each : down) {
      count += each ? 0 : 1;
    }
    return count;
  }
}
