package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.OnSettled;
import io.logboom.api.plugin.Parser;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Defects of ours, and of what we use: nothing stops, nothing is silent. */
@Timeout(60)
class FaultTest {
  @TempDir Path dir;

  private Tail tail(TestContext context, String... options) throws Exception {
    return new Tail(Binder.bind(TailConfig.class, options), context, System::nanoTime, Map.of());
  }

  /** Fails at lines that say so. */
  private static Parser touchy() {
    return new Parser() {
      @Override
      public String name() {
        return "touchy";
      }

      @Override
      public boolean parse(Batch batch, int record) {
        String text =
            new String(
                batch.bytes(), batch.offset(record), batch.length(record), StandardCharsets.UTF_8);
        if (text.contains("poison")) {
          throw new IllegalStateException("a defect at " + text);
        }
        return true;
      }
    };
  }

  @Test
  void takesInLinesAsTheyAreThatAParserFailsAt() throws Exception {
    TestContext context = new TestContext(dir.resolve("state")).parser("touchy", FaultTest::touchy);
    TestIntake intake = new TestIntake(context, true);
    Path log = dir.resolve("a.log");
    Files.writeString(log, "one\npoison\ntwo\n");
    Files.writeString(dir.resolve("b.log"), "other\n");
    try (Tail tail = tail(context, "path", dir + "/*.log", "parser", "touchy")) {
      tail.start(intake);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(kept(intake))
                      .containsExactlyInAnyOrder("one", "poison", "two", "other"));
      assertThat(context.meters().count(TailMeter.FAULTS)).isEqualTo(3);
      assertThat(tail.isWorking()).isTrue();
      assertThat(tail.problem()).isNull();
    }
  }

  private static List<String> kept(TestIntake intake) {
    return intake.entries().stream()
        .filter(e -> (e.flags() & Batch.DROPPED) == 0)
        .map(e -> Follower.text(e.json()))
        .toList();
  }

  /** An intake that fails once. */
  private static final class Failing implements Intake {
    private final TestIntake inner;
    private final Throwable what;
    final AtomicBoolean failed = new AtomicBoolean();

    Failing(TestIntake inner, Throwable what) {
      this.inner = inner;
      this.what = what;
    }

    @Override
    public void put(Batch batch, OnSettled settled) {
      if (failed.compareAndSet(false, true)) {
        inner.discard(batch);
        switch (what) {
          case RuntimeException e -> throw e;
          case Error e -> throw e;
          default -> throw new IllegalArgumentException(what);
        }
      }
      inner.put(batch, settled);
    }

    @Override
    public boolean offer(Batch batch, OnSettled settled) {
      return inner.offer(batch, settled);
    }

    @Override
    public void onRoom(Runnable resume) {
      inner.onRoom(resume);
    }

    @Override
    public void discard(Batch batch) {
      inner.discard(batch);
    }
  }

  @Test
  void readsAgainWhatAFaultInHandingOverCost() throws Exception {
    TestContext context = new TestContext(dir.resolve("state"));
    TestIntake intake = new TestIntake(context, true);
    Files.writeString(dir.resolve("a.log"), "one\ntwo\n");
    try (Tail tail = tail(context, "path", dir + "/*.log")) {
      tail.start(new Failing(intake, new IllegalStateException("planted")));
      await().atMost(Duration.ofSeconds(30)).until(() -> intake.count() >= 2);
      assertThat(context.meters().count(TailMeter.FAULTS)).isEqualTo(1);
      assertThat(tail.isWorking()).isTrue();
    }
  }

  @Test
  void tellsThatTheThreadThatReadsHasEnded() throws Exception {
    TestContext context = new TestContext(dir.resolve("state"));
    TestIntake intake = new TestIntake(context, true);
    Files.writeString(dir.resolve("a.log"), "one\n");
    try (Tail tail = tail(context, "path", dir + "/*.log")) {
      assertThat(tail.isWorking()).isTrue();
      tail.start(new Failing(intake, new AssertionError("planted")));
      await().until(() -> !tail.isWorking());
      assertThat(tail.problem()).isEqualTo("the thread that reads files has ended");
    }
  }

  @Test
  void tellsThatPositionsCannotBeSaved() throws Exception {
    TestContext context = new TestContext(dir.resolve("state"));
    TestIntake intake = new TestIntake(context, true);
    Path obstacle = dir.resolve("state/positions.tmp");
    Files.createDirectories(obstacle);
    Files.writeString(dir.resolve("a.log"), "one\n");
    try (Tail tail = tail(context, "path", dir + "/*.log")) {
      tail.start(intake);
      await().until(() -> tail.problem() != null);
      assertThat(tail.problem()).startsWith("positions cannot be saved to ");
      assertThat(tail.isWorking()).isTrue();
      await().until(() -> intake.count() == 1);
      Files.delete(obstacle);
      await().until(() -> tail.problem() == null);
    }
  }

  @Test
  void tellsWhatEachFileHoldsUnread() throws Exception {
    TestContext context = new TestContext(dir.resolve("state"), 4096, 16384);
    TestIntake intake = new TestIntake(context, false);
    Files.writeString(dir.resolve("a.log"), "x".repeat(99).concat("\n").repeat(1000));
    Files.writeString(dir.resolve("b.log"), "y\n");
    try (Tail tail = tail(context, "path", dir + "/*.log")) {
      tail.start(intake);
      await().until(() -> intake.heldBatches() >= 3);
      await()
          .untilAsserted(
              () -> {
                List<String> told = new ArrayList<>();
                tail.backlog(
                    (source, bytes, nanos) ->
                        told.add(Path.of(source).getFileName() + (bytes > 0 ? " behind" : "")));
                assertThat(told).contains("a.log behind").hasSize(2);
              });
      tail.quiesce();
    }
  }
}
