package io.logboom.filter.kubernetes;

import io.logboom.filter.kubernetes.Feed.Hope;

/**
 * How long the filter's thread may wait, since all records wait with it: an allowance in all until
 * the server was heard of for the first time; later at most 2 s for one origin, and a tenth of the
 * time in all. Serves one thread.
 */
final class Patience {
  private static final long FOR_ONE_NANOS = 2_000_000_000L;
  private static final int SHARE = 10;

  private long start;
  private long later = FOR_ONE_NANOS;
  private long filledAt;

  /**
   * @param startNanos the allowance until the server was heard of
   */
  Patience(long startNanos, long now) {
    this.start = startNanos;
    this.filledAt = now;
  }

  /** How long to wait now; 0 for not at all. */
  long nanos(Hope hope, long now) {
    later = Math.min(FOR_ONE_NANOS, later + (now - filledAt) / SHARE);
    filledAt = now;
    return switch (hope) {
      case UNHEARD -> start;
      case SOON -> later;
      case NONE -> 0;
    };
  }

  void spent(Hope hope, long nanos) {
    if (hope == Hope.UNHEARD) {
      start = Math.max(0, start - nanos);
    } else {
      later = Math.max(0, later - nanos);
    }
  }
}
