package io.logboom.app.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.Output;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.delivery.Rejects;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A pipeline that a test feeds, with a clock that a test turns. */
final class Rig implements AutoCloseable {
  final Names names = new Names();
  final SlabPool pool = new SlabPool(16 << 20);
  final AtomicLong now = new AtomicLong();
  final Ledger ledger = new Ledger(now::get);
  final Hand input = new Hand();
  final Pipeline pipeline;
  final Delivery delivery;

  /** An input that the test feeds, and that says what the test wants. */
  static final class Hand implements Input {
    volatile @Nullable Intake intake;
    volatile @Nullable String problem;
    volatile boolean working = true;

    @Override
    public void start(Intake given) {
      intake = given;
    }

    @Override
    public void quiesce() {}

    @Override
    public @Nullable String problem() {
      return problem;
    }

    @Override
    public boolean isWorking() {
      return working;
    }

    @Override
    public void close() {}
  }

  /** A pipeline with one output, {@code es.0}, and a filter, {@code grep.0}, where there is one. */
  Rig(Output output, @Nullable Filter filter, long retryLimit) {
    TagMatch all = TagMatch.glob("*");
    delivery = delivery("es.0", output, retryLimit);
    List<FilterStep> filters = new ArrayList<>();
    if (filter != null) {
      filters.add(new FilterStep("grep.0", "grep", filter, all));
    }
    pipeline = new Pipeline(pool, filters, List.of(new Route(delivery, all)), ledger);
    pipeline.add("tail.0", "tail", input);
  }

  Delivery delivery(String name, Output output, long retryLimit) {
    return delivery(name, output, retryLimit, null);
  }

  /**
   * @param rejects null where what will not arrive is only counted
   */
  Delivery delivery(String name, Output output, long retryLimit, @Nullable Rejects rejects) {
    return new Delivery(
        new OutputStats(name, "es"),
        ledger.output(name),
        output,
        new OutputSettings(
            1,
            1 << 20,
            1,
            Duration.ZERO,
            true,
            0,
            retryLimit,
            Duration.ofMillis(1),
            Duration.ofMillis(1)),
        null,
        rejects);
  }

  Rig start() {
    pipeline.start();
    return this;
  }

  Origin origin(String source) {
    return Origin.builder(names, "kube.x").source(source).build();
  }

  Batch batch(Origin origin, String... bodies) throws InterruptedException {
    Batch batch = pool.open();
    for (String body : bodies) {
      byte[] bytes = body.getBytes(UTF_8);
      batch.add(batch.origin(origin), batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
    }
    return batch;
  }

  void put(Origin origin, String... bodies) throws InterruptedException {
    Batch batch = batch(origin, bodies);
    Intake to = input.intake;
    if (to == null) {
      throw new IllegalStateException("the pipeline has not started");
    }
    to.put(batch, _ -> {});
  }

  @Override
  public void close() {
    pipeline.stop(Duration.ofSeconds(2));
  }
}
