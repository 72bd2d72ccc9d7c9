package io.logboom.core.delivery;

import java.util.concurrent.TimeUnit;

/**
 * Keeps to a number of bytes per second, over all workers of an output: each send pushes the next
 * one back by the time that its bytes are worth.
 */
final class Pace {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private long next = System.nanoTime();

  /** Waits for this send's turn. */
  void await(long bytesPerSecond, long bytes, Halt halt) throws InterruptedException {
    if (bytesPerSecond <= 0) {
      return;
    }
    long wait;
    synchronized (this) {
      long now = System.nanoTime();
      long turn = next - now > 0 ? next : now;
      next = turn + (long) (bytes * SECOND / bytesPerSecond);
      wait = turn - now;
    }
    if (wait > 0) {
      halt.await(wait);
    }
  }
}
