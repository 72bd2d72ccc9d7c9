package io.logboom.core.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the records of one source in order over all workers: a unit waits until no older one that
 * may have records of the same sources is under way. Units of different sources go side by side.
 */
final class Order {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Oldest first.
  private final List<Unit> underWay = new ArrayList<>();

  /** A unit is on its way; called in order of age. */
  void entered(Unit unit) {
    lock.lock();
    try {
      underWay.add(unit);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the unit's turn; comes back without it when the delivery stops. */
  void await(Unit unit, Halt halt) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!halt.isStopped() && isHeldUp(unit)) {
        changed.awaitNanos(Halt.LOOK_AGAIN_NANOS);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isHeldUp(Unit unit) {
    for (Unit older : underWay) {
      if (older == unit) {
        return false;
      }
      if (older.mayShareSource(unit)) {
        return true;
      }
    }
    return false;
  }

  /** The unit is through, or will be sent anew. */
  void left(Unit unit) {
    lock.lock();
    try {
      underWay.remove(unit);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
