package io.logboom.core.assembly;

import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.OutputStage;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.SpoolView;
import io.logboom.core.pipeline.Route;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with instances that a reload has left without work. */
final class Retirement {
  private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long what could not be delivered may take to get to the disk. */
  private static final Duration TO_DISK = Duration.ofSeconds(1);

  private final Foundation foundation;
  private final Patience patience;

  Retirement(Foundation foundation, Patience patience) {
    this.foundation = foundation;
    this.patience = patience;
  }

  /**
   * Drains outputs, closes them and filters.
   *
   * @param lag whether a batch is still under way by the old routes and filters
   */
  void run(BooleanSupplier lag, List<Filter> filters, List<Made<OutputStage, Route>> outputs) {
    boolean free = patience.await(() -> !lag.getAsBoolean());
    List<Delivery> deliveries = outputs.stream().map(made -> made.work().delivery()).toList();
    deliveries.forEach(Delivery::hurry);
    patience.await(() -> deliveries.stream().allMatch(Delivery::isIdle));
    outputs.forEach(this::close);
    if (free) {
      filters.forEach(Retirement::close);
    } else {
      Thread.ofVirtual().name("retire").start(() -> later(lag, filters, deliveries));
    }
  }

  /** A batch waits for room at an output that does not get on, with the old filters in use. */
  private static void later(BooleanSupplier lag, List<Filter> filters, List<Delivery> deliveries) {
    while (lag.getAsBoolean()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    // What this batch has brought since.
    deliveries.forEach(delivery -> delivery.close(System.nanoTime()));
    filters.forEach(Retirement::close);
  }

  private void close(Made<OutputStage, Route> output) {
    Delivery delivery = output.work().delivery();
    delivery.close(System.nanoTime() + TO_DISK.toNanos());
    SpoolView spool = delivery.spool();
    if (spool != null && spool.records() > 0) {
      LOG.warn(
          "[{}] was removed before {} record(s) were delivered; they stay in {} until there is such"
              + " an output again",
          output.placed().name(),
          spool.records(),
          directory(output.placed()));
    }
  }

  private String directory(Placed<OutputStage> placed) {
    try {
      return foundation.deliveries().directory(placed).toString();
    } catch (StartException e) {
      return placed.directory();
    }
  }

  private static void close(Filter filter) {
    try {
      filter.close();
    } catch (RuntimeException e) {
      LOG.warn("a filter did not close cleanly", e);
    }
  }

  /**
   * Takes the meters away of those that are no more; where an instance of another kind has the same
   * name, only what the plugin itself has declared.
   */
  void forget(List<Made<?, ?>> removed, Generation next) {
    removed.forEach(made -> forget(made, next));
  }

  private void forget(Made<?, ?> made, Generation next) {
    String name = made.placed().name();
    boolean namesake =
        Stream.of(next.inputs(), next.filters(), next.outputs())
            .flatMap(List::stream)
            .anyMatch(other -> other.placed().name().equals(name));
    Package plugin = made.placed().stage().plugin().getClass().getPackage();
    foundation
        .meters()
        .named(name)
        .forget(id -> !namesake || id.getClass().getPackage().equals(plugin));
  }
}
