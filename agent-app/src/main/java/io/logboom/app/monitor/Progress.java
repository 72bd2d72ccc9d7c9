package io.logboom.app.monitor;

import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.SpoolView;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Watches whether what was taken in gets on. Sampled once a second; each sample looks at the
 * instances that there are then. Safe for all threads.
 *
 * <p>A stage that has had work for {@link #PATIENCE} without a step forward is stuck. Outputs are
 * named first, then filters, then inputs: what stands behind a stuck output is stuck too, and the
 * first one named is the cause.
 */
final class Progress {
  /** How long a stage may have work without a step forward. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a filter may work on one batch before only a restart can help. */
  static final Duration HANG = Duration.ofMinutes(2);

  /** How long ago the last sample may be. */
  static final Duration CLOCK = Duration.ofMinutes(1);

  private final Pipeline pipeline;
  private final LongSupplier nanos;
  private final WorkerStage worker;
  private IdentityHashMap<Object, Stage> known = new IdentityHashMap<>();
  private List<Stage> stages = List.of();
  private long sampledAt;

  Progress(Pipeline pipeline, LongSupplier nanos) {
    this.pipeline = pipeline;
    this.nanos = nanos;
    this.worker = new WorkerStage(pipeline);
    sample();
  }

  /** To be called once a second. */
  synchronized void sample() {
    long now = nanos.getAsLong();
    IdentityHashMap<Object, Stage> next = new IdentityHashMap<>();
    List<Stage> order = new ArrayList<>();
    for (Delivery delivery : pipeline.deliveries()) {
      order.add(
          keep(
              delivery.stats(),
              () -> new OutputStage(delivery, pipeline.ledger().output(delivery.stats().name())),
              next));
    }
    order.add(worker);
    for (Source source : pipeline.sources()) {
      order.add(keep(source.stats(), () -> new InputStage(source.stats()), next));
    }
    known = next;
    stages = order;
    stages.forEach(stage -> stage.look(now));
    sampledAt = now;
  }

  private Stage keep(Object key, Supplier<Stage> make, IdentityHashMap<Object, Stage> next) {
    Stage stage = known.get(key);
    if (stage == null) {
      stage = make.get();
    }
    next.put(key, stage);
    return stage;
  }

  /** A sentence for each stuck stage and each known trouble; empty where all get on. */
  synchronized List<String> stuck() {
    List<String> found = new ArrayList<>();
    long now = nanos.getAsLong();
    for (Stage stage : stages) {
      long held = stage.heldUpNanos(now);
      if (held >= PATIENCE.toNanos()) {
        found.add(sentence(stage, held));
      }
      if (stage instanceof OutputStage output) {
        disks(output, found);
      }
    }
    for (Source source : pipeline.sources()) {
      String problem = source.input().problem();
      if (problem != null) {
        found.add("input " + source.stats().name() + ": " + problem);
      }
    }
    return found;
  }

  /**
   * A sentence for each part that will not come back by itself, so that a restart of the process
   * helps; empty where there is none. A receiver that is away is none.
   */
  synchronized List<String> dead() {
    List<String> found = new ArrayList<>();
    if (!pipeline.isWorking()) {
      found.add("the thread that filters and routes has ended; see /log");
    }
    for (Delivery delivery : pipeline.deliveries()) {
      if (!delivery.isWorking()) {
        found.add("output " + delivery.stats().name() + ": a thread has ended; see /log");
      }
    }
    for (Source source : pipeline.sources()) {
      if (!source.input().isWorking()) {
        found.add("input " + source.stats().name() + ": a thread has ended; see /log");
      }
    }
    long now = nanos.getAsLong();
    if (pipeline.filtering() != null && worker.heldUpNanos(now) >= HANG.toNanos()) {
      found.add(sentence(worker, worker.heldUpNanos(now)));
    }
    if (now - sampledAt >= CLOCK.toNanos()) {
      found.add("nobody has looked for progress for " + seconds(now - sampledAt));
    }
    return found;
  }

  private static void disks(OutputStage output, List<String> found) {
    SpoolView spool = output.delivery().spool();
    String problem = spool == null ? null : spool.problem();
    if (problem != null) {
      found.add(output.name() + ": records wait in memory only: " + problem);
    }
    String letters = output.delivery().stats().lettersProblem();
    if (letters != null) {
      found.add(output.name() + ": the dead letters cannot be written: " + letters);
    }
  }

  private static String sentence(Stage stage, long held) {
    String reason = stage.reason();
    return stage.name()
        + " has made no progress for "
        + seconds(held)
        + (reason == null ? "" : ": " + reason);
  }

  private static String seconds(long nanos) {
    return Duration.ofNanos(nanos).toSeconds() + " s";
  }
}
