package io.logboom.core.pipeline;

import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue between two stages, bounded in bytes and in slots. Adding and taking are lock-free while
 * there is room and something to take; a lock is used only to sleep and to wake a sleeper. First
 * in, first out.
 *
 * <p>One element is always taken in, however large it is, so that an oversize batch cannot stop a
 * stage for ever.
 *
 * @param <E> what is queued
 */
public final class Ring<E> {
  private final MpmcAtomicArrayQueue<E> queue;
  private final ToLongFunction<E> weight;
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition content = lock.newCondition();
  private final AtomicInteger waitingForRoom = new AtomicInteger();
  private final AtomicInteger waitingForContent = new AtomicInteger();
  private final ConcurrentLinkedQueue<Runnable> onRoom = new ConcurrentLinkedQueue<>();

  public Ring(int slots, long maxBytes, ToLongFunction<E> weight) {
    this.queue = new MpmcAtomicArrayQueue<>(slots);
    this.maxBytes = maxBytes;
    this.weight = weight;
  }

  /** Adds without waiting; false where it is full. */
  public boolean offer(E element) {
    long w = weight.applyAsLong(element);
    long before;
    do {
      before = bytes.get();
      if (before > 0 && before + w > maxBytes) {
        return false;
      }
    } while (!bytes.compareAndSet(before, before + w));
    if (!queue.offer(element)) {
      bytes.addAndGet(-w);
      return false;
    }
    // The element must be visible before the sleeper count is read; else a sleeper and this thread
    // could miss each other.
    VarHandle.fullFence();
    if (waitingForContent.get() > 0) {
      signal(content);
    }
    return true;
  }

  /** Adds, waiting for room. */
  public void put(E element) throws InterruptedException {
    if (offer(element)) {
      return;
    }
    lock.lockInterruptibly();
    try {
      waitingForRoom.incrementAndGet();
      try {
        while (!offer(element)) {
          // Bounded, since an offer may fail for a reason that no taker signals (slots freed
          // between two checks).
          room.await(100, TimeUnit.MILLISECONDS);
        }
      } finally {
        waitingForRoom.decrementAndGet();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes without waiting; null where it is empty. */
  public @Nullable E poll() {
    E element = queue.poll();
    if (element != null) {
      bytes.addAndGet(-weight.applyAsLong(element));
      if (waitingForRoom.get() > 0) {
        signal(room);
      }
      if (!onRoom.isEmpty()) {
        tell();
      }
    }
    return element;
  }

  /** Takes, waiting up to {@code nanos} for something to take; null where nothing came. */
  public @Nullable E poll(long nanos) throws InterruptedException {
    E element = poll();
    if (element != null || nanos <= 0) {
      return element;
    }
    lock.lockInterruptibly();
    try {
      waitingForContent.incrementAndGet();
      try {
        long left = nanos;
        while ((element = poll()) == null && left > 0) {
          left = content.awaitNanos(left);
        }
        return element;
      } finally {
        waitingForContent.decrementAndGet();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs {@code resume} once at the next take, or now where there is nothing to take. Anybody may
   * wait like this at once; whether there is room enough then shows the next {@link #offer}.
   */
  public void onRoom(Runnable resume) {
    onRoom.add(resume);
    // Either the taker of the last element sees who waits, or this sees that it was the last.
    VarHandle.fullFence();
    if (queue.isEmpty()) {
      tell();
    }
  }

  /** Those who wait now, not those who do so again. */
  private void tell() {
    for (int left = onRoom.size(); left > 0; left--) {
      Runnable resume = onRoom.poll();
      if (resume == null) {
        return;
      }
      resume.run();
    }
  }

  public boolean isEmpty() {
    return queue.isEmpty();
  }

  /** How many elements wait. */
  public int size() {
    return queue.size();
  }

  /** The weight of all elements that wait. */
  public long bytes() {
    return bytes.get();
  }

  public long maxBytes() {
    return maxBytes;
  }

  private void signal(Condition condition) {
    lock.lock();
    try {
      condition.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
