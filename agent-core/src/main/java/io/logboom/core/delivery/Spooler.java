package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import io.logboom.core.codec.DamagedException;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.config.OutputBuffer.Overflow;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.Holder;
import io.logboom.core.spool.Append;
import io.logboom.core.spool.Head;
import io.logboom.core.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from a queue's memory to its spool and back. Writing has a thread of its own, which
 * begins with the first need; reading is done by who takes.
 *
 * <p>What is written may be read when it is safe on disk, and not before.
 */
public final class Spooler implements SpoolView {
  private static final Logger LOG = LoggerFactory.getLogger(Spooler.class);
  private static final long TRY_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

  /** A working buffer that grew beyond this for one batch is not kept. */
  private static final int LARGE = 1 << 20;

  /** Flag of an entry: its source knows that it is here and will not bring it again. */
  static final int TOLD = 1;

  private final Spool spool;
  private final SpoolPolicy policy;
  private final SlabPool pool;
  private final OutputStats stats;
  private final OutputAccount account;
  private final InstantSource clock;
  private final long limitBytes;

  // The writer's.
  private final BatchCodec encoder;
  private ByteSink encoded = ByteSink.growing(4096);
  private final LongAdder writtenBytes = new LongAdder();
  private volatile @Nullable String problem;
  private @Nullable Thread writer;

  // Who reads, which is who takes, and the writer when it drops the oldest.
  private final ReentrantLock reading = new ReentrantLock();
  private final BatchCodec decoder;
  private volatile long firstOwn = Long.MAX_VALUE;
  private long bookedDamage;

  // Sources that are told only when their records have arrived.
  private final Map<Long, Holder> untold = new ConcurrentHashMap<>();

  // Entries that were read and came back, each with the numbers of its records that had arrived.
  private final Map<Long, BitSet> returned = new ConcurrentHashMap<>();

  /**
   * @param compression of what is written
   * @param pool where what is read back gets its memory from, beyond the budget: as much as is
   *     being sent
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
    this.encoder = new BatchCodec(names, compression);
    this.decoder = new BatchCodec(names, Compression.NONE);
    account.found(spool.usage().records() + spool.usage().damage().records());
    bookDamage();
  }

  /** Whether an entry that is safe here settles its source. */
  boolean settlesSources() {
    return policy.ack() == Ack.SPOOLED;
  }

  // ---- writing

  /** Begins to write what the queue has for it. */
  void start(OutputQueue queue) {
    if (writer == null) {
      writer = Thread.ofPlatform().name("spool-" + stats.name()).daemon().start(() -> write(queue));
    }
  }

  private void write(OutputQueue queue) {
    try {
      List<Queued> group = queue.toWrite();
      while (group != null) {
        write(group, queue);
        group = queue.toWrite();
      }
    } catch (InterruptedException e) {
      LOG.debug("[{}] the spool's writer was interrupted", stats.name());
    } catch (RuntimeException e) {
      problem = "the spool's writer ended: " + e;
      LOG.error("[{}] the spool's writer ended on a defect", stats.name(), e);
    }
  }

