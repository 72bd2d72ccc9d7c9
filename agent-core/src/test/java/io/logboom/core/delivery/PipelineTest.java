package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private final Names names = new Names();
  private final SlabPool pool = new SlabPool(16L * SlabPool.USUAL);
  private final List<FilterStep> filters = new ArrayList<>();
  private final List<Route> routes = new ArrayList<>();
  private final ConcurrentLinkedQueue<Settlement> settlements = new ConcurrentLinkedQueue<>();
  private final Ledger ledger = new Ledger(System::nanoTime);
  private final HandFed input = new HandFed();
  private Pipeline pipeline;

  /** An input that a test feeds. */
  private static final class HandFed implements Input {
    volatile Intake intake;
    volatile boolean quiesced;
    volatile boolean closed;

    @Override
    public void start(Intake to) {
      intake = to;
    }

    @Override
    public void quiesce() {
      quiesced = true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @AfterEach
  void nothingLeaks() {
    if (pipeline != null) {
      pipeline.stop(Duration.ZERO);
    }
    assertThat(pool.used()).as("bytes still held after the stop").isZero();
  }

  @Test
  void deliversAndTellsTheInputOnce() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    start();
    put("a", "one", "two");
    await().until(() -> settlements.size() == 1);
    assertThat(settlements).containsExactly(Settlement.DONE);
    assertThat(out.sends()).containsExactly(List.of("one", "two"));
    assertThat(pipeline.deliveries().getFirst().stats().procRecords()).isEqualTo(2);
  }

  @Test
  void aBatchWithLittleInItHoldsLittleMemoryHoweverItCame() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    start();
    Batch batch = pool.open();
    byte[] body = "little".getBytes(StandardCharsets.UTF_8);
    int origin = batch.origin(Origin.builder(names, "a").build());
    batch.add(origin, batch.append(body, 0, body.length), body.length, 0, 0);
    assertThat(input.intake.offer(batch, settlements::add)).isTrue();
    await().until(() -> settlements.size() == 1);
    assertThat(out.sends()).containsExactly(List.of("little"));
    assertThat(pool.used()).isZero();
    assertThat(pool.peak()).isEqualTo(SlabPool.USUAL_BATCH);
  }

  @Test
  void aStopWaitsForWhatAnOutputHoldsButNoLongerThanItMay() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    start();
    assertThat(out.started()).isTrue();
    put("a", "one");
    await().until(() -> settlements.size() == 1);
    out.holds(5);
    assertThat(pipeline.stop(Duration.ofSeconds(20))).isTrue();
    assertThat(out.held()).isZero();
    assertThat(out.closed()).isTrue();
  }

  @Test
  void whatAnOutputStillHoldsAtTheEndIsItsOwnAffair() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    start();
    put("a", "one");
    await().until(() -> settlements.size() == 1);
    out.holds(Integer.MAX_VALUE);
    assertThat(pipeline.stop(Duration.ofMillis(50))).as("all was delivered").isTrue();
    assertThat(out.closed()).isTrue();
  }

  @Test
  void retriesTheSameRecordsUntilTheyArrive() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    out.then(new Outcome.Retry("503"))
        .then(
            _ -> {
              throw new IllegalStateException("a defect of the output");
            });
    start();
    put("a", "one");
    await().until(() -> settlements.size() == 1);
    assertThat(out.sends()).containsExactly(List.of("one"), List.of("one"), List.of("one"));
    assertThat(pipeline.deliveries().getFirst().stats().retries()).isEqualTo(2);
    assertThat(pipeline.deliveries().getFirst().stats().problem()).isNull();
  }

  @Test
  void sendsAgainOnlyWhatWasRefusedForNowAndCountsWhatWasRefusedForGood()
      throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    BitSet again = new BitSet();
    again.set(1);
    again.set(3);
    out.then(
        new Outcome.Mixed(
            again, List.of(new Outcome.Rejection(0, "mapping")), "429", Duration.ZERO));
    start();
    put("a", "zero", "one", "two", "three");
    await().until(() -> settlements.size() == 1);
    assertThat(out.sends())
        .containsExactly(List.of("zero", "one", "two", "three"), List.of("one", "three"));
    OutputStats stats = pipeline.deliveries().getFirst().stats();
    assertThat(stats.procRecords()).isEqualTo(3);
    assertThat(stats.rejectedRecords()).isEqualTo(1);
  }

  @Test
  void halvesWhatIsTooLargeUntilThePoisonRecordIsAlone() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    List<String> lines =
        IntStream.range(0, 33).mapToObj(i -> i == 20 ? "poison" : "line" + i).toList();
    for (int i = 0; i < 64; i++) {
      out.then(
          bodies -> bodies.contains("poison") ? new Outcome.TooLarge("413") : Outcome.DELIVERED);
    }
    start();
    put("a", lines.toArray(String[]::new));
    await().until(() -> settlements.size() == 1);
    assertThat(settlements).containsExactly(Settlement.DONE);
    OutputStats stats = pipeline.deliveries().getFirst().stats();
    assertThat(stats.procRecords()).isEqualTo(32);
    assertThat(stats.rejectedRecords()).isEqualTo(1);
    assertThat(
            out.sends().stream()
                .filter(s -> !s.contains("poison"))
                .flatMap(List::stream)
                .distinct())
        .hasSize(32);
  }

  @Test
  void givesUpAfterTheRetryLimitAndCountsIt() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, 2);
    for (int i = 0; i < 3; i++) {
      out.then(new Outcome.Retry("503"));
    }
    start();
    put("a", "one", "two");
    await().until(() -> settlements.size() == 1);
    assertThat(out.sends()).hasSize(3);
    OutputStats stats = pipeline.deliveries().getFirst().stats();
    assertThat(stats.droppedRecords()).isEqualTo(2);
    assertThat(stats.retriesFailed()).isEqualTo(1);
  }

  @Test
  void doesNotCountATryThatGotOnTowardsTheRetryLimit() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, 1);
    for (int left = 5; left > 0; left--) {
      BitSet again = new BitSet();
      again.set(1, left + 1);
      out.then(new Outcome.Mixed(again, List.of(), "429", Duration.ZERO));
    }
    start();
    put("a", "0", "1", "2", "3", "4", "5");
    await().until(() -> settlements.size() == 1);
    assertThat(out.sends()).hasSize(6);
    OutputStats stats = pipeline.deliveries().getFirst().stats();
    assertThat(stats.procRecords()).isEqualTo(6);
    assertThat(stats.droppedRecords()).isZero();
  }

  @Test
  void routesByTagAndSettlesWhenAllOutputsHaveSettled() throws InterruptedException {
    ScriptedOutput a = output("out.0", TagMatch.glob("a*"), 1, OutputSettings.UNLIMITED);
    ScriptedOutput all = output("out.1", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    start();
    Batch batch = pool.open();
    add(batch, "apple", "one");
    add(batch, "berry", "two");
    add(batch, "apple", "three");
    input.intake.put(batch, settlements::add);
    await().until(() -> settlements.size() == 1);
    assertThat(a.sends()).containsExactly(List.of("one", "three"));
    assertThat(all.sends()).containsExactly(List.of("one", "two", "three"));
  }

  @Test
  void aFilterSeesOnlyWhatItMatchesAndItsFailureKeepsTheRecords() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    Filter dropFirst =
        (batch, origins) -> {
          for (int i = 0; i < batch.size(); i++) {
            if ((origins >> batch.originIndex(i) & 1) == 1) {
              batch.drop(i);
            }
          }
        };
    Filter failing =
        (_, _) -> {
          throw new IllegalStateException("defect");
        };
    filters.add(new FilterStep("f.0", "drop", dropFirst, TagMatch.glob("b*")));
    filters.add(new FilterStep("f.1", "fail", failing, TagMatch.glob("*")));
    start();
    Batch batch = pool.open();
    add(batch, "apple", "one");
    add(batch, "berry", "two");
    input.intake.put(batch, settlements::add);
    await().until(() -> settlements.size() == 1);
    assertThat(out.sends()).containsExactly(List.of("one"));
    assertThat(pipeline.filterStats().get(0).dropRecords()).isEqualTo(1);
    assertThat(pipeline.filterStats().get(1).failures()).isEqualTo(1);
  }

  @Test
  void countsWhatNoOutputTakes() throws InterruptedException {
    output("out.0", TagMatch.glob("a*"), 1, OutputSettings.UNLIMITED);
    start();
    put("berry", "one", "two");
    await().until(() -> settlements.size() == 1);
    assertThat(settlements).containsExactly(Settlement.DONE);
    assertThat(pipeline.unroutedRecords()).isEqualTo(2);
  }

  @Test
  void stopDeliversWhatIsUnderWayAndThenClosesTheInput() throws InterruptedException {
    ScriptedOutput out =
        output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED, Duration.ofHours(1));
    start();
    put("a", "one");
    assertThat(pipeline.stop(Duration.ofSeconds(20))).isTrue();
    assertThat(out.sends()).containsExactly(List.of("one"));
    assertThat(settlements).containsExactly(Settlement.DONE);
    assertThat(input.quiesced).isTrue();
    assertThat(input.closed).isTrue();
    assertThat(out.closed()).isTrue();
  }

  @Test
  void stopSettlesWithAgainWhatCouldNotBeDelivered() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    for (int i = 0; i < 1000; i++) {
      out.then(new Outcome.Retry("down"));
    }
    start();
    put("a", "one");
    put("a", "two");
    await().until(() -> !out.sends().isEmpty());
    assertThat(pipeline.stop(Duration.ofMillis(50))).isFalse();
    assertThat(settlements).containsExactly(Settlement.AGAIN, Settlement.AGAIN);
  }

  @Test
  void aSecondOutputDoesNotWaitForOneThatIsDown() throws InterruptedException {
    ScriptedOutput down = output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED);
    for (int i = 0; i < 1000; i++) {
      down.then(new Outcome.Retry("down"));
    }
    ScriptedOutput up = output("out.1", TagMatch.glob("*"), 2, OutputSettings.UNLIMITED);
    start();
    for (int i = 0; i < 10; i++) {
      put("a", "line" + i);
    }
    await().until(() -> up.sends().stream().mapToInt(List::size).sum() == 10);
    assertThat(settlements).isEmpty();
    pipeline.stop(Duration.ZERO);
    assertThat(settlements).hasSize(10).containsOnly(Settlement.AGAIN);
  }

  @Test
  void whatSomebodyWaitsForDoesNotWaitLongForCompany() throws InterruptedException {
    ScriptedOutput out =
        output("out.0", TagMatch.glob("*"), 1, OutputSettings.UNLIMITED, Duration.ofHours(1));
    start();
    put("a", "nobody waits");
    awaited("somebody waits");
    await().until(() -> settlements.size() == 2);
    assertThat(out.sends()).containsExactly(List.of("nobody waits", "somebody waits"));
    Batch next = pool.open();
    assertThat(next.isAwaited()).as("a batch is used again").isFalse();
    pool.release(next);
  }

  @Test
  void whatSomebodyWaitsForIsSentWithWhatCameDuringASlowSend() throws InterruptedException {
    ScriptedOutput out =
        output("out.0", TagMatch.glob("*"), 2, OutputSettings.UNLIMITED, Duration.ofHours(1));
    CountDownLatch slow = new CountDownLatch(1);
    out.then(
        _ -> {
          try {
            slow.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Outcome.DELIVERED;
        });
    start();
    awaited("alone");
    await().until(() -> out.sends().size() == 1);
    put("a", "nobody waits");
    awaited("somebody waits");
    slow.countDown();
    await().until(() -> settlements.size() == 3);
    assertThat(out.sends())
        .containsExactly(List.of("alone"), List.of("nobody waits", "somebody waits"));
  }

  /** Puts a record whose settlement somebody waits for. */
  private void awaited(String line) throws InterruptedException {
    Batch batch = pool.open();
    add(batch, "a", line);
    batch.await();
    input.intake.put(batch, settlements::add);
  }

  @Test
  void oneWorkerAtATimeSendsWhileMemoryIsShort() throws InterruptedException {
    ScriptedOutput out = output("out.0", TagMatch.glob("*"), 4, OutputSettings.UNLIMITED);
    AtomicInteger sending = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      out.then(
          _ -> {
            most.accumulateAndGet(sending.incrementAndGet(), Math::max);
            LockSupport.parkNanos(2_000_000);
            sending.decrementAndGet();
            return Outcome.DELIVERED;
          });
    }
    routes.forEach(route -> route.delivery().sparing(() -> true));
    start();
    for (int i = 0; i < 20; i++) {
      put("source-" + i, "line");
    }
    await().until(() -> settlements.size() == 20);
    assertThat(most).hasValue(1);
  }

  private ScriptedOutput output(String name, TagMatch match, int workers, long retryLimit) {
    return output(name, match, workers, retryLimit, Duration.ofMillis(10));
  }

  private ScriptedOutput output(
      String name, TagMatch match, int workers, long retryLimit, Duration linger) {
    ScriptedOutput output = new ScriptedOutput();
    OutputSettings settings =
        new OutputSettings(
            workers,
            8L << 20,
            1 << 20,
            linger,
            true,
            0,
            retryLimit,
            Duration.ofMillis(2),
            Duration.ofMillis(20));
    routes.add(
        new Route(
            new Delivery(
                new OutputStats(name, "scripted"),
                ledger.output(name),
                output,
                settings,
                null,
                null),
            match));
    return output;
  }

  private void start() {
    pipeline = new Pipeline(pool, filters, routes, ledger);
    pipeline.add("in.0", "hand", input);
    pipeline.start();
  }

  private void put(String tag, String... lines) throws InterruptedException {
    Batch batch = pool.open();
    for (String line : lines) {
      add(batch, tag, line);
    }
    input.intake.put(batch, settlements::add);
  }

  private final java.util.Map<String, Origin> origins = new java.util.HashMap<>();

  private void add(Batch batch, String tag, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    int origin = batch.origin(origins.computeIfAbsent(tag, t -> Origin.builder(names, t).build()));
    batch.add(origin, batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
  }
}
