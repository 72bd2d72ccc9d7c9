package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.pipeline.Holder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one output, and what is being sent: in memory first, on disk behind it, in one
 * order.
 *
 * <pre>
 *   not spilling    being sent  &lt;  memory
 *   spilling        being sent  &lt;  spool  &lt;  memory, on its way into the spool
 * </pre>
 *
 * <p>Usual work never touches the disk. Spilling begins when the output is stuck, or so slow that
 * others starve, or at the end; it ends when the spool is drained. What is being sent goes to the
 * spool too then, and first, so that all of it survives a crash and its source may go on.
 *
 * <p>Any number of threads put; one at a time takes.
 */
final class OutputQueue {
  /** An output that has work and gave no answer for this long is stuck. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long a wait for room may be before an output that is only slow spills for the others. */
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** How many times more may come to an output that another one starves for. */
  private static final int COMPARABLE = 8;

  private static final double RECENT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long GROUP_BYTES = 4L << 20;
  private static final long GROUP_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long SPILL_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long maxBytes;
  private final OutputStats stats;
  private final OutputAccount account;
  private final @Nullable Spooler spooler;
  private volatile Predicate<OutputQueue> othersStarve = _ -> false;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition content = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Condition spill = lock.newCondition();
  private final ArrayDeque<Queued> memory = new ArrayDeque<>();
  private final Set<Queued> leased = new LinkedHashSet<>();
  private List<Queued> writing = new ArrayList<>();
  private long memoryBytes;
  private long writingBytes;
  private long enteringRecords;
  // How many of those that are being written came back from their send meanwhile.
  private int returning;
  private long ordinals;
  private double arrivals;
  private long lastArrivalNanos = System.nanoTime();
  private long busySinceNanos = System.nanoTime();
  private long writtenNanos = System.nanoTime() - GROUP_PAUSE_NANOS;
  private long spillNotBefore = System.nanoTime();
  // What the spool refused and memory took back is older than this; 0 where all of that is gone.
  private long refusedBelow;
  private boolean spilling;
  private boolean closing;

  OutputQueue(long maxBytes, OutputStats stats, OutputAccount account, @Nullable Spooler spooler) {
    this.maxBytes = maxBytes;
    this.stats = stats;
    this.account = account;
    this.spooler = spooler;
    this.spilling = spooler != null && !spooler.isDrained();
  }

  /** Tells whether another output has nothing to do while the queue given is full. */
  void othersStarve(Predicate<OutputQueue> starve) {
    othersStarve = starve;
  }

  /** Whether it has nothing to do and would have, if routing did not wait for the other. */
  boolean starvesFor(OutputQueue other) {
    return isIdle() && arrivals() * COMPARABLE >= other.arrivals();
  }

  /** What came in the last seconds, in batches, each counting less as it ages. */
  private double arrivals() {
    lock.lock();
    try {
      return arrivals * Math.exp((lastArrivalNanos - System.nanoTime()) / RECENT_NANOS);
    } finally {
      lock.unlock();
    }
  }

  /** Adds what was routed, waiting for room. */
  void put(Batch batch, Holder holder, long weight, long arrivedNanos) throws InterruptedException {
    int records = batch.liveRecords();
    lock.lockInterruptibly();
    enteringRecords += records;
    try {
      long began = 0;
      while (isFull(weight)) {
        long now = System.nanoTime();
        began = began == 0 ? now : began;
        if (maySpill() && (isStuck(now) || (now - began >= SLOW_NANOS && holdsUpOthers(weight)))) {
          beginSpilling();
        }
        if (spilling) {
          beginSpilling();
        }
        if (isFull(weight)) {
          room.awaitNanos(LOOK_AGAIN_NANOS);
        }
      }
      if (began != 0) {
        stats.waits.record(System.nanoTime() - began);
      }
      busy();
      arrivals = arrivals() + 1;
      lastArrivalNanos = System.nanoTime();
      memory.add(new Queued(batch, holder, weight, arrivedNanos, ordinals++, records));
      memoryBytes += weight;
      if (spilling) {
        // Also where the spool was not empty at the start: then nothing has been written yet.
        beginSpilling();
      } else {
        content.signal();
      }
    } finally {
      enteringRecords -= records;
      lock.unlock();
    }
  }

