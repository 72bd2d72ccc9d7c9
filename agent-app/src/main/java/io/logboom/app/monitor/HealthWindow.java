package io.logboom.app.monitor;

import io.logboom.core.config.ServiceConfig;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputStats;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Fluent Bit's health: once a second the totals of output errors and failed retries are noted; more
 * of either than its limit within the last {@code hc_period} samples is unhealthy. Safe for all
 * threads.
 */
final class HealthWindow {
  private final List<Delivery> outputs;
  private final int errorLimit;
  private final int retryLimit;
  private final int samples;
  private final Deque<Totals> window = new ArrayDeque<>();

  private record Totals(long errors, long retriesFailed) {}

  /** The state now. */
  record State(
      boolean healthy,
      long errors,
      long retriesFailed,
      int errorLimit,
      int retryLimit,
      int period) {}

  HealthWindow(List<Delivery> outputs, ServiceConfig.Health config) {
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

  private Totals totals() {
    long errors = 0;
    long failed = 0;
    for (Delivery each : outputs) {
      OutputStats stats = each.stats();
      errors += stats.errors();
      failed += stats.retriesFailed();
    }
    return new Totals(errors, failed);
  }
}
