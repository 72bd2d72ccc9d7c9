package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import io.logboom.core.codec.DamagedException;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.Holder;
import io.logboom.core.spool.Head;
import io.logboom.core.spool.Spool;
import io.logboom.core.spool.Usage;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from a queue's memory to its spool and back. Writing has a thread of its own, a {@link
 * SpoolWriter}; reading is done by who takes.
 *
 * <p>What is written may be read when it is safe on disk, and not before.
 */
public final class Spooler implements SpoolView {
  private static final Logger LOG = LoggerFactory.getLogger(Spooler.class);

  /**
   * How many batches in the spool may have sources that wait for the receiver's answer, with {@code
   * ack: delivered}: what the input knows of each takes half a kilobyte or more of memory.
   */
  static final int MOST_UNTOLD = 8192;

  /** Flag of an entry: its source knows that it is here and will not bring it again. */
  static final int TOLD = 1;

  private final Spool spool;
  private final SpoolPolicy policy;
  private final SlabPool pool;
  private final OutputStats stats;
  private final OutputAccount account;
  private final InstantSource clock;
  private final long limitBytes;

  private final SpoolWriter writer;

  // Who reads, which is who takes, and the writer when it drops the oldest.
  private final ReentrantLock reading = new ReentrantLock();
  // How many batches that were read back are in memory.
  private final AtomicInteger held = new AtomicInteger();
  private final BatchCodec decoder;
  private volatile long firstOwn = Long.MAX_VALUE;
  private volatile long bookedDamage;

  /** Records that are in the spool and not yet in the books as such: they are not flushed. */
  private final AtomicLong unbooked = new AtomicLong();

  /** Records that the spool has handed out and that are still on their way from the disk. */
  private volatile long beingRead;

  /** What has become of all that is still in the spool; null as long as it is open. */
  private @Nullable Fate end;

  // Sources that are told only when their records have arrived.
  private final Map<Long, Holder> untold = new ConcurrentHashMap<>();

  // Entries that were read and came back, each with the numbers of its records that had arrived.
  private final Map<Long, BitSet> returned = new ConcurrentHashMap<>();
  private final AtomicLong returnedArrived = new AtomicLong();

  /**
   * @param compression of what is written
   * @param pool where what is read back gets its memory from. One batch is had whatever the budget
   *     says, so that a full pool can always be drained; more, as far as the pool's reserve goes
   */
  public Spooler(
      Spool spool,
      SpoolPolicy policy,
      Names names,
      Compression compression,
      SlabPool pool,
      OutputStats stats,
      OutputAccount account,
      InstantSource clock,
      long limitBytes) {
    this.spool = spool;
    this.limitBytes = limitBytes;
    this.policy = policy;
    this.pool = pool;
    this.stats = stats;
    this.account = account;
    this.clock = clock;
    this.writer =
        new SpoolWriter(this, spool, policy, new BatchCodec(names, compression), stats, account);
    this.decoder = new BatchCodec(names, Compression.NONE);
    account.found(spool.usage().records() + spool.usage().damage().records());
    bookDamage();
  }

  /** Whether an entry that is safe here settles its source. */
  boolean settlesSources() {
    return policy.ack() == Ack.SPOOLED;
  }

  // ---- writing

  /** Begins to write what the queue has for it, where that has not begun. */
  void start(OutputQueue queue) {
    writer.start(queue);
  }

  /** Whether the thread that writes is there, or not needed; one that is not ended by a fault. */
  boolean isWorking() {
    return writer.isWorking();
  }

  /**
   * What could not be written has left memory another way: what stood in the way holds nothing up.
   */
  void unneeded() {
    writer.unneeded();
  }

  /** An entry was appended that the caller has in memory, with the source that waits for it. */
  void appended(long sequence, Holder source) {
    firstOwn = Math.min(firstOwn, sequence);
    if (!settlesSources()) {
      untold.put(sequence, source);
    }
  }

  /** Whether one more source may wait for the receiver's answer. */
  boolean mayKeepUntold() {
    return untold.size() < MOST_UNTOLD;
  }

