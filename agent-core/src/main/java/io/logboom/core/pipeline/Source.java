package io.logboom.core.pipeline;

import io.logboom.api.plugin.Input;

/** An input with what the pipeline counts for it. */
public record Source(Input input, InputStats stats) {
  /** An input that has not counted anything yet. */
  public static Source of(String name, String type, Input input) {
    return new Source(input, new InputStats(name, type));
  }

  /** Another input in the place of this one, whose counts go on. */
  public Source with(Input next) {
    return new Source(next, stats);
  }

  /** Batches of which something is under way. */
  public long unsettledBatches() {
    return Math.max(0, stats.batches() - stats.settledBatches());
  }
}
