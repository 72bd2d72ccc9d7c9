package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.pipeline.Holder;
import org.jspecify.annotations.Nullable;

/**
 * Records that wait for an output, or that it is sending. What is not final is guarded by the lock
 * of the queue that it is in.
 */
final class Queued {
  /** For {@link #sequence}: not on disk. */
  static final long IN_MEMORY = -1;

  private volatile Batch batch;
  private final Holder holder;
  private final long weight;
  private final long arrivedNanos;
  private final long ordinal;

  /** Its place in the spool, once it is there. */
  long sequence = IN_MEMORY;

  /** What its entry in the spool has; {@link #batch} has less when part of it has arrived. */
  @Nullable Batch entry;

  /** Whether a send has it. */
  boolean leased;

  /** Whether it is being written to the spool. */
  boolean writing;

  /** Whether its weight counts towards what is being written; not that of what is being sent. */
  boolean counted;

  /** Whether it is being sent and the spool would not take it: it stays in memory. */
  boolean leftOut;

  /** How its send ended while it was being written. */
  @Nullable Settlement ended;

  /** How many of its records have not come to their end; written by who settles them. */
  volatile int left;

  /** Whether its source knows what became of it. */
  boolean told;

  /**
   * @param weight the bytes of memory that it keeps from being used again
   * @param arrivedNanos when it was taken in, on {@link System#nanoTime}'s clock
   * @param ordinal grows with age among those that were never on disk
   * @param records how many it has
   */
  Queued(Batch batch, Holder holder, long weight, long arrivedNanos, long ordinal, int records) {
    this.batch = batch;
    this.holder = holder;
    this.weight = weight;
    this.arrivedNanos = arrivedNanos;
    this.ordinal = ordinal;
    this.left = records;
  }

  Batch batch() {
    return batch;
  }

  /** From here on it stands for these of its records alone. */
  void reduce(Batch rest) {
    batch = rest;
    left = rest.liveRecords();
  }

  Holder holder() {
    return holder;
  }

  long weight() {
    return weight;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  long ordinal() {
    return ordinal;
  }

  boolean isSpooled() {
    return sequence != IN_MEMORY;
  }
}
