package io.logboom.core.delivery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the records of one source in order over all workers: a unit waits until no older one that
 * may have records of the same sources is under way. Units of different sources go side by side.
 *
 * <p>When one comes again, those that waited for it come again too, and are taken anew behind it.
 */
final class Order {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Oldest first.
  private final List<Unit> underWay = new ArrayList<>();
  // Those of them that are to come again, as one before them does.
  private final Set<Unit> sentBack = new HashSet<>();
  private long returns;

  /**
   * A unit is on its way; called in order of age.
   *
   * @param since what {@link #settled} told before its parts were taken
   * @return false where something has come again since, which may be older
   */
  boolean entered(Unit unit, long since) {
    lock.lock();
    try {
      if (returns != since) {
        return false;
      }
      underWay.add(unit);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the unit's turn.
   *
   * @return false where it does not come: the delivery stops, or the unit is to come again
   */
  boolean await(Unit unit, Halt halt) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!halt.isStopped() && !sentBack.contains(unit) && isHeldUp(unit)) {
        changed.awaitNanos(Halt.LOOK_AGAIN_NANOS);
      }
      return !halt.isStopped() && !sentBack.contains(unit);
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

  /**
   * Waits until all that is to come again can be taken again.
   *
   * @return a number for {@link #entered}, which grows when something comes again
   */
  long settled(Halt halt) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!halt.isStopped() && !sentBack.isEmpty()) {
        changed.awaitNanos(Halt.LOOK_AGAIN_NANOS);
      }
      return returns;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The unit is through, or can be taken again.
   *
   * @param again whether records of it come again
   */
  void left(Unit unit, boolean again) {
    lock.lock();
    try {
      int at = underWay.indexOf(unit);
      if (at < 0) {
        return;
      }
      underWay.remove(at);
      sentBack.remove(unit);
      if (again) {
        returns++;
        for (Unit younger : underWay.subList(at, underWay.size())) {
          if (unit.mayShareSource(younger)) {
            sentBack.add(younger);
          }
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
