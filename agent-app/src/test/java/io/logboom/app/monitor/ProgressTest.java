package io.logboom.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.Outcome;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final SlabPool pool = new SlabPool(4 << 20);
  private final AtomicReference<Intake> intake = new AtomicReference<>();
  private final CountDownLatch receiverAnswers = new CountDownLatch(1);
  private final AtomicLong now = new AtomicLong();
  private final Delivery delivery =
      new Delivery(
          "es.0",
          "es",
          _ -> {
            receiverAnswers.await();
            return Outcome.DELIVERED;
          },
          new OutputSettings(
              1, 1 << 20, 1, Duration.ZERO, -1, Duration.ofMillis(1), Duration.ofMillis(1)));
  private final Pipeline pipeline =
      new Pipeline(pool, List.of(), List.of(new Route(delivery, TagMatch.glob("*"))));
  private final Progress progress;

  ProgressTest() {
    pipeline.add(
        "tail.0",
        "tail",
        new Input() {
          @Override
          public void start(Intake given) {
            intake.set(given);
          }

          @Override
          public void quiesce() {}

          @Override
          public void close() {}
        });
    progress = new Progress(pipeline, now::get);
    pipeline.start();
  }

  @AfterEach
  void stop() {
    receiverAnswers.countDown();
    pipeline.stop(Duration.ofSeconds(5));
  }

  private void put() throws InterruptedException {
    Batch batch = pool.open();
    int origin = batch.origin(Origin.builder(new Names(), "x").build());
    batch.add(origin, batch.append(new byte[] {'a'}, 0, 1), 1, 0, 0);
    intake.get().put(batch, _ -> {});
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      progress.sample();
    }
  }

  @Test
  void anIdlePipelineIsNeverStuck() {
    pass(3600);
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void namesTheOutputThatGetsNoAnswerFirst() throws Exception {
    pass(3600);
    put();
    await().until(() -> delivery.stats().inFlight() == 1);
    pass(29);
    assertThat(progress.stuck()).isEmpty();
    pass(2);
    assertThat(progress.stuck())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("output es.0 has made no progress for 3")
        .endsWith(" s: the receiver does not answer");
    assertThat(progress.stuck().getLast()).startsWith("input tail.0 has made no progress");
  }

  @Test
  void isWellAgainAtTheFirstStepForward() throws Exception {
    put();
    await().until(() -> delivery.stats().inFlight() == 1);
    pass(60);
    assertThat(progress.stuck()).isNotEmpty();
    receiverAnswers.countDown();
    await().until(() -> pipeline.inputStats().getFirst().settledBatches() == 1);
    pass(1);
    assertThat(progress.stuck()).isEmpty();
  }
}
