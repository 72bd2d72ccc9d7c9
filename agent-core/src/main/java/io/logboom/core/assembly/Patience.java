package io.logboom.core.assembly;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How long a reload may wait, all its waits together. They end early when the agent is told to
 * stop, which goes before.
 */
final class Patience {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final long deadline;
  private final BooleanSupplier stopping;

  Patience(Duration most, BooleanSupplier stopping) {
    this.deadline = System.nanoTime() + most.toNanos();
    this.stopping = stopping;
  }

  /** Waits until it holds; false where it does not in time. */
  boolean await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (isOver()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  /** As {@link #await}, for half of the time that is left. */
  boolean awaitHalf(BooleanSupplier condition) {
    Duration half = Duration.ofNanos(Math.max(0, (deadline - System.nanoTime()) / 2));
    return new Patience(half, stopping).await(condition);
  }

  boolean isStopping() {
    return stopping.getAsBoolean();
  }

  private boolean isOver() {
    return isStopping() || deadline - System.nanoTime() <= 0;
  }
}