  /** So many more records are in the spool and not in the books as such, or fewer. */
  void unbooked(int records) {
    unbooked.addAndGet(records);
  }

  /** An entry that was appended is void. */
  void revoked(long sequence) {
    untold.remove(sequence);
  }

  /**
   * Drops the oldest that nobody has.
   *
   * @return false where there is none
   */
  boolean dropOldest() throws InterruptedException {
    // Gone in a moment, so that its memory need not be there.
    Queued oldest = read(true);
    if (oldest == null) {
      return false;
    }
    spool.settle(oldest.sequence);
    drop(oldest, "oldest", Fate.OVERFLOW_OLDEST);
    return true;
  }

  /** Takes a batch out for want of room: counted, or to come again where it is kept elsewhere. */
  void drop(Queued each, String which, Fate fate) {
    boolean safe = each.holder().isSafe();
    if (!safe) {
      stats.overflow(each.batch().liveRecords(), which);
    }
    account.settled(safe ? Fate.AGAIN : fate, each.batch());
    each.holder().free();
    each.holder().tell(safe ? Settlement.AGAIN : Settlement.DONE);
  }

  // ---- reading

  boolean isDrained() {
    return spool.isEmpty();
  }

  /**
   * The oldest entry that nobody has, on memory of its own; null where there is none, or no memory
   * for it now. It is handed out then.
   */
  @Nullable Queued read() throws InterruptedException {
    return read(false);
  }