  private void write(List<Queued> group, OutputQueue queue) throws InterruptedException {
    int from = 0;
    while (from < group.size()) {
      int upTo = from;
      Append stopped = null;
      while (upTo < group.size() && stopped == null) {
        stopped = append(group.get(upTo));
        upTo += stopped == null ? 1 : 0;
      }
      List<Queued> appended = group.subList(from, upTo);
      if (!appended.isEmpty() && !sync(appended, queue)) {
        stopped = null;
      } else {
        from = upTo;
      }
      if (stopped != null && givesWay(stopped, group.get(from), queue)) {
        from += group.get(from).writing ? 0 : 1;
      } else if (from < group.size()) {
        if (queue.takeBack()) {
          return;
        }
        LockSupport.parkNanos(TRY_AGAIN_NANOS);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
    problem = null;
  }

  /** Null where it is in the spool now; else what stands in the way. */
  private @Nullable Append append(Queued each) {
    Batch batch = each.batch();
    int records = batch.liveRecords();
    int flags = settlesSources() ? TOLD : 0;
    if (encoded.array().length > LARGE) {
      encoded = ByteSink.growing(4096);
    }
    encoded.position(0);
    encoder.encode(batch, encoded);
    byte[] bytes = encoded.array();
    int count = encoded.position();
    Append done =
        each.counted
            ? spool.append(bytes, 0, count, records, flags)
            : spool.appendHeld(bytes, 0, count, records, flags);
    if (!(done instanceof Append.Appended(long sequence))) {
      return done;
    }
    firstOwn = Math.min(firstOwn, sequence);
    each.sequence = sequence;
    each.entry = batch;
    if (!settlesSources()) {
      untold.put(sequence, each.holder());
    }
    writtenBytes.add(count);
    return null;
  }

  private boolean sync(List<Queued> appended, OutputQueue queue) {
    try {
      spool.sync(appended.getLast().sequence);
    } catch (IOException e) {
      say("the disk does not take it: " + e.getMessage());
      for (Queued each : appended) {
        untold.remove(each.sequence);
        each.sequence = Queued.IN_MEMORY;
      }
      return false;
    }
    for (Queued each : appended) {
      if (each.counted) {
        account.spooled(each.batch());
      }
    }
    queue.written(appended, settlesSources());
    return true;
  }

  /**
   * Makes room as the overflow policy says.
   *
   * @return false where that is to wait
   */
  private boolean givesWay(Append stopped, Queued next, OutputQueue queue)
      throws InterruptedException {
    switch (stopped) {
      case Append.Full(Append.Cap cap) -> {
        if (policy.overflow() == Overflow.DROP_OLDEST
            && cap != Append.Cap.NEVER_FITS
            && dropOldest()) {
          return true;
        }
        if (policy.overflow() != Overflow.BLOCK) {
          return dropNewest(next, queue);
        }
        say(cap == Append.Cap.TOTAL ? "buffer.spool_limit is reached" : "the spool is full");
        return false;
      }
      case Append.Failed(Append.Reason reason, IOException cause) -> {
        say(
            reason == Append.Reason.DISK_FULL
                ? "the disk is full"
                : "the disk does not take it: " + cause.getMessage());
        return false;
      }
      case Append.Appended _ -> {
        return true;
      }
    }
  }

  private boolean dropOldest() throws InterruptedException {
    Queued oldest = read();
    if (oldest == null) {
      return false;
    }
    stats.overflow(oldest.batch().liveRecords(), "oldest");
    account.settled(Fate.OVERFLOW_OLDEST, oldest.batch());
    spool.settle(oldest.sequence);
    oldest.holder().free();
    oldest.holder().tell(Settlement.DONE);
    return true;
  }

  private boolean dropNewest(Queued newest, OutputQueue queue) {
    if (!queue.giveUp(newest)) {
      return true;
    }
    stats.overflow(newest.batch().liveRecords(), "newest");
    account.settled(Fate.OVERFLOW_NEWEST, newest.batch());
    newest.holder().free();
    newest.holder().tell(Settlement.DONE);
    return true;
  }

  private void say(String why) {
    if (!why.equals(problem)) {
      LOG.warn(
          "[{}] records wait in memory, since the spool cannot be written: {}", stats.name(), why);
    }
    problem = why;
  }

  /**
   * What could not be written has left memory another way: what stood in the way holds nothing up.
   */
  void unneeded() {
    if (problem != null) {
      LOG.info("[{}] nothing waits in memory for the spool any more", stats.name());
      problem = null;
    }
  }

  // ---- reading

  boolean isDrained() {
    return spool.isEmpty();
  }

  /**
   * The oldest entry that nobody has, on memory of its own; null where there is none. It is handed
   * out then.
   */
  @Nullable Queued read() throws InterruptedException {
    reading.lockInterruptibly();
    try {
      for (Head head = spool.next(); head != null; head = spool.next()) {
        Queued read = read(head);
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

  private @Nullable Queued read(Head head) {
    BitSet arrived = returned.get(head.sequence());
    boolean earlier = arrived == null && head.sequence() < firstOwn;
    if (earlier && (head.flags() & TOLD) == 0) {
      // Its source was never told and brings it again.
      account.settledUnseen(Fate.AGAIN, head.records(), true);
      spool.settle(head.sequence());
      return null;
    }
    Batch batch = pool.overdraw(head.payloadBytes());
    if (!spool.read(head, batch.bytes(), 0)) {
      pool.release(batch);
      return null;
    }
    try {
      decoder.decode(batch, head.payloadBytes());
    } catch (DamagedException e) {
      pool.release(batch);
      damaged(head, earlier, e);
      return null;
    } catch (RuntimeException e) {
      pool.release(batch);
      spool.giveBack(head.sequence());
      throw e;
    }
    returned.remove(head.sequence());
    Queued read = queued(head, batch, arrived == null ? new BitSet() : arrived);
    if (earlier) {
      stats.recoveredRecords.add(batch.liveRecords());
      account.recovered(batch);
    } else {
      account.unspooled(read.batch());
    }
    return read;
  }

  private Queued queued(Head head, Batch batch, BitSet arrived) {
    long age = Math.max(0, clock.millis() - head.appendedMillis());
    Queued read =
        new Queued(
            batch,
            new OnDisk(pool, batch, untold.remove(head.sequence())),
            batch.bytes().length,
            System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(age),
            -1);
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
    BitSet arrived = returned.remove(head.sequence());
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

  /** What was read back: on memory of its own; its source may have been told long ago. */
  private record OnDisk(SlabPool pool, Batch batch, @Nullable Holder source) implements Holder {
    @Override
    public void tell(Settlement settlement) {
      if (source != null) {
        source.tell(settlement);
      }
    }

    @Override
    public void free() {
      pool.release(batch);
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
    returned.put(
        each.sequence, entry == null ? new BitSet() : EntryRecords.missing(entry, each.batch()));
    Holder source = each.holder() instanceof OnDisk read ? read.source() : null;
    if (source != null) {
      untold.put(each.sequence, source);
      each.told = true;
    }
    account.spooled(each.batch());
    spool.giveBack(each.sequence);
  }

  // ---- the end

  /** Lets the writer end, until the deadline; nothing is written afterwards. */
  void close(long deadlineNanos) {
    Thread running = writer;
    if (running != null) {
      try {
        long left = Math.max(LAST_MOMENT.toNanos(), deadlineNanos - System.nanoTime());
        if (!running.join(Duration.ofNanos(left))) {
          running.interrupt();
          running.join(LAST_MOMENT);
        }
      } catch (InterruptedException e) {
        running.interrupt();
        Thread.currentThread().interrupt();
      }
    }
    spool.close();
    for (Holder source : untold.values()) {
      source.tell(Settlement.AGAIN);
    }
    untold.clear();
  }

  // ---- what can be seen

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
    return writtenBytes.sum();
  }

  @Override
  public long damagedRecords() {
    return spool.usage().damage().records();
  }

  @Override
  public @Nullable String problem() {
    return problem;
  }
}
