package io.logboom.filter.kubernetes;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait between failures: 0.5 s, doubling up to 30 s, each between half of that and all
 * of it, so that the agents of a cluster do not come together. Serves one thread.
 */
final class Backoff {
  private static final long BASE_MILLIS = 500;
  private static final long MOST_MILLIS = 30_000;

  private int failures;

  long nextMillis() {
    long whole = Math.min(MOST_MILLIS, BASE_MILLIS << Math.min(failures, 16));
    failures++;
    return jittered(whole);
  }

  void reset() {
    failures = 0;
  }

  int failures() {
    return failures;
  }

  /** Between half of {@code whole} and all of it. */
  static long jittered(long whole) {
    return whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
  }
}
