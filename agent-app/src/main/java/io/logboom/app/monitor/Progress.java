package io.logboom.app.monitor;

import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.pipeline.InputStats;
import io.logboom.core.pipeline.Pipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Watches whether what was taken in gets on. A stage that has had work for 30 s without a step
 * forward is stuck; it is named, with the reason where one is known. Sampled once a second. Safe
 * for all threads.
 *
 * <p>Outputs are looked at first, then filters, then inputs: what stands behind a stuck output is
 * stuck too, and the first one named is the cause.
 */
final class Progress {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<Stage> stages = new ArrayList<>();
  private final LongSupplier nanos;

  /** One stage of the pipeline: whether it has work, and a count that grows as it gets on. */
  private static final class Stage {
    private final String name;
    private final BooleanSupplier hasWork;
    private final LongSupplier steps;
    private final Supplier<String> reason;
    private long stepsSeen;
    private long movedAt;

    Stage(String name, BooleanSupplier hasWork, LongSupplier steps, Supplier<String> reason) {
      this.name = name;
      this.hasWork = hasWork;
      this.steps = steps;
      this.reason = reason;
    }
  }

  Progress(Pipeline pipeline, LongSupplier nanos) {
    this.nanos = nanos;
    for (Delivery delivery : pipeline.deliveries()) {
      OutputStats stats = delivery.stats();
      stages.add(
          new Stage(
              "output " + stats.name(),
              () -> stats.inFlight() > 0 || !delivery.ring().isEmpty(),
              () -> settled(stats),
              () -> problem(stats)));
    }
    stages.add(
        new Stage(
            "filters and routing",
            () -> !pipeline.inbound().isEmpty(),
            () -> routed(pipeline),
            () -> ""));
    for (InputStats stats : pipeline.inputStats()) {
      stages.add(
          new Stage(
              "input " + stats.name(),
              () -> stats.batches() > stats.settledBatches(),
              stats::settledBatches,
              () -> ""));
    }
    for (Stage stage : stages) {
      stage.movedAt = nanos.getAsLong();
    }
  }

  /** To be called once a second. */
  synchronized void sample() {
    long now = nanos.getAsLong();
    for (Stage stage : stages) {
      long steps = stage.steps.getAsLong();
      if (steps != stage.stepsSeen || !stage.hasWork.getAsBoolean()) {
        stage.stepsSeen = steps;
        stage.movedAt = now;
      }
    }
  }

  /** A sentence for each stuck stage; empty where all get on. */
  synchronized List<String> stuck() {
    long now = nanos.getAsLong();
    List<String> stuck = new ArrayList<>();
    for (Stage stage : stages) {
      long idle = now - stage.movedAt;
      if (idle >= PATIENCE.toNanos()) {
        String reason = stage.reason.get();
        stuck.add(
            stage.name
                + " has made no progress for "
                + Duration.ofNanos(idle).toSeconds()
                + " s"
                + (reason.isEmpty() ? "" : ": " + reason));
      }
    }
    return stuck;
  }

  private static long settled(OutputStats stats) {
    return stats.procRecords() + stats.droppedRecords() + stats.discardedRecords();
  }

  private static String problem(OutputStats stats) {
    String problem = stats.problem();
    return problem == null ? "the receiver does not answer" : problem;
  }

  /** What has passed routing shows in the outputs' counts, and in what none of them takes. */
  private static long routed(Pipeline pipeline) {
    long sum = pipeline.unroutedRecords();
    for (var filter : pipeline.filterStats()) {
      sum += filter.records();
    }
    for (Delivery delivery : pipeline.deliveries()) {
      sum += settled(delivery.stats()) + delivery.stats().requests();
    }
    return sum;
  }
}
