package io.logboom.core.delivery;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The two signals of a shutdown that a delivery waits with: hurry (stop waiting), then stop (stop
 * working).
 */
final class Halt {
  /** How long a wait that this cannot end may last. */
  static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean hurried;
  private volatile boolean stopped;

  void hurry() {
    hurried = true;
    signal();
  }

  void stop() {
    hurried = true;
    stopped = true;
    signal();
  }

  /** Lets those who wait look whether they still should. */
  void wake() {
    signal();
  }

  boolean isHurried() {
    return hurried;
  }

  boolean isStopped() {
    return stopped;
  }

  /**
   * Waits for {@code nanos}; after a hurry for no more than a second, so that a last try is not a
   * busy loop.
   */
  void await(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (left > 0 && !hurried) {
        left = changed.awaitNanos(left);
      }
      left = Math.min(left, TimeUnit.SECONDS.toNanos(1));
      while (left > 0 && !stopped) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
