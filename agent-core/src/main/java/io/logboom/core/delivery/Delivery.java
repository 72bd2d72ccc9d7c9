package io.logboom.core.delivery;

import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.pipeline.Parcel;
import io.logboom.core.pipeline.Ring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One output's way out: a ring that parcels wait in, and as many workers as sends may be under way.
 * A worker, a virtual thread, takes parcels together to a unit, has it sent until it is settled,
 * and takes the next. Units leave in order of age; with several workers they may arrive out of
 * order.
 *
 * <p>What is not settled when the workers end is settled with AGAIN: unknown is not success.
 */
public final class Delivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int SLOTS = 4096;
  private static final long IDLE_POLL = TimeUnit.SECONDS.toNanos(1);

  private final Output output;
  private final OutputSettings settings;
  private final OutputStats stats;
  private final Ring<Parcel> ring;
  private final Halt halt = new Halt();
  private final Sender sender;
  private final ReentrantLock collecting = new ReentrantLock();
  private final List<Thread> workers = new ArrayList<>();
  private boolean closed;

  public Delivery(String name, String type, Output output, OutputSettings settings) {
    this.output = output;
    this.settings = settings;
    this.stats = new OutputStats(name, type);
    this.ring = new Ring<>(SLOTS, settings.ringBytes(), Parcel::weight);
    Backoff backoff =
        new Backoff(
            settings.backoffBase(),
            settings.backoffCap(),
            () -> ThreadLocalRandom.current().nextDouble());
    this.sender = new Sender(output, settings.retryLimit(), backoff, stats, halt);
  }

  public OutputStats stats() {
    return stats;
  }

  /** Where parcels for this output go. */
  public Ring<Parcel> ring() {
    return ring;
  }

  public void start() {
    for (int i = 0; i < settings.workers(); i++) {
      workers.add(Thread.ofVirtual().name("deliver-" + stats.name() + "-" + i).start(this::work));
    }
  }

  /** From here on units are sent without waiting for company, and waits for a retry end at once. */
  public void hurry() {
    halt.hurry();
  }

  /**
   * Ends the workers, interrupting sends under way; what is left is settled with AGAIN. May be
   * called again for what came after.
   */
  @Override
  public void close() {
    halt.stop();
    for (Thread worker : workers) {
      worker.interrupt();
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      try {
        worker.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    for (Parcel left = ring.poll(); left != null; left = ring.poll()) {
      left.settle(Settlement.AGAIN);
    }
    if (!closed) {
      closed = true;
      closeOutput();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeOutput() {
    try {
      output.close();
    } catch (Exception e) {
      LOG.warn("[{}] did not close cleanly", stats.name(), e);
    }
  }

  private void work() {
    while (!halt.isStopped()) {
      Unit unit = null;
      try {
        unit = next();
        if (unit != null) {
          unit.settle(sender.deliver(unit));
        }
      } catch (InterruptedException e) {
        if (unit != null) {
          unit.settle(Settlement.AGAIN);
        }
        return;
      } catch (RuntimeException e) {
        // A defect of ours: the records come again, and the worker lives.
        LOG.error("[{}] delivery failed on a defect; its records will come again", stats.name(), e);
        if (unit != null) {
          unit.settle(Settlement.AGAIN);
        }
      } finally {
        if (unit != null) {
          stats.inFlight.decrementAndGet();
        }
      }
    }
  }

  /** Takes parcels until they make a unit; null where nothing came for a while. */
  private @Nullable Unit next() throws InterruptedException {
    collecting.lockInterruptibly();
    try {
      Parcel first = ring.poll(IDLE_POLL);
      if (first == null) {
        return null;
      }
      stats.inFlight.incrementAndGet();
      List<Parcel> parcels = new ArrayList<>(8);
      try {
        collect(first, parcels);
      } catch (InterruptedException e) {
        parcels.forEach(p -> p.settle(Settlement.AGAIN));
        stats.inFlight.decrementAndGet();
        throw e;
      }
      return new Unit(parcels);
    } finally {
      collecting.unlock();
    }
  }

  private void collect(Parcel first, List<Parcel> parcels) throws InterruptedException {
    parcels.add(first);
    long bytes = first.batch().liveBytes();
    long deadline = first.arrivedNanos() + settings.linger().toNanos();
    while (bytes < settings.unitBytes()) {
      long patience =
          halt.isHurried() ? 0 : Math.min(deadline - System.nanoTime(), Halt.LOOK_AGAIN_NANOS);
      Parcel more = ring.poll(patience);
      if (more != null) {
        parcels.add(more);
        bytes += more.batch().liveBytes();
      } else if (halt.isHurried() || deadline - System.nanoTime() <= 0) {
        return;
      }
    }
  }
}
