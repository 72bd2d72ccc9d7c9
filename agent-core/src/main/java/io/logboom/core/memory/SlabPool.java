package io.logboom.core.memory;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The memory budget: every byte of record data that the agent holds is in a slab from here, and
 * waiting for one is the agent's back pressure.
 *
 * <p>Slabs come in size classes, each four times the one before, so that a batch with little in it
 * can move to a small one ({@link #fit}). What is larger than a usual slab is made for its use and
 * dropped afterwards. Free slabs count towards the budget too: before a new one is made, free ones
 * of other classes go.
 *
 * <p>Every operation is per batch, so that one lock serves.
 */
public final class SlabPool implements Batches, Batch.Storage {
  /** The bytes of a usual slab. */
  public static final int USUAL = 256 * 1024;

  private static final int SMALLEST = 4 * 1024;
  private static final int CLASSES = 4;
  private static final int RECORDS = 1024;
  private static final int FEW_RECORDS = 8;

  private final long budget;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private final ArrayDeque<byte[]>[] free = new ArrayDeque[CLASSES];

  // Those who wait, in the order in which they came.
  private final ArrayDeque<Object> line = new ArrayDeque<>();

  private final ArrayDeque<Batch> emptyBatches = new ArrayDeque<>();
  private long used;
  private long idle;
  private long peak;

  /**
   * @param budget the bytes that all slabs together may have; at least four usual ones
   */
  public SlabPool(long budget) {
    if (budget < 4L * USUAL) {
      throw new IllegalArgumentException("budget " + budget + " is less than " + 4L * USUAL);
    }
    this.budget = budget;
    for (int i = 0; i < CLASSES; i++) {
      free[i] = new ArrayDeque<>();
    }
  }

  /** The budget for a heap of this size: two fifths of it, within sane bounds. */
  public static long budgetFor(long maxHeap) {
    return Math.clamp(maxHeap * 2 / 5, 4L * USUAL, 1L << 30);
  }

  @Override
  public Batch open() throws InterruptedException {
    return open(USUAL);
  }

  @Override
  public Batch open(int bytes) throws InterruptedException {
    if (bytes > largest()) {
      throw new IllegalArgumentException(
          "a batch of "
              + bytes
              + " bytes is more than the "
              + largest()
              + " that the budget allows");
    }
    int size = Math.max(bytes, USUAL);
    lock.lockInterruptibly();
    try {
      if (!line.isEmpty() || used + size > budget) {
        awaitTurn(size);
      }
      return batchOn(take(size));
    } finally {
      lock.unlock();
    }
  }

  /**
   * First come, first served: an input that is quick to ask again would leave nothing to others.
   */
  private void awaitTurn(long size) throws InterruptedException {
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
  }

  @Override
  public @Nullable Batch tryOpen() {
    lock.lock();
    try {
      return !line.isEmpty() || used + USUAL > budget ? null : batchOn(take(USUAL));
    } finally {
      lock.unlock();
    }
  }

  /**
   * An empty batch with room for this many bytes, at once and whatever the budget says: for what
   * must be read back from disk so that memory becomes free. The caller bounds how much that is.
   */
  public Batch overdraw(int bytes) {
    lock.lock();
    try {
      return readBack(sizeFor(bytes));
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #overdraw}, but beyond the budget only as far as the reserve goes, which all who read
   * back share: an eighth of the budget.
   *
   * @return null where the reserve is used up
   */
  public @Nullable Batch borrow(int bytes) {
    lock.lock();
    try {
      int size = sizeFor(bytes);
      return used + size > budget + reserve() ? null : readBack(size);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Often a single record, and thousands of these at a time: an index with room for many would
   * weigh more than the slab does, and nobody counts it.
   */
  private Batch readBack(int bytes) {
    return new Batch(this, take(bytes), FEW_RECORDS);
  }

  /** The bytes that {@link #borrow} may take beyond the budget. */
  public long reserve() {
    return budget / 8;
  }

  private static int sizeFor(int bytes) {
    int k = classFor(bytes);
    return k < CLASSES ? classSize(k) : bytes;
  }

  @Override
  public void charge(long bytes) {
    lock.lock();
    try {
      charged(bytes);
      shrinkIdle();
      if (bytes < 0) {
        room.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int usual() {
    return USUAL;
  }

  @Override
  public int largest() {
    return (int) Math.min(budget / 2, Integer.MAX_VALUE - 64);
  }

  @Override
  public byte[] grow(byte[] bytes, int usedBytes, int atLeast) {
    byte[] larger =
        new byte[Math.max(atLeast, Math.min(bytes.length * 2, bytes.length + (1 << 20)))];
    System.arraycopy(bytes, 0, larger, 0, usedBytes);
    lock.lock();
    try {
      charged(larger.length);
      give(bytes);
    } finally {
      lock.unlock();
    }
    return larger;
  }

  /** Moves a batch that fills less than half of its slab to the smallest class that holds it. */
  public void fit(Batch batch) {
    byte[] bytes = batch.bytes();
    int wanted = classSize(classFor(batch.limit()));
    if (batch.limit() * 2 >= bytes.length || wanted >= bytes.length) {
      return;
    }
    byte[] small;
    lock.lock();
    try {
      small = take(wanted);
    } finally {
      lock.unlock();
    }
    System.arraycopy(bytes, 0, small, 0, batch.limit());
    batch.rebase(small);
    lock.lock();
    try {
      give(bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a batch back. Nobody may look at it, or at a subset of it, afterwards. */
  public void release(Batch batch) {
    byte[] bytes = batch.bytes();
    batch.clear();
    lock.lock();
    try {
      give(bytes);
      if (emptyBatches.size() < 64) {
        batch.rebase(NOTHING);
        emptyBatches.push(batch);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Bytes in slabs that batches stand on. */
  public long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /** The most that {@link #used} ever was. */
  public long peak() {
    lock.lock();
    try {
      return peak;
    } finally {
      lock.unlock();
    }
  }

  public long budget() {
    return budget;
  }

  /** How many threads wait for memory now. */
  public int waiting() {
    lock.lock();
    try {
      return line.size();
    } finally {
      lock.unlock();
    }
  }

  private static final byte[] NOTHING = new byte[0];

  private Batch batchOn(byte[] slab) {
    Batch batch = emptyBatches.poll();
    if (batch == null) {
      return new Batch(this, slab, RECORDS);
    }
    batch.rebase(slab);
    return batch;
  }

  private byte[] take(int size) {
    charged(size);
    int k = classFor(size);
    if (k < CLASSES && classSize(k) == size) {
      byte[] slab = free[k].poll();
      if (slab != null) {
        idle -= size;
        return slab;
      }
    }
    shrinkIdle();
    return new byte[size];
  }

  /** Lets free slabs go while all together are more than the budget. */
  private void shrinkIdle() {
    for (int i = CLASSES - 1; i >= 0 && used + idle > budget; i--) {
      while (used + idle > budget && free[i].poll() != null) {
        idle -= classSize(i);
      }
    }
  }

  private void charged(long size) {
    used += size;
    peak = Math.max(peak, used);
  }

  private void give(byte[] slab) {
    used -= slab.length;
    int k = classFor(slab.length);
    if (k < CLASSES && classSize(k) == slab.length && used + idle + slab.length <= budget) {
      free[k].push(slab);
      idle += slab.length;
    }
    room.signalAll();
  }

  /** The index of the smallest class that holds {@code size}; {@link #CLASSES} where none does. */
  private static int classFor(int size) {
    int k = 0;
    while (k < CLASSES && classSize(k) < size) {
      k++;
    }
    return k;
  }

  private static int classSize(int k) {
    return k >= CLASSES ? Integer.MAX_VALUE : SMALLEST << (2 * k);
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "SlabPool[used="
          + used
          + ", idle="
          + idle
          + ", budget="
          + budget
          + ", free="
          + Arrays.stream(free).mapToInt(ArrayDeque::size).sum()
          + "]";
    } finally {
      lock.unlock();
    }
  }
}
