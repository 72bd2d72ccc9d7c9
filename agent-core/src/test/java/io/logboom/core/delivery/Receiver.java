package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** An output whose far end is up, down, or holds every send until it is let go. */
final class Receiver implements Output {
  enum State {
    UP,
    DOWN,
    HOLDING
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> arrived = new ArrayList<>();
  private State state = State.UP;
  private int sends;

  void become(State next) {
    lock.lock();
    try {
      state = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      sends++;
      changed.signalAll();
      while (state == State.HOLDING) {
        changed.await(1, TimeUnit.SECONDS);
      }
      if (state == State.DOWN) {
        return new Outcome.Retry("down");
      }
      for (Batch batch : batches) {
        for (int i = 0; i < batch.size(); i++) {
          if (!batch.isDropped(i)) {
            arrived.add(
                new String(
                    batch.bytes(), batch.offset(i), batch.length(i), StandardCharsets.UTF_8));
          }
        }
      }
      return Outcome.DELIVERED;
    } finally {
      lock.unlock();
    }
  }

  /** The bodies that arrived, in order. */
  List<String> arrived() {
    lock.lock();
    try {
      return List.copyOf(arrived);
    } finally {
      lock.unlock();
    }
  }

  int sends() {
    lock.lock();
    try {
      return sends;
    } finally {
      lock.unlock();
    }
  }
}
