package io.logboom.core.delivery;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.Settlement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a unit until each of its records is settled: tries again after {@link Outcome.Retry} with
 * growing waits, sends only what is missing after {@link Outcome.Mixed}, halves after {@link
 * Outcome.TooLarge}, counts and reports what is lost for good.
 */
final class Sender {
  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  private final Output output;
  private final long retryLimit;
  private final Backoff backoff;
  private final OutputStats stats;
  private final Halt halt;

  Sender(Output output, long retryLimit, Backoff backoff, OutputStats stats, Halt halt) {
    this.output = output;
    this.retryLimit = retryLimit;
    this.backoff = backoff;
    this.stats = stats;
    this.halt = halt;
  }

  /**
   * DONE when nothing of the unit has to come again, AGAIN when the delivery was stopped before
   * that.
   */
  Settlement deliver(Unit unit) throws InterruptedException {
    int retries = 0;
    while (true) {
      int records = unit.liveRecords();
      if (records == 0) {
        return Settlement.DONE;
      }
      long bytes = unit.liveBytes();
      Duration notBefore;
      switch (attempt(unit)) {
        case Outcome.Delivered _ -> {
          arrived(records, bytes);
          return Settlement.DONE;
        }
        case Outcome.Discarded _ -> {
          stats.discardedRecords.add(records);
          stats.lastProgressNanos = System.nanoTime();
          return Settlement.DONE;
        }
        case Outcome.Rejected rejected -> {
          reject(records, rejected.why());
          stats.errors.increment();
          return Settlement.DONE;
        }
        case Outcome.TooLarge tooLarge -> {
          return split(unit, tooLarge);
        }
        case Outcome.Mixed mixed -> {
          mixed(unit, mixed, records, bytes);
          if (unit.liveRecords() == 0) {
            return Settlement.DONE;
          }
          trouble(mixed.why());
          notBefore = mixed.notBefore();
        }
        case Outcome.Retry retry -> {
          trouble(retry.why());
          notBefore = retry.notBefore();
        }
      }
      if (retryLimit != OutputSettings.UNLIMITED && retries >= retryLimit) {
        return giveUp(unit, retries);
      }
      halt.await(backoff.nanos(retries++, notBefore));
      if (halt.isStopped()) {
        return Settlement.AGAIN;
      }
      stats.retries.increment();
      stats.retriedRecords.add(unit.liveRecords());
    }
  }

  private Outcome attempt(Unit unit) throws InterruptedException {
    stats.requests.increment();
    try {
      return output.send(unit.pending());
    } catch (RuntimeException e) {
      LOG.warn("[{}] a send failed unexpectedly and is tried again", stats.name(), e);
      return new Outcome.Retry("unexpected: " + e);
    }
  }

  private void arrived(int records, long bytes) {
    stats.procRecords.add(records);
    stats.procBytes.add(bytes);
    stats.lastProgressNanos = System.nanoTime();
    if (stats.problem != null) {
      stats.problem = null;
      LOG.info("[{}] delivers again", stats.name());
    }
  }

  private void mixed(Unit unit, Outcome.Mixed mixed, int records, long bytes) {
    int rejected = mixed.rejected().size();
    for (Outcome.Rejection one : mixed.rejected()) {
      reject(1, one.why());
    }
    int retried = mixed.retry().cardinality();
    int delivered = Math.max(0, records - rejected - retried);
    stats.procRecords.add(delivered);
    stats.procBytes.add(records == 0 ? 0 : bytes * delivered / records);
    if (delivered > 0) {
      stats.lastProgressNanos = System.nanoTime();
    }
    unit.keep(mixed.retry());
  }

  private Settlement split(Unit unit, Outcome.TooLarge tooLarge) throws InterruptedException {
    List<Unit> halves = unit.halves();
    if (halves == null) {
      reject(unit.liveRecords(), tooLarge.why());
      return Settlement.DONE;
    }
    for (Unit half : halves) {
      if (deliver(half) == Settlement.AGAIN) {
        return Settlement.AGAIN;
      }
    }
    return Settlement.DONE;
  }

  private void reject(int records, String why) {
    stats.rejectedRecords.add(records);
    stats.droppedRecords.add(records);
    stats.lastProgressNanos = System.nanoTime();
    LOG.error("[{}] the receiver refused {} record(s) for good: {}", stats.name(), records, why);
  }

  private Settlement giveUp(Unit unit, int retries) {
    int records = unit.liveRecords();
    stats.errors.increment();
    stats.retriesFailed.increment();
    stats.droppedRecords.add(records);
    LOG.error(
        "[{}] gave up on {} record(s) after {} retries, as retry_limit says: {}",
        stats.name(),
        records,
        retries,
        stats.problem);
    return Settlement.DONE;
  }

  private void trouble(String why) {
    if (!why.equals(stats.problem)) {
      LOG.warn("[{}] cannot deliver, tries again: {}", stats.name(), why);
    }
    stats.problem = why;
  }
}
