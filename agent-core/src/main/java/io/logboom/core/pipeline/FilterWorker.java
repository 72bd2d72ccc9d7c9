package io.logboom.core.pipeline;

import io.logboom.api.plugin.Settlement;
import java.util.concurrent.TimeUnit;
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
  private final Thread thread;
  private volatile Plan plan;
  private volatile @Nullable Plan inUse;
  private volatile boolean stopping;

  FilterWorker(Ring<Shipment> inbound, Plan plan) {
    this.inbound = inbound;
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

  /** Ends the thread; shipments that it could not hand on are settled with AGAIN. */
  void stop(long millis) throws InterruptedException {
    stopping = true;
    thread.interrupt();
    thread.join(millis);
    for (Shipment left = inbound.poll(); left != null; left = inbound.poll()) {
      left.settle(Settlement.AGAIN);
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
      for (FilterStep filter : current.filters()) {
        filter.apply(shipment.batch());
      }
      current.router().countUnrouted(shipment.batch());
      current.router().route(shipment);
    } finally {
      inUse = null;
    }
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
