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
 * waiting for one is the agent's back pressure. A slab comes with its batch's index, and counts
 * with it. What else stands for records, such as requests that outputs have encoded, is charged; a
 * quarter of the budget is for batches whatever is charged, so that records always get on.
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

  private static final int RECORDS = 1024;

  /** The bytes of a usual slab with its index. */
  public static final int USUAL_BATCH = USUAL + Batch.indexBytes(RECORDS);

  /** The smallest budget: four usual batches. */
  public static final long LEAST = 4L * USUAL_BATCH;

  private static final int SMALLEST = 4 * 1024;
  private static final int CLASSES = 4;
  private static final int FEW_RECORDS = 8;

  /** An index is cut to size where so many of it would do. */
  private static final int INDEX_SLACK = 4;

  private final long budget;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private final ArrayDeque<byte[]>[] free = new ArrayDeque[CLASSES];

  // Those who wait, in the order in which they came.
  private final ArrayDeque<Object> line = new ArrayDeque<>();

  private final ArrayDeque<Batch> emptyBatches = new ArrayDeque<>();
  // All that is in use, what is charged among it.
  private long used;
  private long charged;
  private long idle;
  private long peak;

  /**
   * @param budget the bytes that all together may have; at least {@link #LEAST}
   */
  public SlabPool(long budget) {
    if (budget < LEAST) {
      throw new IllegalArgumentException("budget " + budget + " is less than " + LEAST);
    }
    this.budget = budget;
    for (int i = 0; i < CLASSES; i++) {
      free[i] = new ArrayDeque<>();
    }
  }

  /** The budget for a heap of this size: two fifths of it, within sane bounds. */
  public static long budgetFor(long maxHeap) {
    return Math.clamp(maxHeap * 2 / 5, LEAST, 1L << 30);
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
      if (!line.isEmpty() || !hasRoom(size)) {
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
      while (!place.equals(line.peek()) || !hasRoom(size)) {
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
      return !line.isEmpty() || !hasRoom(USUAL) ? null : batchOn(take(USUAL));
    } finally {
      lock.unlock();
    }
  }

  /** Whether a batch may have a slab of this size, and an index. */
  private boolean hasRoom(long size) {
    // What is larger than usual is rare, and has to get on whatever is charged.
    long others = size > USUAL ? used - charged : counted();
    return others + size + Batch.indexBytes(RECORDS) <= budget;
  }

  /** What is in use, but of what is charged no more than leaves the batches their share. */
  private long counted() {
    return used - charged + Math.min(charged, mostCharged());
  }

  private long mostCharged() {
    return budget - Math.max(budget / 4, 2L * USUAL_BATCH);
  }

  @Override
  public boolean isShort() {
    return charged() > mostCharged();
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
      return counted() + size > budget + reserve() ? null : readBack(size);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Often a single record, and thousands of these at a time: an index with room for many would
   * weigh more than the slab does.
   */
  private Batch readBack(int bytes) {
    inUse(Batch.indexBytes(FEW_RECORDS));
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
      charged += bytes;
      inUse(bytes);
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
      inUse(larger.length);
      give(bytes);
    } finally {
      lock.unlock();
    }
    return larger;
  }

  @Override
  public void indexed(int more) {
    lock.lock();
    try {
      inUse(more);
      shrinkIdle();
      if (more < 0) {
        room.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves a batch that fills less than half of its slab to the smallest class that holds it, and
   * lets go of an index most of which is not in use.
   */
  public void fit(Batch batch) {
    fitIndex(batch);
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

  private void fitIndex(Batch batch) {
    int before = batch.indexBytes();
    if (Batch.indexBytes(batch.size()) * INDEX_SLACK < before) {
      batch.trimIndex();
      indexed(batch.indexBytes() - before);
    }
  }

  /** Takes a batch back. Nobody may look at it, or at a subset of it, afterwards. */
  public void release(Batch batch) {
    byte[] bytes = batch.bytes();
    batch.clear();
    lock.lock();
    try {
      int index = batch.indexBytes();
      used -= index;
      give(bytes);
      if (used + idle + index <= budget) {
        batch.rebase(NOTHING);
        emptyBatches.push(batch);
        idle += index;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of batches that are in use, and what is charged. */
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

  /** What is charged now, a part of {@link #used}. */
  public long charged() {
    lock.lock();
    try {
      return charged;
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
      inUse(Batch.indexBytes(RECORDS));
      return new Batch(this, slab, RECORDS);
    }
    int index = batch.indexBytes();
    idle -= index;
    inUse(index);
    batch.rebase(slab);
    return batch;
  }

  private byte[] take(int size) {
    inUse(size);
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

  /** Lets what is free go while all together is more than the budget. */
  private void shrinkIdle() {
    while (used + idle > budget && !emptyBatches.isEmpty()) {
      idle -= emptyBatches.removeLast().indexBytes();
    }
    for (int i = CLASSES - 1; i >= 0 && used + idle > budget; i--) {
      while (used + idle > budget && free[i].poll() != null) {
        idle -= classSize(i);
      }
    }
  }

  private void inUse(long size) {
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
