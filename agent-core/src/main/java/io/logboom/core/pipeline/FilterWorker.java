package io.logboom.core.pipeline;

import io.logboom.api.plugin.Settlement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread between inputs and outputs: takes a shipment, has each filter work on it, routes it.
 */
final class FilterWorker {
  private static final Logger LOG = LoggerFactory.getLogger(FilterWorker.class);
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

  private final Ring<Shipment> inbound;
  private final List<FilterStep> filters;
  private final Router router;
  private final Thread thread;
  private volatile boolean stopping;

  FilterWorker(Ring<Shipment> inbound, List<FilterStep> filters, Router router) {
    this.inbound = inbound;
    this.filters = filters;
    this.router = router;
    this.thread = Thread.ofPlatform().name("filter").unstarted(this::run);
  }

  void start() {
    thread.start();
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
    for (FilterStep filter : filters) {
      filter.apply(shipment.batch());
    }
    router.countUnrouted(shipment.batch());
    router.route(shipment);
  }
}
