package io.logboom.core.pipeline;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.ledger.Ledger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread between inputs and outputs: takes a shipment, has each filter work on it, routes it.
 */
final class FilterWorker {
  private static final Logger LOG = LoggerFactory.getLogger(FilterWorker.class);
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

  private final Ring<Shipment> inbound;
  private final Ledger ledger;
  private final Thread thread;
  private volatile Plan plan;
  private volatile @Nullable Plan inUse;
  private volatile @Nullable String filtering;
  private final LongAdder handled = new LongAdder();
  private volatile boolean stopping;

  FilterWorker(Ring<Shipment> inbound, Plan plan, Ledger ledger) {
    this.inbound = inbound;
    this.ledger = ledger;
    this.plan = plan;
    this.thread = Thread.ofPlatform().name("filter").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Plan plan() {
    return plan;
  }

  /** Works by this plan from the next batch on. */
  void plan(Plan next) {
    plan = next;
  }

  /**
   * Whether a batch is under way by this plan. False once it has been replaced is false for good.
   */
  boolean uses(Plan old) {
    return inUse == old;
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** How many batches it is done with. */
  long handled() {
    return handled.sum();
  }

  /** The filter that works now; null where none does. */
  @Nullable String filtering() {
    return filtering;
  }

  /** Ends the thread; shipments that it could not hand on are settled with AGAIN. */
  void stop(long millis) throws InterruptedException {
    stopping = true;
    thread.interrupt();
    thread.join(millis);
    for (Shipment left = inbound.poll(); left != null; left = inbound.poll()) {
      giveBack(left, left.batch().size());
    }
  }

  private void run() {
    while (!stopping) {
      try {
        Shipment shipment = inbound.poll(PATIENCE);
        if (shipment != null) {
          handle(shipment);
        }
      } catch (InterruptedException e) {
        // Only stop() interrupts; the loop's condition decides.
        LOG.debug("interrupted");
      } catch (RuntimeException e) {
        LOG.error("a defect while routing; the records will come again", e);
      }
    }
  }

  private void handle(Shipment shipment) throws InterruptedException {
    Plan current = enter();
    try {
      if (prepare(shipment, current)) {
        current.router().route(shipment);
      }
    } finally {
      ledger.handedOn();
      inUse = null;
      filtering = null;
      handled.increment();
    }
  }

  /** Filters and enters in the books; false where the shipment went back. */
  private boolean prepare(Shipment shipment, Plan current) {
    Batch batch = shipment.batch();
    int taken = batch.size();
    try {
      for (FilterStep filter : current.filters()) {
        filtering = filter.stats().name();
        filter.apply(batch);
      }
      filtering = null;
      current.router().countUnrouted(batch);
      ledger.routed(batch, taken, current.router()::outputs);
      return true;
    } catch (RuntimeException e) {
      LOG.error("a defect while filtering; the records will come again", e);
      giveBack(shipment, taken);
      return false;
    }
  }

  private void giveBack(Shipment shipment, int taken) {
    ledger.returned(shipment.batch(), taken);
    shipment.settle(Settlement.AGAIN);
  }

  /**
   * Takes the plan in use and says so. Read again after that: who has replaced it in between may
   * have found it unused.
   */
  private Plan enter() {
    while (true) {
      Plan current = plan;
      inUse = current;
      if (current == plan) {
        return current;
      }
    }
  }
}
