package io.logboom.core.delivery;

import io.logboom.core.meter.Histogram;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an output has done so far, and whether it gets on. */
public final class OutputStats {
  private static final Logger LOG = LoggerFactory.getLogger(OutputStats.class);

  private final String name;
  private final String type;
  final LongAdder procRecords = new LongAdder();
  final LongAdder procBytes = new LongAdder();
  final LongAdder requests = new LongAdder();
  final LongAdder errors = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder retriedRecords = new LongAdder();
  final LongAdder retriesFailed = new LongAdder();
  final LongAdder droppedRecords = new LongAdder();
  final LongAdder rejectedRecords = new LongAdder();
  final LongAdder deadRecords = new LongAdder();
  final LongAdder overflowRecords = new LongAdder();
  final LongAdder damagedRecords = new LongAdder();
  final LongAdder recoveredRecords = new LongAdder();
  final Histogram latency = new Histogram(0.5, 1, 1.5, 2.5, 5, 10, 20, 30);
  final Histogram waits = new Histogram(.01, .05, .1, .25, .5, 1, 2, 5, 15, 30, 60);
  final LongAdder discardedRecords = new LongAdder();
  final LongAdder defects = new LongAdder();
  final AtomicInteger inFlight = new AtomicInteger();
  volatile long lastProgressNanos = System.nanoTime();
  volatile @Nullable String problem;
  volatile @Nullable String lettersProblem;

  public OutputStats(String name, String type) {
    this.name = name;
    this.type = type;
  }

  void overflow(int records, String which) {
    droppedRecords.add(records);
    overflowRecords.add(records);
    LOG.error("[{}] the spool is full and drops its {} records, as overflow says", name, which);
  }

  public String name() {
    return name;
  }

  public String type() {
    return type;
  }

  /** Records that arrived. */
  public long procRecords() {
    return procRecords.sum();
  }

  /** Bytes of bodies of the records that arrived. */
  public long procBytes() {
    return procBytes.sum();
  }

  /** Calls of the output's send. */
  public long requests() {
    return requests.sum();
  }

  /** Units given up: rejected whole, or out of retries. */
  public long errors() {
    return errors.sum();
  }

  /** Further tries of a unit. */
  public long retries() {
    return retries.sum();
  }

  /** Records in those tries. */
  public long retriedRecords() {
    return retriedRecords.sum();
  }

  /** Units that ran out of retries. */
  public long retriesFailed() {
    return retriesFailed.sum();
  }

  /**
   * Records that are lost: rejected or out of retries, and not kept; dropped as overflow; damaged
   * in the spool.
   */
  public long droppedRecords() {
    return droppedRecords.sum();
  }

  /** Records that the receiver will never take, kept as dead letters or lost. */
  public long rejectedRecords() {
    return rejectedRecords.sum();
  }

  /** Records that went to the dead letters. */
  public long deadRecords() {
    return deadRecords.sum();
  }

  /** Lost records that were dropped because the spool was full, as the overflow policy says. */
  public long overflowRecords() {
    return overflowRecords.sum();
  }

  /** Records in the spool that could not be read back. */
  public long damagedRecords() {
    return damagedRecords.sum();
  }

  /** Records that came from the spool of an earlier run. */
  public long recoveredRecords() {
    return recoveredRecords.sum();
  }

  /** For how long batches were on their way, from being read until all of them was settled. */
  public Histogram latency() {
    return latency;
  }

  /** How long routing waited for room here, each time that it had to. */
  public Histogram waits() {
    return waits;
  }

  /** Records thrown away because the configuration says so. */
  public long discardedRecords() {
    return discardedRecords.sum();
  }

  /** Faults of the agent's own at work for this output; nothing is lost by one. */
  public long defects() {
    return defects.sum();
  }

  /** Sends under way, waits for a retry among them. */
  public int inFlight() {
    return inFlight.get();
  }

  /**
   * When something last arrived, on {@link System#nanoTime}'s clock; the start where nothing has
   * yet.
   */
  public long lastProgressNanos() {
    return lastProgressNanos;
  }

  /** What stands in the way now, with its reason; null where nothing does. */
  public @Nullable String problem() {
    return problem;
  }

  /**
   * Why the dead letters cannot be written, so that records which the receiver has refused wait in
   * memory, and others behind them; null where they can.
   */
  public @Nullable String lettersProblem() {
    return lettersProblem;
  }
}
