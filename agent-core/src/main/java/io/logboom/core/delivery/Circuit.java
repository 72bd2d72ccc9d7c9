package io.logboom.core.delivery;

import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a receiver that is down from being tried by all workers at once. As many failures in a row
 * as there are workers open it: only the oldest unit is then tried again, the others wait, and no
 * new one begins. The first answer closes it, and the others go on at once.
 */
final class Circuit {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Units that failed and are not through, by their numbers: the first is the oldest.
  private final TreeSet<Long> troubled = new TreeSet<>();
  private int threshold;
  private int failures;
  private long closings;
  private volatile boolean open;

  Circuit(int threshold) {
    this.threshold = threshold;
  }

  void threshold(int failuresInRow) {
    lock.lock();
    try {
      threshold = failuresInRow;
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    return open;
  }

  /** A try of the unit failed. */
  void failed(long unit) {
    lock.lock();
    try {
      troubled.add(unit);
      if (++failures >= threshold) {
        open = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The receiver took something, or refused it for good: it is there. */
  void answered() {
    if (failures == 0 && !open) {
      return;
    }
    lock.lock();
    try {
      failures = 0;
      close();
    } finally {
      lock.unlock();
    }
  }

  /** The unit is through, one way or another. */
  void left(long unit) {
    lock.lock();
    try {
      if (troubled.remove(unit)) {
        if (troubled.isEmpty()) {
          close();
        }
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void close() {
    if (open) {
      open = false;
      closings++;
      changed.signalAll();
    }
  }

  /** Waits until new units may begin. */
  void awaitClosed(Halt halt) throws InterruptedException {
    if (!open) {
      return;
    }
    lock.lockInterruptibly();
    try {
      while (open && !halt.isHurried()) {
        changed.awaitNanos(Halt.LOOK_AGAIN_NANOS);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the unit may be tried again: for {@code nanos}, and while others that are older are
   * tried. Ends early when the receiver is back, and at a shutdown, then after a second at most.
   */
  void await(long unit, long nanos, Halt halt) throws InterruptedException {
    long start = System.nanoTime();
    lock.lockInterruptibly();
    try {
      long closingsBefore = closings;
      while (!halt.isHurried() && closings == closingsBefore) {
        boolean turn = !open || troubled.isEmpty() || troubled.first() == unit;
        long left = nanos - (System.nanoTime() - start);
        if (turn && left <= 0) {
          return;
        }
        changed.awaitNanos(turn ? Math.min(left, Halt.LOOK_AGAIN_NANOS) : Halt.LOOK_AGAIN_NANOS);
      }
    } finally {
      lock.unlock();
    }
    if (halt.isHurried()) {
      long waited = System.nanoTime() - start;
      halt.await(Math.clamp(nanos - waited, 0, TimeUnit.SECONDS.toNanos(1)));
    }
  }
}
