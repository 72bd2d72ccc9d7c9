package io.logboom.core.pipeline;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.OnSettled;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.memory.SlabPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch on its way through the pipeline, and the join of what becomes of it at each output.
 *
 * <p>Settled once: DONE when all holders settled with DONE, AGAIN as soon as all have settled and
 * one of them did not. The input is told then. The batch goes back to the pool when no holder needs
 * its bytes any more, which may be before that or after.
 */
public final class Shipment implements Holder {
  private static final Logger LOG = LoggerFactory.getLogger(Shipment.class);

  // Null once it has gone back to the pool: a source may be told hours later.
  private @Nullable Batch batch;
  private final OnSettled settled;
  private final SlabPool pool;
  private final long weight;
  private final long takenNanos = System.nanoTime();
  private final AtomicInteger untold = new AtomicInteger(1);
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile boolean again;

  Shipment(Batch batch, OnSettled settled, SlabPool pool) {
    this.batch = batch;
    this.settled = settled;
    this.pool = pool;
    this.weight = batch.bytes().length;
  }

  /** Only for who holds it and has not freed it. */
  public Batch batch() {
    Batch held = batch;
    if (held == null) {
      throw new IllegalStateException("it is freed");
    }
    return held;
  }

  /** The bytes of memory that it holds. */
  public long weight() {
    return weight;
  }

  /** When it was taken in, on {@link System#nanoTime}'s clock. */
  long takenNanos() {
    return takenNanos;
  }

  /** One more holder that will settle. Only a holder may call it. */
  void hold() {
    untold.incrementAndGet();
    users.incrementAndGet();
  }

  /** A holder has done its part, or cannot. */
  public void settle(Settlement settlement) {
    free();
    tell(settlement);
  }

  @Override
  public void free() {
    int left = users.decrementAndGet();
    if (left == 0) {
      Batch last = batch();
      batch = null;
      pool.release(last);
    } else if (left < 0) {
      throw new IllegalStateException("freed more often than held");
    }
  }

  @Override
  public void tell(Settlement settlement) {
    if (settlement == Settlement.AGAIN) {
      again = true;
    }
    int left = untold.decrementAndGet();
    if (left > 0) {
      return;
    }
    if (left < 0) {
      throw new IllegalStateException("settled more often than held");
    }
    try {
      settled.settled(again ? Settlement.AGAIN : Settlement.DONE);
    } catch (RuntimeException e) {
      LOG.error(
          "an input failed to take note of a settlement; its records may come twice after a"
              + " restart",
          e);
    }
  }
}
