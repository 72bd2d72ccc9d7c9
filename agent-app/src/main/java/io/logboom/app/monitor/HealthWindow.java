package io.logboom.app.monitor;

import io.logboom.core.config.ServiceConfig;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputStats;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;

/**
 * Fluent Bit's health: once a second the totals of output errors and failed retries are noted; more
 * of either than its limit within the last {@code hc_period} samples is unhealthy. Safe for all
 * threads.
 */
final class HealthWindow {
  private final Supplier<List<Delivery>> outputs;
  private final int errorLimit;
  private final int retryLimit;
  private final int samples;
  private final Deque<Totals> window = new ArrayDeque<>();

  private IdentityHashMap<OutputStats, Totals> seen = new IdentityHashMap<>();
  private Totals total = Totals.NONE;

  private record Totals(long errors, long retriesFailed) {
    static final Totals NONE = new Totals(0, 0);
  }

  /** The state now. */
  record State(
      boolean healthy,
      long errors,
      long retriesFailed,
      int errorLimit,
      int retryLimit,
      int period) {}

  /**
   * @param outputs those that there are at the time of asking
   */
  HealthWindow(Supplier<List<Delivery>> outputs, ServiceConfig.Health config) {
    this.outputs = outputs;
    this.errorLimit = config.hcErrorsCount();
    this.retryLimit = config.hcRetryFailureCount();
    this.samples = (int) Math.max(1, config.hcPeriod().toSeconds());
    window.add(totals());
  }

  /** To be called once a second. */
  synchronized void sample() {
    window.addLast(totals());
    while (window.size() > samples) {
      window.removeFirst();
    }
  }

  synchronized State state() {
    Totals from = window.getFirst();
    Totals now = totals();
    long errors = now.errors - from.errors;
    long failed = now.retriesFailed - from.retriesFailed;
    return new State(
        errors <= errorLimit && failed <= retryLimit,
        errors,
        failed,
        errorLimit,
        retryLimit,
        samples);
  }

  /** What has been counted so far, by outputs too that are there no more. */
  private Totals totals() {
    IdentityHashMap<OutputStats, Totals> now = new IdentityHashMap<>();
    for (Delivery each : outputs.get()) {
      OutputStats stats = each.stats();
      Totals count = new Totals(stats.errors(), stats.retriesFailed());
      Totals before = seen.getOrDefault(stats, Totals.NONE);
      total =
          new Totals(
              total.errors + count.errors - before.errors,
              total.retriesFailed + count.retriesFailed - before.retriesFailed);
      now.put(stats, count);
    }
    seen = now;
    return total;
  }
}
