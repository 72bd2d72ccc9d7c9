package io.logboom.core.pipeline;

import io.logboom.api.plugin.Input;
import io.logboom.core.delivery.Delivery;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the pipeline stops, in one place and under one deadline: beside an application inputs read on
 * until it has ended; inputs quiesce, the filter worker empties the ring, deliveries drain, what is
 * still under way is interrupted, and last of all the inputs save the positions of what was
 * settled.
 */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LOOK_ON_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Pipeline pipeline;
  private final @Nullable Farewell farewell;
  private final long begun;
  private final long deadline;

  /**
   * @param farewell how long inputs read on first; null for not at all
   */
  Shutdown(Pipeline pipeline, Duration grace, @Nullable Farewell farewell) {
    this.pipeline = pipeline;
    this.farewell = farewell;
    this.begun = System.nanoTime();
    this.deadline = begun + grace.toNanos();
  }

  /** True where all that had been taken in was delivered. */
  boolean run() {
    if (farewell != null) {
      readOn(farewell);
      pipeline.inputs().forEach(Input::conclude);
    }
    LOG.info("stopping: inputs take in nothing new");
    pipeline.deliveries().forEach(Delivery::hurry);
    Remains remains = farewell == null ? null : Remains.from(pipeline.ledger());
    boolean quiet = quiesceInputs();
    boolean all = await(this::isThrough) && quiet;
    if (!all && quiet && undelivered() == 0 && farewell == null) {
      LOG.warn("stopping: the time is up; what outputs keep on disk leaves after the next start");
      all = true;
    } else if (!all) {
      LOG.warn("stopping: the time is up; {} batch(es) are not delivered", undelivered());
    }
    interruptWork();
    long again = pipeline.inputStats().stream().mapToLong(InputStats::againBatches).sum();
    long spooled = pipeline.spooledRecords();
    if (again > 0) {
      LOG.warn("stopping: {} batch(es) will be read again", again);
    }
    if (spooled > 0) {
      LOG.warn("stopping: {} record(s) wait in the spool for the next start", spooled);
    }
    if (again == 0 && spooled == 0) {
      LOG.info("stopping: everything that was read is delivered");
    }
    if (remains != null) {
      remains.report(pipeline.inputs(), LOG);
    }
    pipeline.inputs().forEach(Input::close);
    LOG.info("stopped: positions are saved");
    return all && spooled == 0;
  }

  /** A sidecar's spool goes with its pod: what is in it is not delivered. */
  private boolean isThrough() {
    return undelivered() == 0
        && (farewell == null || pipeline.spooledRecords() == 0)
        && concluded();
  }

  /** Asks all, so that all of them begin. */
  private boolean concluded() {
    boolean all = true;
    for (Delivery delivery : pipeline.deliveries()) {
      all &= delivery.conclude();
    }
    return all;
  }

  /** Inputs go on as before, until what they read is all that there will be. */
  private void readOn(Farewell with) {
    LOG.info("stopping: reading on until the application has ended");
    AtomicReference<Farewell.@Nullable Reason> why = new AtomicReference<>();
    await(
        LOOK_ON_NANOS,
        () -> {
          why.set(with.over(pipeline.inputs(), begun, deadline));
          return why.get() != null;
        });
    Farewell.Reason reason = why.get();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    LOG.info(
        "stopping: read on for {} ms; {}",
        millis,
        (reason == null ? Farewell.Reason.TIME : reason).text());
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
    return await(LOOK_NANOS, condition);
  }

  private boolean await(long pauseNanos, BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(pauseNanos);
    }
    return true;
  }

  private long undelivered() {
    return pipeline.inputStats().stream().mapToLong(s -> s.batches() - s.settledBatches()).sum();
  }
}