  /**
   * As {@link #put}, for what may as well come later.
   *
   * @return false where the queue closes before there is room
   */
  boolean putUnlessClosed(Batch batch, Holder holder, long weight) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closing && isFull(weight)) {
        room.awaitNanos(LOOK_AGAIN_NANOS);
      }
      if (closing) {
        return false;
      }
      put(batch, holder, weight, System.nanoTime());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** One element is always taken in, however large it is. */
  private boolean isFull(long weight) {
    long held = memoryBytes + writingBytes;
    return held > 0 && held + weight > maxBytes;
  }

  private boolean maySpill() {
    return spooler != null && !spilling && !closing && spillNotBefore - System.nanoTime() <= 0;
  }

  /**
   * Whether another output starves while this queue is full. The others are asked without the lock:
   * each answers under its own, and may be asking at the same time.
   */
  private boolean holdsUpOthers(long weight) {
    lock.unlock();
    boolean starve;
    try {
      starve = othersStarve.test(this);
    } finally {
      lock.lock();
    }
    return starve && maySpill() && isFull(weight);
  }

  private boolean isStuck(long now) {
    return now - Math.max(stats.lastProgressNanos, busySinceNanos) >= STUCK_NANOS;
  }

  private void busy() {
    if (memory.isEmpty() && leased.isEmpty()) {
      busySinceNanos = System.nanoTime();
    }
  }

  private void beginSpilling() {
    if (spooler != null) {
      spilling = true;
      spooler.start(this);
      spill.signalAll();
    }
  }

  /** The output does not get on: what it has in memory is better on disk. */
  void spill() {
    if (spooler == null) {
      return;
    }
    lock.lock();
    try {
      if (maySpill()) {
        beginSpilling();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The oldest that is not being sent, waiting up to {@code nanos} for one; null where none came.
   */
  @Nullable Queued take(long nanos) throws InterruptedException {
    return take(nanos, () -> false);
  }

  /**
   * As {@link #take(long)}.
   *
   * @param enough whether not to wait any more; asked again after {@link #lookUp}
   */
  @Nullable Queued take(long nanos, BooleanSupplier enough) throws InterruptedException {
    long left = nanos;
    while (true) {
      Queued read = spooler != null && mayRead() ? spooler.read() : null;
      // Not to be interrupted: what was read is nobody's until it is leased.
      lock.lock();
      try {
        if (read == null && spilling && isDrained()) {
          spilling = false;
        }
        Queued next = read == null && !spilling ? memory.poll() : read;
        if (next != null) {
          lease(next);
          return next;
        }
        if (left <= 0 || enough.getAsBoolean()) {
          return null;
        }
        // While there is no memory to read more, somebody else may give some back.
        long patience = spilling ? Math.min(left, LOOK_AGAIN_NANOS) : left;
        left -= patience - Math.max(0, content.awaitNanos(patience));
      } finally {
        lock.unlock();
      }
    }
  }

  /** Has who waits in {@link #take(long, BooleanSupplier)} look whether it is enough. */
  void lookUp() {
    lock.lock();
    try {
      content.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void lease(Queued next) {
    busy();
    if (!next.isSpooled()) {
      memoryBytes -= next.weight();
      room.signalAll();
    }
    next.leased = true;
    leased.add(next);
  }

  /** Not before all that came back is in its place: it is older than what the spool has. */
  private boolean mayRead() {
    lock.lock();
    try {
      return spilling && returning == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is on disk that was not handed out, and nothing is on its way there. */
  private boolean isDrained() {
    return returning == 0 && writing.isEmpty() && (spooler == null || spooler.isDrained());
  }

  /** What was taken together is through, or comes again. */
  void settle(List<Queued> taken, Settlement settlement) {
    List<Queued> through = new ArrayList<>(taken.size());
    lock.lock();
    try {
      for (Queued each : taken) {
        leased.remove(each);
        each.leased = false;
        if (each.writing) {
          each.ended = settlement;
          returning += settlement == Settlement.AGAIN ? 1 : 0;
        } else if (settlement == Settlement.DONE || each.isSpooled() || !keepsWhatComesAgain()) {
          through.add(each);
        } else {
          back(each);
        }
      }
      if (spilling) {
        content.signal();
      }
      overcome();
    } finally {
      lock.unlock();
    }
    if (settlement == Settlement.DONE) {
      long now = System.nanoTime();
      taken.forEach(each -> stats.latency.record(now - each.arrivedNanos()));
    }
    through.forEach(each -> end(each, settlement));
  }

  /** What has arrived of what is being sent need not go to the spool any more. */
  void reduce(Unit sent) {
    lock.lock();
    try {
      sent.unsettled();
    } finally {
      lock.unlock();
    }
  }

  private boolean keepsWhatComesAgain() {
    return spooler != null && spooler.settlesSources();
  }

  /** To its place in the order, before all that is younger. */
  private void back(Queued each) {
    ArrayDeque<Queued> older = new ArrayDeque<>();
    while (!memory.isEmpty() && memory.peekFirst().ordinal() < each.ordinal()) {
      older.push(memory.pollFirst());
    }
    memory.addFirst(each);
    older.forEach(memory::addFirst);
    memoryBytes += each.weight();
    content.signal();
  }

  /** Outside the lock: tells what has not been told. */
  private void end(Queued each, Settlement settlement) {
    if (each.isSpooled() && spooler != null) {
      if (settlement == Settlement.DONE) {
        spooler.settle(each.sequence);
      } else {
        returnToSpool(spooler, each);
      }
    } else if (settlement == Settlement.AGAIN) {
      account.settled(Fate.AGAIN, each.batch());
    }
    each.holder().free();
    if (!each.told) {
      each.holder().tell(settlement);
    }
  }

  /**
   * To its place in the spool, before all that is younger. What is in memory may have been behind
   * an empty spool until now: it goes into the spool again too.
   */
  private void returnToSpool(Spooler to, Queued each) {
    lock.lock();
    try {
      to.giveBack(each);
      spilling = true;
      if (!memory.isEmpty()) {
        beginSpilling();
      }
      content.signal();
    } finally {
      lock.unlock();
    }
  }

  // ---- the spooler's side

  /**
   * What is to be written next, oldest first; waits for it. Null where the queue closes and nothing
   * is left.
   */
  @Nullable List<Queued> toWrite() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long pause = pause();
        if (!writing.isEmpty()) {
          // What a defect left undone.
          return List.copyOf(writing);
        }
        if (spilling && pause <= 0) {
          writing = group();
          if (!writing.isEmpty()) {
            return List.copyOf(writing);
          }
        }
        if (closing) {
          return null;
        }
        if (spilling && pause > 0) {
          spill.awaitNanos(pause);
        } else {
          spill.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** So that what trickles in shares one flush. */
  private long pause() {
    return closing || memoryBytes > maxBytes / 4
        ? 0
        : GROUP_PAUSE_NANOS - (System.nanoTime() - writtenNanos);
  }

  /**
   * Oldest first. What is being sent is mostly older than all in memory; not where older ones came
   * back.
   */
  private List<Queued> group() {
    List<Queued> group = new ArrayList<>();
    long bytes = 0;
    while (bytes < GROUP_BYTES && !memory.isEmpty()) {
      Queued next = memory.poll();
      next.counted = true;
      memoryBytes -= next.weight();
      writingBytes += next.weight();
      bytes += next.weight();
      group.add(next);
    }
    if (keepsWhatComesAgain()) {
      long left = memory.isEmpty() ? Long.MAX_VALUE : memory.peekFirst().ordinal();
      for (Queued sent : leased) {
        if (!sent.isSpooled() && !sent.leftOut && sent.ordinal() < left) {
          group.add(sent);
        }
      }
      group.sort(Comparator.comparingLong(Queued::ordinal));
    }
    group.forEach(each -> each.writing = true);
    return group;
  }

  /** The first ones of what is being written are on disk. */
  void written(List<Queued> group, boolean settles) {
    List<Queued> ended = new ArrayList<>();
    List<Queued> freed = new ArrayList<>();
    lock.lock();
    try {
      for (Queued each : group) {
        unwrite(each);
        each.told = settles;
        if (each.ended != null) {
          ended.add(each);
        } else if (!each.leased) {
          freed.add(each);
        }
      }
      writtenNanos = System.nanoTime();
      content.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    if (settles) {
      group.forEach(each -> each.holder().tell(Settlement.DONE));
    }
    ended.forEach(each -> end(each, each.ended == null ? Settlement.AGAIN : each.ended));
    freed.forEach(each -> each.holder().free());
    returned(ended);
  }

  private void returned(List<Queued> ended) {
    lock.lock();
    try {
      ended.forEach(this::noLongerReturning);
      content.signal();
    } finally {
      lock.unlock();
    }
  }

  private void noLongerReturning(Queued each) {
    returning -= each.ended == Settlement.AGAIN ? 1 : 0;
  }

  private void unwrite(Queued each) {
    each.writing = false;
    if (each.counted) {
      each.counted = false;
      writingBytes -= each.weight();
    }
    writing.remove(each);
  }

  /**
   * Where nothing waits on disk, what could not be written goes back to memory, which then has to
   * do; else it stays where it is.
   *
   * @return whether it went back
   */
  boolean takeBack() {
    List<Queued> ended = new ArrayList<>();
    lock.lock();
    try {
      if (closing || spooler == null || !spooler.isDrained()) {
        return false;
      }
      for (Queued each : List.copyOf(writing)) {
        boolean waits = each.counted;
        unwrite(each);
        if (each.ended == Settlement.DONE) {
          ended.add(each);
        } else if (waits || each.ended != null) {
          noLongerReturning(each);
          each.ended = null;
          back(each);
        }
      }
      spilling = false;
      spillNotBefore = System.nanoTime() + SPILL_AGAIN_NANOS;
      refusedBelow = ordinals;
      overcome();
      content.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    ended.forEach(each -> end(each, Settlement.DONE));
    return true;
  }

  /** Where all that the spool refused has left memory by itself, nothing waits for it any more. */
  private void overcome() {
    if (refusedBelow > 0
        && !spilling
        && (memory.isEmpty() || memory.peekFirst().ordinal() >= refusedBelow)
        && leased.stream().noneMatch(each -> each.ordinal() < refusedBelow)
        && spooler != null) {
      refusedBelow = 0;
      spooler.unneeded();
    }
  }

  /**
   * One that could not be written is not waited for any more.
   *
   * @return whether it is the caller's to settle; not while it is being sent
   */
  boolean giveUp(Queued each) {
    Settlement ended;
    lock.lock();
    try {
      boolean waits = each.counted;
      unwrite(each);
      room.signalAll();
      each.leftOut = true;
      noLongerReturning(each);
      ended = each.ended;
      if (ended != Settlement.DONE) {
        return waits || ended != null;
      }
    } finally {
      lock.unlock();
    }
    end(each, ended);
    return false;
  }

  // ---- the end

  boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nothing more will be taken: what is left goes to disk until the deadline, and what is left then
   * comes again.
   */
  void close(long deadlineNanos) {
    lock.lock();
    try {
      closing = true;
      if (keepsWhatComesAgain() && !(memory.isEmpty() && writing.isEmpty())) {
        beginSpilling();
      }
      spill.signalAll();
    } finally {
      lock.unlock();
    }
    if (spooler != null) {
      spooler.close(deadlineNanos);
    }
    List<Queued> left;
    lock.lock();
    try {
      left = new ArrayList<>(writing);
      left.addAll(memory);
      writing = new ArrayList<>();
      memory.clear();
      memoryBytes = 0;
      writingBytes = 0;
    } finally {
      lock.unlock();
    }
    left.forEach(this::leave);
  }

  /** Its way ends here, unless its send ended while it was still to be written. */
  private void leave(Queued each) {
    boolean arrived = each.ended == Settlement.DONE;
    if (!arrived) {
      account.settled(Fate.AGAIN, each.batch());
    }
    each.holder().free();
    each.holder().tell(arrived ? Settlement.DONE : Settlement.AGAIN);
  }

  /** Records that have not come to their end and are not in the spool alone, counted anew. */
  long heldRecords() {
    lock.lock();
    try {
      long held = enteringRecords;
      for (Queued each : memory) {
        held += each.left;
      }
      for (Queued each : leased) {
        held += each.left;
      }
      for (Queued each : writing) {
        held += each.leased || each.ended == Settlement.DONE ? 0 : each.left;
      }
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** How many wait in memory. */
  int size() {
    lock.lock();
    try {
      return memory.size() + writing.size();
    } finally {
      lock.unlock();
    }
  }

  /** The memory of those. */
  long bytes() {
    lock.lock();
    try {
      return memoryBytes + writingBytes;
    } finally {
      lock.unlock();
    }
  }

  long maxBytes() {
    return maxBytes;
  }

  /** Whether nothing waits and nothing is being sent. */
  boolean isIdle() {
    lock.lock();
    try {
      return memory.isEmpty() && leased.isEmpty() && isDrained();
    } finally {
      lock.unlock();
    }
  }
}
