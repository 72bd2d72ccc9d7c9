package io.logboom.net.http;

import io.logboom.net.HostPort;
import java.util.ArrayList;
import java.util.List;

/**
 * Several hosts that can do the same: each live one in turn, those that could not be reached lately
 * only when no other is left. Safe for all threads.
 */
final class Hosts {
  private static final long FIRST_REST_NANOS = 1_000_000_000L;
  private static final long LONGEST_REST_NANOS = 30_000_000_000L;

  private final List<HostPort> all;
  private final long[] downUntil;
  private final long[] rest;
  private final boolean[] down;
  private int turn;

  Hosts(List<HostPort> all) {
    this.all = all;
    this.downUntil = new long[all.size()];
    this.rest = new long[all.size()];
    this.down = new boolean[all.size()];
  }

  /** All hosts in the order to try. */
  synchronized List<HostPort> order(long nowNanos) {
    int n = all.size();
    if (n == 1) {
      return all;
    }
    List<HostPort> live = new ArrayList<>(n);
    List<HostPort> resting = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      (down[i] && downUntil[i] - nowNanos > 0 ? resting : live).add(all.get(i));
    }
    int first = turn++ & Integer.MAX_VALUE;
    List<HostPort> order = new ArrayList<>(n);
    for (int i = 0; i < live.size(); i++) {
      order.add(live.get((first % live.size() + i) % live.size()));
    }
    order.addAll(resting);
    return order;
  }

  synchronized void up(HostPort host) {
    int i = all.indexOf(host);
    down[i] = false;
    rest[i] = 0;
  }

  synchronized void down(HostPort host, long nowNanos) {
    int i = all.indexOf(host);
    down[i] = true;
    rest[i] = rest[i] == 0 ? FIRST_REST_NANOS : Math.min(LONGEST_REST_NANOS, rest[i] * 2);
    downUntil[i] = nowNanos + rest[i];
  }
}
