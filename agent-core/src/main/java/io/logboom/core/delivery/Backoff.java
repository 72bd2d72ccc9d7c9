package io.logboom.core.delivery;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponential back-off with jitter: the n-th wait is between half and all of {@code base * 2^n}, at
 * most {@code cap}.
 */
final class Backoff {
  private final long baseNanos;
  private final long capNanos;
  private final DoubleSupplier random;

  /**
   * @param random from 0 to 1
   */
  Backoff(Duration base, Duration cap, DoubleSupplier random) {
    this.baseNanos = Math.max(1, base.toNanos());
    this.capNanos = Math.max(baseNanos, cap.toNanos());
    this.random = random;
  }

  /**
   * Nanoseconds to wait before retry number {@code retry}, counted from 0.
   *
   * @param notBefore what the receiver asked for; the wait is not shorter, and at most twice the
   *     cap longer than it would be
   */
  long nanos(int retry, Duration notBefore) {
    int doublings = Math.min(retry, 62 - (64 - Long.numberOfLeadingZeros(baseNanos)));
    long full = Math.min(capNanos, baseNanos << Math.max(0, doublings));
    long wait = full / 2 + (long) (full / 2.0 * random.getAsDouble());
    long asked =
        Math.min(notBefore.toNanos(), Math.max(2 * capNanos, Duration.ofMinutes(2).toNanos()));
    return Math.max(wait, asked);
  }
}
