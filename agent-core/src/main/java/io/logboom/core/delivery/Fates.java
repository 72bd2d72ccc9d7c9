package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
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
  private static final int KEEP_TRIES = 5;
  private static final long KEEP_PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final OutputStats stats;
  private final OutputAccount account;
  private final @Nullable Rejects rejects;

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
    if (others.isEmpty()) {
      account.settled(Fate.DELIVERED, batches);
    } else {
      BitSet arrived = (BitSet) others.clone();
      arrived.flip(0, base);
      account.settled(Fate.DELIVERED, batches, arrived);
    }
  }

  void discarded(List<Batch> batches) {
    for (Batch batch : batches) {
      stats.discardedRecords.add(batch.liveRecords());
    }
    account.settled(Fate.DISCARDED, batches);
  }

  /** The receiver will never take these. */
  void rejected(List<Batch> batches, List<Outcome.Rejection> rejected, Halt halt)
      throws InterruptedException {
    Map<Integer, String> why = new HashMap<>();
    for (Outcome.Rejection one : rejected) {
      why.put(one.record(), one.why());
    }
    int base = 0;
    for (Batch batch : batches) {
      BitSet own = new BitSet();
      for (int i = 0; i < batch.size(); i++) {
        if (!batch.isDropped(i) && why.containsKey(base + i)) {
          own.set(i);
        }
      }
      int from = base;
      lost(batch, own, i -> why.getOrDefault(from + i, ""), true, halt);
      base += batch.size();
    }
    stats.rejectedRecords.add(rejected.size());
  }

  /** The receiver will never take any of it. */
  void rejected(List<Batch> batches, String why, Halt halt) throws InterruptedException {
    for (Batch batch : batches) {
      BitSet live = live(batch);
      stats.rejectedRecords.add(live.cardinality());
      lost(batch, live, _ -> why, true, halt);
    }
  }

  /** Out of retries. */
  void exhausted(List<Batch> batches, String why, Halt halt) throws InterruptedException {
    for (Batch batch : batches) {
      lost(batch, live(batch), _ -> why, false, halt);
    }
  }

  private static BitSet live(Batch batch) {
    BitSet live = new BitSet(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isDropped(i)) {
        live.set(i);
      }
    }
    return live;
  }

  private void lost(
      Batch batch, BitSet records, IntFunction<String> why, boolean rejected, Halt halt)
      throws InterruptedException {
    int count = records.cardinality();
    if (count == 0) {
      return;
    }
    if (rejects != null && keep(rejects, batch, records, why, halt)) {
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
  }

  /**
   * Tries a few times. Records that nobody takes may not hold up others for ever: what cannot be
   * kept then is counted as lost.
   */
  private boolean keep(Rejects to, Batch batch, BitSet records, IntFunction<String> why, Halt halt)
      throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        to.keep(batch, records, why);
        return true;
      } catch (IOException e) {
        LOG.warn("[{}] dead letters cannot be written: {}", stats.name(), e.toString());
        if (tries == KEEP_TRIES) {
          return false;
        }
        halt.await(KEEP_PAUSE);
      }
    }
  }
}
