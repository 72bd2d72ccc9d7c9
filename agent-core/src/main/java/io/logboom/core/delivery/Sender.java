package io.logboom.core.delivery;

import io.logboom.api.plugin.Outcome;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a unit until each of its records is settled: tries again after {@link Outcome.Retry} with
 * growing waits, sends only what is missing after {@link Outcome.Mixed}, halves after {@link
 * Outcome.TooLarge}, notes the fate of each record.
 */
final class Sender {
  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
  private static final BitSet NONE = new BitSet();

  /** A unit that failed for this long is better on disk, with all that waits behind it. */
  private static final long SPILL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * Before the next try.
   *
   * @param again how many records it has of those that were sent
   */
  private record Wait(int again, Duration least, Duration most) {}

  private final Supplier<Active> active;
  private final Circuit circuit;
  private final OutputQueue queue;
  private final Fates fates;
  private final Pace pace;
  private final OutputStats stats;
  private final Halt halt;

  Sender(
      Supplier<Active> active,
      Circuit circuit,
      OutputQueue queue,
      Fates fates,
      OutputStats stats,
      Halt halt) {
    this.active = active;
    this.circuit = circuit;
    this.queue = queue;
    this.fates = fates;
    this.pace = new Pace();
    this.stats = stats;
    this.halt = halt;
  }

  /** Returns when nothing of the unit is pending, or when the delivery is stopped before that. */
  void deliver(Unit unit) throws InterruptedException {
    long began = System.nanoTime();
    int retries = 0;
    while (!unit.pending().isEmpty()) {
      int sent = unit.pendingRecords();
      Outcome outcome = attempt(unit);
      Wait wait = judge(unit, outcome);
      if (wait == null || wait.again < sent) {
        retries = 0; // it gets on
      }
      if (wait == null) {
        continue;
      }
      OutputSettings settings = active.get().settings();
      if (settings.retryLimit() != OutputSettings.UNLIMITED && retries >= settings.retryLimit()) {
        giveUp(unit, retries);
        continue;
      }
      if (System.nanoTime() - began >= SPILL_NANOS) {
        queue.spill();
      }
      circuit.await(unit.number(), nanos(settings, retries++, wait), halt);
      if (halt.isStopped()) {
        return;
      }
      stats.retries.increment();
      stats.retriedRecords.add(unit.pendingRecords());
    }
  }

  private static long nanos(OutputSettings settings, int retries, Wait wait) {
    // Where tries are numbered, more of them in the same time would end in the records' loss.
    Duration most =
        settings.retryLimit() == OutputSettings.UNLIMITED ? wait.most : Outcome.ANY_WAIT;
    return settings.backoff(most).nanos(retries, wait.least);
  }

  /**
   * Takes note of what became of what was sent.
   *
   * @return how long to leave the receiver alone where something is to be sent again; null where
   *     the way is free
   */
  private @Nullable Wait judge(Unit unit, Outcome outcome) throws InterruptedException {
    switch (outcome) {
      case Outcome.Delivered _ -> {
        fates.delivered(unit.pending(), NONE);
        unit.settle(NONE);
        answered();
        return null;
      }
      case Outcome.Discarded _ -> {
        fates.discarded(unit.pending());
        unit.settle(NONE);
        answered();
        return null;
      }
      case Outcome.Rejected rejected -> {
        stats.errors.increment();
        answered();
        rejected(unit, rejected.why());
        return null;
      }
      case Outcome.TooLarge tooLarge -> {
        answered();
        if (!unit.shrink()) {
          rejected(unit, tooLarge.why());
        }
        return null;
      }
      case Outcome.Mixed mixed -> {
        mixed(unit, mixed);
        if (mixed.retry().isEmpty()) {
          return null;
        }
        trouble(unit, mixed.why());
        return new Wait(mixed.retry().cardinality(), mixed.notBefore(), mixed.notAfter());
      }
      case Outcome.Retry retry -> {
        trouble(unit, retry.why());
        return new Wait(Integer.MAX_VALUE, retry.notBefore(), retry.notAfter());
      }
    }
  }

  private Outcome attempt(Unit unit) throws InterruptedException {
    pace.await(active.get().settings().bytesPerSecond(), unit.pendingBytes(), halt);
    stats.requests.increment();
    Outcome outcome = null;
    while (outcome == null) {
      outcome = active.get().send(unit.pending());
    }
    return outcome;
  }

  /** The receiver is there. */
  private void answered() {
    stats.lastProgressNanos = System.nanoTime();
    circuit.answered();
    if (stats.problem != null) {
      stats.problem = null;
      LOG.info("[{}] delivers again", stats.name());
    }
  }

  /** Where it is interrupted, what has not been kept is still to be settled. */
  private void rejected(Unit unit, String why) throws InterruptedException {
    BitSet left = unit.pendingNumbers();
    try {
      fates.rejected(unit.pending(), why, left, halt);
    } finally {
      unit.settle(left);
    }
  }

  private void mixed(Unit unit, Outcome.Mixed mixed) throws InterruptedException {
    BitSet others = (BitSet) mixed.retry().clone();
    for (Outcome.Rejection one : mixed.rejected()) {
      others.set(one.record());
    }
    others.and(unit.pendingNumbers());
    if (mixed.retry().cardinality() < unit.pendingRecords()) {
      answered();
    }
    fates.delivered(unit.pending(), others);
    // First of all: what has arrived is through, whatever becomes of the others.
    unit.settle(others);
    if (!mixed.rejected().isEmpty()) {
      List<Outcome.Rejection> rejected = unit.renumber(others, mixed.rejected());
      queue.reduce(unit);
      BitSet left = unit.pendingNumbers();
      try {
        fates.rejected(unit.pending(), rejected, left, halt);
      } finally {
        unit.settle(left);
      }
    }
  }

  private void giveUp(Unit unit, int retries) throws InterruptedException {
    stats.errors.increment();
    stats.retriesFailed.increment();
    BitSet left = unit.pendingNumbers();
    try {
      fates.exhausted(
          unit.pending(),
          "given up after " + retries + " retries, as retry_limit says: " + stats.problem,
          left,
          halt);
    } finally {
      unit.settle(left);
    }
  }

  private void trouble(Unit unit, String why) {
    circuit.failed(unit.number());
    if (!why.equals(stats.problem)) {
      LOG.warn("[{}] cannot deliver, tries again: {}", stats.name(), why);
    }
    stats.problem = why;
  }
}
