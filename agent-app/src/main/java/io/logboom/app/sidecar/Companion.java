package io.logboom.app.sidecar;

import io.logboom.core.config.ServiceConfig;
import io.logboom.core.pipeline.Farewell;
import io.logboom.core.pipeline.Pipeline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the application that the agent stands beside: when it has ended, and all that it
 * wrote is delivered, the agent has done its job and stops by itself.
 */
public final class Companion implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Companion.class);
  private static final long LOOK_MILLIS = 250;

  /** Files are looked at several times in this time, and what was read is given away. */
  private static final Duration AT_REST = Duration.ofSeconds(1);

  private static final long UNSEEN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ServiceConfig.Sidecar options;
  private final ApplicationEnd end;
  private final BooleanSupplier atRest;
  private final LongSupplier nanos;
  private final Runnable done;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final long begun;
  private boolean complained;
  private long endedNanos;
  private boolean ended;

  /**
   * @param atRest whether all that the application wrote is delivered
   * @param done stops the agent; called once
   * @param nanos the monotonic time
   */
  Companion(
      ServiceConfig.Sidecar options,
      ApplicationEnd end,
      BooleanSupplier atRest,
      Runnable done,
      LongSupplier nanos) {
    this.options = options;
    this.end = end;
    this.atRest = atRest;
    this.done = done;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  /**
   * Begins to look where the configuration tells how the application's end is known.
   *
   * @param done stops the agent
   * @return null where there is nothing to look for
   */
  public static @Nullable Companion start(ServiceConfig service, Pipeline pipeline, Runnable done) {
    ApplicationEnd end = ApplicationEnd.of(service.sidecar());
    if (!service.sidecar().sidecar() || end == null) {
      return null;
    }
    Companion made =
        new Companion(
            service.sidecar(), end, () -> pipeline.isAtRest(AT_REST), done, System::nanoTime);
    Thread.ofPlatform().daemon().name("sidecar").start(made::run);
    LOG.info("sidecar: the application has ended when {} says so", end.place());
    return made;
  }

  /**
   * How a stop of the agent is to wait for the application; null where the agent is no sidecar.
   *
   * @param companion null where nobody looks for the application's end
   */
  public static @Nullable Farewell farewell(ServiceConfig service, @Nullable Companion companion) {
    ServiceConfig.Sidecar options = service.sidecar();
    return options.sidecar()
        ? new Farewell(
            options.quiet(),
            options.delivery(),
            companion == null ? null : companion.end,
            System::nanoTime)
        : null;
  }

  private void run() {
    try {
      boolean over = false;
      while (!over) {
        over = look() || closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("interrupted");
    }
  }

  /** Looks once; true when the agent has been told to stop. */
  boolean look() {
    long now = nanos.getAsLong();
    if (!ended) {
      if (!end.getAsBoolean()) {
        complain(now);
        return false;
      }
      ended = true;
      endedNanos = now;
      LOG.info(
          "sidecar: the application has ended; what it wrote is delivered before the agent ends");
    }
    if (!atRest.getAsBoolean()) {
      if (now - endedNanos < options.patience().toNanos()) {
        return false;
      }
      LOG.warn(
          "sidecar: not everything could be delivered within {} s of the application's end",
          options.patience().toSeconds());
    }
    done.run();
    return true;
  }

  private void complain(long now) {
    if (end.isProcess() && !complained && !end.wasSeen() && now - begun > UNSEEN_NANOS) {
      complained = true;
      LOG.warn(
          "sidecar: no {} has been seen yet; does the pod have shareProcessNamespace, and is"
              + " sidecar.process the command without its directory?",
          end.place());
    }
  }

  /** Looks no more. */
  @Override
  public void close() {
    closed.countDown();
  }
}
