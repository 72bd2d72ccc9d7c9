package io.logboom.app.monitor;

import io.logboom.core.pipeline.InputStats;
import org.jspecify.annotations.Nullable;

/** An input gets on as long as what it has read is settled. */
final class InputStage extends Stage {
  private final InputStats stats;
  private long settled;

  InputStage(InputStats stats) {
    super("input " + stats.name());
    this.stats = stats;
  }

  @Override
  boolean isHeldUp(long now) {
    long settledNow = stats.settledBatches();
    boolean moved = settledNow != settled;
    settled = settledNow;
    return !moved && stats.batches() > settledNow;
  }

  @Override
  @Nullable String reason() {
    return null;
  }
}
