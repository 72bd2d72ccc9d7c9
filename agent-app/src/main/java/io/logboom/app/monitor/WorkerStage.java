package io.logboom.app.monitor;

import io.logboom.core.pipeline.Pipeline;
import org.jspecify.annotations.Nullable;

/** Filtering and routing get on as long as batches are handled. */
final class WorkerStage extends Stage {
  private final Pipeline pipeline;
  private long handled;

  WorkerStage(Pipeline pipeline) {
    super("filters and routing");
    this.pipeline = pipeline;
  }

  @Override
  boolean isHeldUp(long now) {
    long handledNow = pipeline.handledBatches();
    boolean moved = handledNow != handled;
    handled = handledNow;
    return !moved && (!pipeline.inbound().isEmpty() || pipeline.filtering() != null);
  }

  @Override
  @Nullable String reason() {
    String filter = pipeline.filtering();
    return filter == null ? null : "the filter " + filter + " does not come to an end";
  }
}
