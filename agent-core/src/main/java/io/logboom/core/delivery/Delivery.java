package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.Holdings;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.pipeline.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One output's way out: a queue, and as many workers as sends may be under way. A worker, a virtual
 * thread, takes what waits together to a unit, has it sent until it is settled, and takes the next.
 * Units leave in order of age; with several workers they may arrive out of order. While the
 * receiver is down only the oldest one is tried.
 *
 * <p>What is not settled when the workers end stays in the queue's spool, or comes again: unknown
 * is not success.
 */
public final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final long IDLE_POLL = TimeUnit.SECONDS.toNanos(1);
  private static final long SPARING_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long AFTER_DEFECT = TimeUnit.SECONDS.toNanos(1);

  /**
   * For how long records whose settlement somebody waits for wait for company while something is
   * being sent; else they do not wait. So a sender that waits for each of its records is held up by
   * nothing but its receiver, and many of them share what is sent (as RFC 896, "Nagle's algorithm",
   * has it for TCP).
   */
  private static final long AWAITED_LINGER = TimeUnit.MILLISECONDS.toNanos(50);

  private final OutputStats stats;
  private final OutputAccount account;
  private final OutputQueue queue;
  private final @Nullable Spooler spooler;
  private final Halt halt = new Halt();
  private final Circuit circuit;
  private final Order order = new Order();
  private final Sender sender;
  private final ReentrantLock collecting = new ReentrantLock();
  private final Map<Integer, Thread> workers = new HashMap<>();
  private volatile Active active;
  private volatile BooleanSupplier sparing = () -> false;
  private long units;
  private boolean started;
  private volatile boolean closed;

  /**
   * @param spooler where what the output cannot take waits; null where that is memory only
   * @param rejects where records go that will not arrive; null where they are only counted
   */
  public Delivery(
      OutputStats stats,
      OutputAccount account,
      Output output,
      OutputSettings settings,
      @Nullable Spooler spooler,
      @Nullable Rejects rejects) {
    this.stats = stats;
    this.account = account;
    this.spooler = spooler;
    this.queue = new OutputQueue(settings.ringBytes(), stats, account, spooler);
    account.holds(new Held());
    this.active = new Active(stats.name(), output, settings);
    this.circuit = new Circuit(settings.workers());
    Fates fates = new Fates(stats, account, rejects);
    this.sender = new Sender(() -> active, circuit, queue, fates, stats, halt);
  }

  /** What is really here, for the books to be compared with. */
  private final class Held implements Holdings {
    @Override
    public long memory() {
      return queue.heldRecords();
    }

    @Override
    public long spool() {
      return spooler == null ? 0 : spooler.heldRecords();
    }

    @Override
    public boolean isOver() {
      return closed;
    }
  }

  public OutputStats stats() {
    return stats;
  }

  /** Adds records for this output; waits while there is no room. */
  public void put(Batch batch, Holder holder, long weight, long arrivedNanos)
      throws InterruptedException {
    account.routed(batch);
    try {
      queue.put(batch, holder, weight, arrivedNanos);
    } catch (InterruptedException e) {
      account.settled(Fate.AGAIN, batch);
      throw e;
    }
  }

  /**
   * Adds dead letters that are to be sent again; waits while there is no room.
   *
   * @return false where this ends before there is any; they are the caller's then
   */
  public boolean replay(Batch batch, Holder holder, long weight) throws InterruptedException {
    account.replayed(batch);
    boolean taken = false;
    try {
      taken = queue.putUnlessClosed(batch, holder, weight);
    } finally {
      if (!taken) {
        account.settled(Fate.AGAIN, batch);
      }
    }
    return taken;
  }

  /** The deliveries that this one must not hold up. */
  public void beside(List<Delivery> others) {
    List<Delivery> rest = others.stream().filter(other -> other != this).toList();
    queue.othersStarve(full -> rest.stream().anyMatch(other -> other.queue.starvesFor(full)));
  }

  /** Tells when memory is so short that no more than one worker is to send at a time. */
  public void sparing(BooleanSupplier shortOfMemory) {
    sparing = shortOfMemory;
  }

  public synchronized void start() {
    started = true;
    active.start();
    hire();
  }

  /**
   * Has another output, or the same one with other settings, do what this one did. The queue stays.
   * Sends under way end with the output that they began with, which is closed after the last one.
   */
  public synchronized void replace(Output next, OutputSettings settings) {
    Active before = active;
    active = new Active(stats.name(), next, settings);
    circuit.threshold(settings.workers());
    halt.wake();
    if (started) {
      hire();
    }
    if (!before.isOf(next)) {
      before.retire();
      if (started) {
        active.start();
      }
    }
  }

  /** As many workers as the settings say; those that are too many end by themselves. */
  private void hire() {
    for (int i = 0; i < active.settings().workers(); i++) {
      Thread before = workers.get(i);
      if (before == null || !before.isAlive()) {
        int number = i;
        String name = "deliver-" + stats.name() + "-" + i;
        workers.put(i, Thread.ofPlatform().daemon().name(name).start(() -> work(number)));
      }
    }
  }

  /**
   * Whether all threads that there should be are, that of the spool's writer among them; one that
   * is not ended by a fault.
   */
  public synchronized boolean isWorking() {
    if (!started || halt.isStopped()) {
      return true;
    }
    for (int i = 0; i < active.settings().workers(); i++) {
      Thread worker = workers.get(i);
      if (worker == null || !worker.isAlive()) {
        return false;
      }
    }
    return spooler == null || spooler.isWorking();
  }

  /** From here on units are sent without waiting for company, and waits for a retry end at once. */
  public void hurry() {
    halt.hurry();
    if (stats.problem != null) {
      queue.spill();
    }
  }

  /**
   * What waits, and what is being sent, goes to the spool now, so that its source need not wait for
   * the receiver. The receiver gets it all the same.
   */
  public void spill() {
    queue.spill();
  }

  /** Whether nothing waits, in memory or on disk, and nothing is being sent. */
  public boolean isIdle() {
    return queue.isIdle();
  }

  /** Has the output bring away what it holds. Whether that is done, or cannot be at present. */
  public boolean conclude() {
    return active.conclude();
  }

  /** Ends the workers, interrupting sends under way. */
  public synchronized void stopSending() {
    halt.stop();
    workers.values().forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread worker : workers.values()) {
      try {
        worker.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * After the workers have ended: what is left goes to the spool until the deadline, on {@link
   * System#nanoTime}'s clock; what is left then is settled with AGAIN.
   */
  public void close(long deadlineNanos) {
    stopSending();
    queue.close(deadlineNanos);
    closed = true;
    active.retire();
  }

  /** How many batches wait in memory. */
  public int waitingBatches() {
    return queue.size();
  }

  /** The memory of those. */
  public long waitingBytes() {
    return queue.bytes();
  }

  /** The most memory that may wait. */
  public long maxWaitingBytes() {
    return queue.maxBytes();
  }

  /** Whether the receiver counts as down: only the oldest records are tried then. */
  public boolean isCircuitOpen() {
    return circuit.isOpen();
  }

  /** What waits on disk; null where nothing may. */
  public @Nullable SpoolView spool() {
    return spooler;
  }

  private void work(int number) {
    while (!halt.isStopped() && number < active.settings().workers()) {
      Unit unit = null;
      try {
        circuit.awaitClosed(halt);
        if (number > 0 && sparing.getAsBoolean()) {
          halt.await(SPARING_PAUSE);
          continue;
        }
        unit = next();
        if (unit != null && inTurn(unit)) {
          sender.deliver(unit);
        }
      } catch (InterruptedException e) {
        LOG.debug("[{}] interrupted", stats.name());
      } catch (RuntimeException e) {
        // A defect of ours: the records come again, and the worker lives.
        stats.defects.increment();
        LOG.error("[{}] delivery failed on a defect; its records will come again", stats.name(), e);
        pause();
      } finally {
        if (unit != null) {
          circuit.left(unit.number());
          settle(unit);
          if (stats.inFlight.decrementAndGet() > 0) {
            queue.lookUp();
          }
        }
      }
    }
  }

  private boolean inTurn(Unit unit) throws InterruptedException {
    return active.settings().inOrder() ? order.await(unit, halt) : !halt.isStopped();
  }

  /** What comes again is in its place before one that is younger may go on. */
  private void settle(Unit unit) {
    List<Queued> again = unit.unsettled();
    try {
      queue.settle(unit.through(), Settlement.DONE);
      queue.settle(again, Settlement.AGAIN);
    } finally {
      order.left(unit, !again.isEmpty() && active.settings().inOrder());
    }
  }

  private void pause() {
    try {
      halt.await(AFTER_DEFECT);
    } catch (InterruptedException e) {
      LOG.debug("[{}] interrupted", stats.name());
    }
  }

  /** When records are sent at the latest that make no unit. */
  private long deadline(Queued queued) {
    long linger = active.settings().linger().toNanos();
    boolean awaited = queued.batch().isAwaited();
    return queued.arrivedNanos() + (awaited ? Math.min(linger, AWAITED_LINGER) : linger);
  }

  /** Takes what waits until it makes a unit; null where nothing came for a while. */
  private @Nullable Unit next() throws InterruptedException {
    collecting.lockInterruptibly();
    try {
      long settled = order.settled(halt);
      Queued first = queue.take(IDLE_POLL);
      if (first == null) {
        return null;
      }
      stats.inFlight.incrementAndGet();
      List<Queued> parts = new ArrayList<>(8);
      parts.add(first);
      Unit unit = null;
      try {
        collect(parts);
        Unit collected = new Unit(units++, parts, active.settings().sendBytes());
        unit = order.entered(collected, settled) ? collected : null;
      } finally {
        if (unit == null) {
          queue.settle(parts, Settlement.AGAIN);
          stats.inFlight.decrementAndGet();
        }
      }
      return unit;
    } finally {
      collecting.unlock();
    }
  }

  /** Whether nothing is being sent but what is collected now. */
  private boolean isAlone() {
    return stats.inFlight.get() <= 1;
  }

  private void collect(List<Queued> parts) throws InterruptedException {
    OutputSettings settings = active.settings();
    Queued first = parts.getFirst();
    boolean awaited = first.batch().isAwaited();
    long bytes = first.batch().liveBytes();
    long held = first.weight();
    // Many small batches hold far more memory than their records have bytes.
    long mostHeld = settings.ringBytes() / settings.workers();
    long deadline = deadline(first);
    while (bytes < settings.unitBytes() && held < mostHeld) {
      boolean atOnce = halt.isHurried() || (awaited && isAlone());
      long patience = atOnce ? 0 : Math.min(deadline - System.nanoTime(), Halt.LOOK_AGAIN_NANOS);
      Queued more =
          awaited
              ? queue.take(Math.max(0, patience), this::isAlone)
              : queue.take(Math.max(0, patience));
      if (more != null) {
        parts.add(more);
        awaited |= more.batch().isAwaited();
        deadline = deadline - deadline(more) > 0 ? deadline(more) : deadline;
        bytes += more.batch().liveBytes();
        held += more.weight();
      } else if (atOnce || deadline - System.nanoTime() <= 0) {
        return;
      }
    }
  }
}
