package io.logboom.testkit;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded source of batches that really waits when its budget is out. A batch given back is not
 * used again, so that a late reader shows.
 */
public final class TestBatches implements Batches, Batch.Storage {
  private final int slabBytes;
  private final long budget;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Object> line = new ArrayDeque<>();
  private long used;

  TestBatches(int slabBytes, long budget) {
    this.slabBytes = slabBytes;
    this.budget = budget;
  }

  @Override
  public Batch open() throws InterruptedException {
    return open(slabBytes);
  }

  @Override
  public @Nullable Batch tryOpen() {
    lock.lock();
    try {
      if (!line.isEmpty() || used + slabBytes > budget) {
        return null;
      }
      used += slabBytes;
      return new Batch(this, new byte[slabBytes], 256);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Batch open(int bytes) throws InterruptedException {
    if (bytes > largest()) {
      throw new IllegalArgumentException("bytes " + bytes + " is more than " + largest());
    }
    int size = Math.max(bytes, slabBytes);
    lock.lockInterruptibly();
    try {
      Object place = new Object();
      line.add(place);
      try {
        while (!place.equals(line.peek()) || used + size > budget) {
          room.await();
        }
      } finally {
        line.remove(place);
        room.signalAll();
      }
      used += size;
      return new Batch(this, new byte[size], 256);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void charge(long bytes) {
    lock.lock();
    try {
      used += bytes;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isShort() {
    return used() > budget;
  }

  /** Gives a batch back. */
  public void release(Batch batch) {
    lock.lock();
    try {
      used -= batch.bytes().length;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes held by batches that were opened and not given back, and what else was charged. */
  public long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int usual() {
    return slabBytes;
  }

  @Override
  public int largest() {
    return (int) Math.min(Integer.MAX_VALUE - 8, budget / 2);
  }

  @Override
  public byte[] grow(byte[] bytes, int usedBytes, int atLeast) {
    byte[] larger = Arrays.copyOf(bytes, Math.max(atLeast, bytes.length * 2));
    lock.lock();
    try {
      used += larger.length - bytes.length;
    } finally {
      lock.unlock();
    }
    return larger;
  }
}