  private @Nullable Queued read(boolean atOnce) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      for (Head head = spool.next(); head != null; head = spool.next()) {
        beingRead = head.records();
        Queued read;
        try {
          read = read(head, atOnce);
        } finally {
          beingRead = 0;
        }
        if (read != null) {
          return read;
        }
        bookDamage();
        if (head.equals(spool.next())) {
          return null;
        }
      }
      bookDamage();
      return null;
    } finally {
      reading.unlock();
    }
  }

  /** Enters what the spool has found damaged or missing since the last look. */
  private synchronized void bookDamage() {
    long found = spool.usage().damage().records();
    long more = found - bookedDamage;
    if (more > 0) {
      bookedDamage = found;
      stats.damagedRecords.add(more);
      stats.droppedRecords.add(more);
      long earlier = Math.min(more, account.earlier());
      if (earlier > 0) {
        account.settledUnseen(Fate.DAMAGED, earlier, true);
      }
      if (more > earlier) {
        account.settledUnseen(Fate.DAMAGED, more - earlier, false);
      }
    }
  }

  private @Nullable Queued read(Head head, boolean atOnce) {
    BitSet arrived = returned.get(head.sequence());
    boolean earlier = arrived == null && head.sequence() < firstOwn;
    if (earlier && (head.flags() & TOLD) == 0) {
      // Its source was never told and brings it again.
      account.settledUnseen(Fate.AGAIN, head.records(), true);
      spool.settle(head.sequence());
      return null;
    }
    Batch batch =
        atOnce || held.get() == 0
            ? pool.overdraw(head.payloadBytes())
            : pool.borrow(head.payloadBytes());
    if (batch == null) {
      return null;
    }
    held.incrementAndGet();
    if (!spool.read(head, batch.bytes(), 0)) {
      free(batch);
      return null;
    }
    try {
      decoder.decode(batch, head.payloadBytes());
    } catch (DamagedException e) {
      free(batch);
      damaged(head, earlier, e);
      return null;
    } catch (RuntimeException e) {
      free(batch);
      spool.giveBack(head.sequence());
      throw e;
    }
    forgetReturned(head);
    Queued read = queued(head, batch, arrived == null ? new BitSet() : arrived);
    if (earlier) {
      stats.recoveredRecords.add(batch.liveRecords());
      account.recovered(batch);
    } else {
      account.unspooled(read.batch());
    }
    return read;
  }

  private void free(Batch batch) {
    pool.release(batch);
    held.decrementAndGet();
  }

  private Queued queued(Head head, Batch batch, BitSet arrived) {
    long age = Math.max(0, clock.millis() - head.appendedMillis());
    Queued read =
        new Queued(
            batch,
            new OnDisk(this, batch, untold.remove(head.sequence())),
            batch.bytes().length,
            System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(age),
            -1,
            batch.liveRecords());
    read.sequence = head.sequence();
    read.entry = batch;
    if (!arrived.isEmpty()) {
      BitSet rest = (BitSet) arrived.clone();
      rest.flip(0, batch.size());
      read.reduce(batch.subset(rest));
    }
    return read;
  }

  private void damaged(Head head, boolean earlier, DamagedException e) {
    BitSet arrived = forgetReturned(head);
    int lost = head.records() - (arrived == null ? 0 : arrived.cardinality());
    LOG.error(
        "[{}] an entry of the spool cannot be understood, {} record(s) are lost: {}",
        stats.name(),
        lost,
        e.getMessage());
    stats.damagedRecords.add(lost);
    stats.droppedRecords.add(lost);
    account.settledUnseen(Fate.DAMAGED, lost, earlier);
    spool.settle(head.sequence());
  }

  private @Nullable BitSet forgetReturned(Head head) {
    BitSet arrived = returned.remove(head.sequence());
    if (arrived != null) {
      returnedArrived.addAndGet(-arrived.cardinality());
    }
    return arrived;
  }

  /** What was read back: on memory of its own; its source may have been told long ago. */
  private record OnDisk(Spooler spooler, Batch batch, @Nullable Holder source) implements Holder {
    @Override
    public void tell(Settlement settlement) {
      if (source != null) {
        source.tell(settlement);
      }
    }

    @Override
    public boolean isSafe() {
      return source != null && source.isSafe();
    }

    @Override
    public void free() {
      spooler.free(batch);
    }
  }

  void settle(long sequence) {
    untold.remove(sequence);
    spool.settle(sequence);
  }

  /**
   * What was taken from the spool, or is in it too, waits there again: those of its records that
   * have not arrived. Its source, if it is to be told, goes on waiting.
   */
  void giveBack(Queued each) {
    Batch entry = each.entry;
    BitSet arrived = entry == null ? new BitSet() : EntryRecords.missing(entry, each.batch());
    returned.put(each.sequence, arrived);
    returnedArrived.addAndGet(arrived.cardinality());
    Holder source = each.holder() instanceof OnDisk read ? read.source() : null;
    if (source != null) {
      untold.put(each.sequence, source);
      each.told = true;
    }
    synchronized (this) {
      if (end != null) {
        account.settled(end, each.batch());
      } else {
        account.spooled(each.batch());
      }
    }
    spool.giveBack(each.sequence);
  }

  // ---- the end

  /** Lets the writer end, until the deadline; nothing is written afterwards. */
  void close(long deadlineNanos) {
    writer.close(deadlineNanos);
    spool.close();
    for (Holder source : untold.values()) {
      source.tell(Settlement.AGAIN);
    }
    untold.clear();
    synchronized (this) {
      if (end == null) {
        end = settlesSources() ? Fate.LEFT : Fate.AGAIN;
        account.closed(end);
      }
    }
  }

  // ---- what can be seen

  /** Records in the spool that no send has, as far as the books can know of them. */
  long heldRecords() {
    Usage usage = spool.known();
    long found = usage.damage().records() - bookedDamage;
    return isOver()
        ? 0
        : usage.unreadRecords() + beingRead + found - unbooked.get() - returnedArrived.get();
  }

  private synchronized boolean isOver() {
    return end != null;
  }

  @Override
  public long bytes() {
    return spool.usage().diskBytes();
  }

  @Override
  public long limitBytes() {
    return limitBytes;
  }

  @Override
  public long entries() {
    return spool.usage().entries();
  }

  @Override
  public long records() {
    return spool.usage().records();
  }

  @Override
  public long oldestAgeMillis() {
    long oldest = spool.usage().oldestMillis();
    return oldest == 0 ? 0 : Math.max(0, clock.millis() - oldest);
  }

  @Override
  public long writtenBytes() {
    return writer.writtenBytes();
  }

  @Override
  public long damagedRecords() {
    return spool.usage().damage().records();
  }

  @Override
  public @Nullable String problem() {
    return writer.problem();
  }
}
