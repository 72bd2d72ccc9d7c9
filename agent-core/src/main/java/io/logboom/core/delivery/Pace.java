package io.logboom.core.delivery;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps to a number of bytes per second, over all workers of an output: each send pushes the next
 * one back by the time that its bytes are worth.
 */
final class Pace {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private long next;

  Pace() {
    this(System::nanoTime);
  }

  /**
   * @param nanos a clock as {@link System#nanoTime}
   */
  Pace(LongSupplier nanos) {
    this.nanos = nanos;
    this.next = nanos.getAsLong();
  }

  /** Waits for this send's turn. */
  void await(long bytesPerSecond, long bytes, Halt halt) throws InterruptedException {
    long wait = turn(bytesPerSecond, bytes);
    if (wait > 0) {
      halt.await(wait);
    }
  }

  /** How long this send is to wait for its turn; the next one has its turn behind it. */
  synchronized long turn(long bytesPerSecond, long bytes) {
    if (bytesPerSecond <= 0) {
      return 0;
    }
    long now = nanos.getAsLong();
    long turn = next - now > 0 ? next : now;
    next = turn + (long) (bytes * SECOND / bytesPerSecond);
    return turn - now;
  }
}
