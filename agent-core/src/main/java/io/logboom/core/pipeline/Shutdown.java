package io.logboom.core.pipeline;

import io.logboom.api.plugin.Input;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.SpoolView;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the pipeline stops, in one place and under one deadline: inputs quiesce, the filter worker
 * empties the ring, deliveries drain, what is still under way is interrupted, and last of all the
 * inputs save the positions of what was settled.
 */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Pipeline pipeline;
  private final long deadline;

  Shutdown(Pipeline pipeline, Duration grace) {
    this.pipeline = pipeline;
    this.deadline = System.nanoTime() + grace.toNanos();
  }

  /** True where all that had been taken in was delivered. */
  boolean run() {
    LOG.info("stopping: inputs take in nothing new");
    pipeline.deliveries().forEach(Delivery::hurry);
    boolean quiet = quiesceInputs();
    boolean all = await(() -> undelivered() == 0) && quiet;
    if (!all) {
      LOG.warn("stopping: the time is up; {} batch(es) are not delivered", undelivered());
    }
    interruptWork();
    long again = pipeline.inputStats().stream().mapToLong(InputStats::againBatches).sum();
    long spooled = pipeline.deliveries().stream().mapToLong(Shutdown::spooled).sum();
    if (again > 0) {
      LOG.warn("stopping: {} batch(es) will be read again", again);
    }
    if (spooled > 0) {
      LOG.warn("stopping: {} record(s) wait in the spool for the next start", spooled);
    }
    if (again == 0 && spooled == 0) {
      LOG.info("stopping: everything that was read is delivered");
    }
    pipeline.inputs().forEach(Input::close);
    LOG.info("stopped: positions are saved");
    return all && spooled == 0;
  }

  private static long spooled(Delivery delivery) {
    SpoolView spool = delivery.spool();
    return spool == null ? 0 : spool.records();
  }

  private boolean quiesceInputs() {
    Thread quiescing =
        Thread.ofVirtual()
            .name("quiesce")
            .start(
                () -> {
                  try {
                    for (Input input : pipeline.inputs()) {
                      input.quiesce();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      // An input that waits for room gets it while deliveries drain; it may not take the whole
      // deadline for itself.
      if (quiescing.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    quiescing.interrupt();
    return false;
  }

  private void interruptWork() {
    pipeline.deliveries().forEach(Delivery::stopSending);
    try {
      pipeline.worker().stop(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // What is left, and what the worker still routed meanwhile, goes to the spools.
    pipeline.deliveries().forEach(delivery -> delivery.close(deadline));
    for (FilterStep step : pipeline.filters()) {
      step.filter().close();
    }
  }

  private boolean await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  private long undelivered() {
    return pipeline.inputStats().stream().mapToLong(s -> s.batches() - s.settledBatches()).sum();
  }
}
