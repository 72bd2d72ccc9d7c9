package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.DiskFullException;
import io.logboom.api.plugin.Outcome;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.OutputAccount;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes what became of each record at one output: counts it, and keeps those that will not arrive.
 * Records are numbered through a list of batches, as in {@link Outcome.Mixed}.
 */
final class Fates {
  private static final Logger LOG = LoggerFactory.getLogger(Fates.class);
  private static final long KEEP_PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final OutputStats stats;
  private final OutputAccount account;
  private final @Nullable Rejects rejects;
  private long refusals;

  /**
   * @param account the output's books
   * @param rejects null where what will not arrive is only counted
   */
  Fates(OutputStats stats, OutputAccount account, @Nullable Rejects rejects) {
    this.stats = stats;
    this.account = account;
    this.rejects = rejects;
  }

  /** All records but those in {@code others}, which are numbers of records that did not arrive. */
  void delivered(List<Batch> batches, BitSet others) {
    if (others.isEmpty()) {
      for (Batch batch : batches) {
        stats.procRecords.add(batch.liveRecords());
        stats.procBytes.add(batch.liveBytes());
      }
      account.settled(Fate.DELIVERED, batches);
      return;
    }
    int base = 0;
    for (Batch batch : batches) {
      int records = 0;
      long bytes = 0;
      for (int i = 0; i < batch.size(); i++) {
        if (!batch.isDropped(i) && !others.get(base + i)) {
          records++;
          bytes += batch.length(i);
        }
      }
      stats.procRecords.add(records);
      stats.procBytes.add(bytes);
      base += batch.size();
    }
    BitSet arrived = (BitSet) others.clone();
    arrived.flip(0, base);
    account.settled(Fate.DELIVERED, batches, arrived);
  }

  void discarded(List<Batch> batches) {
    for (Batch batch : batches) {
      stats.discardedRecords.add(batch.liveRecords());
    }
    account.settled(Fate.DISCARDED, batches);
  }

  /**
   * The receiver will never take these.
   *
   * @param pending the numbers of all that is not settled: what is settled here is taken out, also
   *     where an interrupt ends it before all is
   */
  void rejected(List<Batch> batches, List<Outcome.Rejection> rejected, BitSet pending, Halt halt)
      throws InterruptedException {
    Map<Integer, String> why = new HashMap<>();
    BitSet numbers = new BitSet();
    for (Outcome.Rejection one : rejected) {
      why.put(one.record(), one.why());
      numbers.set(one.record());
    }
    lost(batches, numbers, i -> why.getOrDefault(i, ""), true, pending, halt);
  }

  /**
   * The receiver will never take any of it.
   *
   * @param pending as for the other
   */
  void rejected(List<Batch> batches, String why, BitSet pending, Halt halt)
      throws InterruptedException {
    lost(batches, (BitSet) pending.clone(), _ -> why, true, pending, halt);
  }

  /**
   * Out of retries.
   *
   * @param pending as for {@link #rejected}
   */
  void exhausted(List<Batch> batches, String why, BitSet pending, Halt halt)
      throws InterruptedException {
    lost(batches, (BitSet) pending.clone(), _ -> why, false, pending, halt);
  }

  private void lost(
      List<Batch> batches,
      BitSet numbers,
      IntFunction<String> why,
      boolean rejected,
      BitSet pending,
      Halt halt)
      throws InterruptedException {
    int base = 0;
    for (Batch batch : batches) {
      BitSet own = new BitSet();
      int to = base + batch.size();
      for (int i = numbers.nextSetBit(base); i >= 0 && i < to; i = numbers.nextSetBit(i + 1)) {
        if (!batch.isDropped(i - base)) {
          own.set(i - base);
        }
      }
      int from = base;
      lost(batch, own, i -> why.apply(from + i), rejected, halt);
      for (int i = own.nextSetBit(0); i >= 0; i = own.nextSetBit(i + 1)) {
        pending.clear(base + i);
      }
      base = to;
    }
  }

  private void lost(
      Batch batch, BitSet records, IntFunction<String> why, boolean rejected, Halt halt)
      throws InterruptedException {
    int count = records.cardinality();
    if (count == 0) {
      return;
    }
    if (rejects != null) {
      keep(rejects, batch, records, why, halt);
      stats.deadRecords.add(count);
      account.settled(rejected ? Fate.REJECTED_KEPT : Fate.EXHAUSTED_KEPT, List.of(batch), records);
      LOG.warn(
          "[{}] {} record(s) went to the dead letters: {}",
          stats.name(),
          count,
          why.apply(records.nextSetBit(0)));
    } else {
      stats.droppedRecords.add(count);
      account.settled(rejected ? Fate.REJECTED : Fate.EXHAUSTED, List.of(batch), records);
      LOG.error(
          "[{}] {} record(s) are lost: {}", stats.name(), count, why.apply(records.nextSetBit(0)));
    }
    if (rejected) {
      stats.rejectedRecords.add(count);
    }
  }

  /**
   * Returns when they are kept, however long the disk does not take them: then this output waits,
   * and no other. A stop ends it with an interrupt, and they are sent again.
   */
  private void keep(Rejects to, Batch batch, BitSet records, IntFunction<String> why, Halt halt)
      throws InterruptedException {
    while (true) {
      try {
        to.keep(batch, records, why);
        kept();
        return;
      } catch (IOException e) {
        refused(e);
      }
      halt.await(KEEP_PAUSE);
      if (halt.isStopped()) {
        throw new InterruptedException("stopped while dead letters cannot be written");
      }
    }
  }

  private synchronized void refused(IOException e) {
    String why =
        e instanceof DiskFullException ? "the disk is full" : String.valueOf(e.getMessage());
    refusals++;
    if (!why.equals(stats.lettersProblem)) {
      LOG.warn(
          "[{}] rejected records wait in memory, since the dead letters cannot be written: {}",
          stats.name(),
          why);
    }
    stats.lettersProblem = why;
  }

  private void kept() {
    if (stats.lettersProblem == null) {
      return;
    }
    synchronized (this) {
      stats.lettersProblem = null;
      LOG.info(
          "[{}] dead letters can be written again, after {} tries that failed",
          stats.name(),
          refusals);
      refusals = 0;
    }
  }
}
