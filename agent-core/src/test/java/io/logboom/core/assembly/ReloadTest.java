package io.logboom.core.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.ledger.OutputRow;
import io.logboom.core.meter.MicrometerMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReloadTest {
  @TempDir Path dir;

  private final Numbers numbers = new Numbers();
  private final Remember remember = new Remember();
  private final Collect collect = new Collect();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private @Nullable Agent agent;

  private Wanted usual() {
    return new Wanted(dir)
        .input("in", numbers)
        .filter("f", remember, "*")
        .output("out", collect, "*");
  }

  private Agent start(Wanted wanted) throws StartException {
    MicrometerMeters meters = new MicrometerMeters(registry);
    Agent started =
        Agent.create(wanted.config(), (_, _) -> NoParsers.PARSERS, meters, InstantSource.system());
    started.start();
    agent = started;
    return started;
  }

  private ReloadResult reload(Wanted wanted) {
    return Objects.requireNonNull(agent).reload(wanted.config());
  }

  @AfterEach
  void stop() {
    if (agent != null) {
      agent.stop();
    }
  }

  private void awaitMore(String into, String input) {
    int before = collect.into(into).count(input);
    await().until(() -> collect.into(into).count(input) > before + 200);
  }

  /** Ends the input and waits for all that it gave. */
  private void awaitAll(String into) {
    numbers.paused = true;
    await()
        .untilAsserted(
            () -> {
              long given = numbers.given.get();
              assertThat(collect.into(into).firstMissing("in")).isEqualTo((int) given);
            });
    assertThat(collect.into(into).twice()).isZero();
    assertThat(numbers.again).hasValue(0);
  }

  @Test
  void whatHasNotChangedGoesOnUntouched() throws Exception {
    start(usual());
    awaitMore("main", "in");
    AgentConfig same = usual().config();
    assertThat(Objects.requireNonNull(agent).reload(same))
        .isEqualTo(new ReloadResult.Done(List.of(), Set.of()));
    ReloadResult result = reload(usual().output("more", collect, "*", "into", "more"));
    assertThat(result)
        .isInstanceOfSatisfying(
            ReloadResult.Done.class,
            done -> assertThat(done.changes()).containsExactly("output more added"));
    awaitMore("more", "in");
    assertThat(numbers.made).hasValue(1);
    assertThat(remember.made).hasValue(1);
    assertThat(collect.made).hasValue(2);
    awaitAll("main");
  }

  @Test
  void aChangedOutputTakesOverWhatWaitsForTheOneBefore() throws Exception {
    start(
        new Wanted(dir)
            .input("in", numbers)
            .output("out", collect, "*", "dead", "on", "into", "nowhere"));
    await().until(() -> numbers.given.get() > 500);
    assertThat(reload(new Wanted(dir).input("in", numbers).output("out", collect, "*")))
        .isInstanceOf(ReloadResult.Done.class);
    awaitMore("main", "in");
    assertThat(collect.open).hasValue(1);
    assertThat(numbers.made).hasValue(1);
    awaitAll("main");
  }

  @Test
  void aChangedFilterWorksFromTheNextBatchOnAndTheOldOneIsClosed() throws Exception {
    start(usual());
    awaitMore("main", "in");
    reload(
        new Wanted(dir)
            .input("in", numbers)
            .filter("f", remember, "*", "drop", "on")
            .output("out", collect, "*"));
    assertThat(remember.open).hasValue(1);
    await()
        .until(
            () ->
                Objects.requireNonNull(agent).pipeline().filterStats().getFirst().dropRecords()
                    > 500);
    int came = collect.into("main").count("in");
    reload(new Wanted(dir).input("in", numbers).output("out", collect, "*"));
    assertThat(remember.open).hasValue(0);
    await().until(() -> collect.into("main").count("in") > came + 200);
    assertThat(numbers.again).hasValue(0);
  }

  @Test
  void aChangedInputGoesOnWhereTheOneBeforeWasSettled() throws Exception {
    start(usual());
    awaitMore("main", "in");
    for (String label : new String[] {"two", "three", "four"}) {
      reload(
          new Wanted(dir)
              .input("in", numbers, "label", label)
              .filter("f", remember, "*")
              .output("out", collect, "*"));
      awaitMore("main", "in");
    }
    assertThat(numbers.made).hasValue(4);
    assertThat(numbers.open).hasValue(1);
    awaitAll("main");
  }

  @Test
  void aChangedInputIsSettledByTheDiskWhileAnOutputIsDead() throws Exception {
    Wanted before = usual().output("dead", collect, "*", "dead", "on");
    start(before);
    awaitMore("main", "in");
    long began = System.nanoTime();
    ReloadResult result =
        reload(
            new Wanted(dir)
                .input("in", numbers, "label", "two")
                .filter("f", remember, "*")
                .output("out", collect, "*")
                .output("dead", collect, "*", "dead", "on"));
    assertThat(result).isInstanceOf(ReloadResult.Done.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    awaitMore("main", "in");
    awaitAll("main");
  }

  @Test
  void aConfigurationThatCannotWorkChangesNothing() throws Exception {
    start(usual());
    awaitMore("main", "in");
    AgentConfig before = Objects.requireNonNull(agent).config();
    assertThat(
            reload(
                usual()
                    .output("new", collect, "*", "into", "new")
                    .filter("bad", new Faulty.Between(), "*")))
        .isEqualTo(new ReloadResult.Refused("[bad] no such file"));
    assertThat(reload(usual().output("bad", new Faulty.Out(), "*")))
        .isEqualTo(new ReloadResult.Refused("[bad] not a certificate"));
    assertThat(reload(usual().input("bad", new Faulty.In())))
        .isEqualTo(new ReloadResult.Refused("[bad] port 1 is in use"));
    assertThat(agent.config()).isSameAs(before);
    assertThat(numbers.made).hasValue(1);
    assertThat(collect.open).hasValue(1);
    assertThat(remember.open).hasValue(1);
    awaitMore("main", "in");
    awaitAll("main");
    assertThat(collect.into("new").count("in")).isZero();
  }

  @Test
  void inputsThatWereEndedForAReloadThatFailsReadAgainAsBefore() throws Exception {
    start(usual());
    awaitMore("main", "in");
    ReloadResult result =
        reload(
            new Wanted(dir)
                .input("in", numbers, "label", "two")
                .input("bad", new Faulty.In())
                .filter("f", remember, "*", "drop", "on")
                .output("out", collect, "*"));
    assertThat(result).isEqualTo(new ReloadResult.Refused("[bad] port 1 is in use"));
    awaitMore("main", "in");
    assertThat(numbers.open).hasValue(1);
    // The next reload knows what runs.
    assertThat(reload(usual().input("second", numbers))).isInstanceOf(ReloadResult.Done.class);
    awaitMore("main", "second");
    awaitAll("main");
  }

  @Test
  void aRemovedOutputDrainsAndWhatItCannotDeliverWaitsOnDiskForItsReturn() throws Exception {
    start(usual().output("second", collect, "*", "into", "second"));
    awaitMore("second", "in");
    collect.down = true;
    long given = numbers.given.get();
    await().until(() -> numbers.given.get() > given + 500);
    reload(usual());
    assertThat(collect.open).hasValue(1);
    assertThat(dir.resolve("outputs/second/spool")).isDirectory();
    collect.down = false;
    awaitMore("main", "in");
    long without = numbers.given.get();
    reload(usual().output("second", collect, "*", "into", "second"));
    awaitMore("second", "in");
    awaitAll("main");
    await()
        .untilAsserted(
            () -> {
              int came = collect.into("second").count("in");
              int never = collect.into("second").firstMissing("in");
              assertThat(never).isBetween((int) given, (int) without);
              assertThat(came).isGreaterThan(never);
            });
    assertThat(collect.into("second").twice()).isZero();
    Ledger ledger = Objects.requireNonNull(agent).pipeline().ledger();
    await().until(() -> ledger.output("second").outstanding() == 0);
    OutputRow row = ledger.output("second").row();
    assertThat(row.recovered()).isEqualTo(row.of(Fate.LEFT)).isPositive();
    await().untilAsserted(() -> assertThat(ledger.differences()).isEmpty());
  }

  @Test
  void aRemovedInputSavesItsPositionAndGoesOnThereWhenItIsBack() throws Exception {
    Wanted two = usual().input("other", numbers);
    start(two);
    awaitMore("main", "other");
    reload(usual());
    int position = Integer.parseInt(Files.readString(dir.resolve("inputs/other/position")));
    assertThat(collect.into("main").count("other")).isEqualTo(position);
    reload(usual().input("other", numbers));
    awaitMore("main", "other");
    assertThat(collect.into("main").twice()).isZero();
    assertThat(collect.into("main").firstMissing("other")).isGreaterThan(position);
  }

  @Test
  void metersOfRemovedInstancesGoAndTheOthersGoOnCounting() throws Exception {
    start(usual().output("gone", collect, "*", "into", "gone"));
    awaitMore("gone", "in");
    double before = sends("out");
    assertThat(registry.find("logboom_sends").tag("name", "gone").meter()).isNotNull();
    reload(
        new Wanted(dir)
            .input("in", numbers)
            .filter("f", remember, "*")
            .output("out", collect, "*", "label", "longer")
            .output("come", collect, "*", "into", "come"));
    assertThat(registry.find("logboom_sends").tag("name", "gone").meter()).isNull();
    assertThat(registry.find("logboom_label_length").tag("name", "gone").meter()).isNull();
    assertThat(sends("out")).isGreaterThanOrEqualTo(before);
    assertThat(labelLength("out")).isEqualTo(6);
    awaitMore("come", "in");
    await().until(() -> sends("come") > 0);
  }

  @Test
  void metersOfAReloadThatFailsDoNotTakeThePlaceOfThoseAtWork() throws Exception {
    start(usual());
    awaitMore("main", "in");
    reload(
        new Wanted(dir)
            .input("in", numbers)
            .filter("bad", new Faulty.Between(), "*")
            .output("out", collect, "*", "label", "longer"));
    assertThat(labelLength("out")).isEqualTo(3);
    double before = sends("out");
    awaitMore("main", "in");
    assertThat(sends("out")).isGreaterThan(before);
  }

  @Test
  void tellsWhichOptionsTakeARestart() throws Exception {
    start(usual());
    assertThat(reload(usual().service("http_port", "9").service("grace", "1")))
        .isInstanceOfSatisfying(
            ReloadResult.Done.class,
            done -> assertThat(done.restart()).containsExactly("http_port"));
    assertThat(Objects.requireNonNull(agent).config().service().stopTime())
        .isEqualTo(Duration.ofSeconds(1));
  }

  /** An output whose making takes until it is let go. */
  private static final class Slow implements OutputPlugin<Faulty.None> {
    final CountDownLatch making = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);

    @Override
    public String type() {
      return "slow";
    }

    @Override
    public String text() {
      return "Takes its time.";
    }

    @Override
    public Class<Faulty.None> config() {
      return Faulty.None.class;
    }

    @Override
    public Output create(Faulty.None config, Context context) throws StartException {
      making.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new StartException("interrupted", e);
      }
      return _ -> Outcome.DELIVERED;
    }
  }

  @Test
  void oneReloadAtATimeAndAStopGoesBeforeIt() throws Exception {
    Slow slow = new Slow();
    start(usual());
    awaitMore("main", "in");
    CompletableFuture<ReloadResult> first =
        CompletableFuture.supplyAsync(
            () -> reload(usual().output("slow", slow, "*")), Thread::startVirtualThread);
    slow.making.await();
    assertThat(reload(usual())).isEqualTo(new ReloadResult.InProgress());
    CompletableFuture<Boolean> stopped =
        CompletableFuture.supplyAsync(
            () -> Objects.requireNonNull(agent).stop(), Thread::startVirtualThread);
    assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
    slow.go.countDown();
    assertThat(first.get(20, TimeUnit.SECONDS))
        .isEqualTo(new ReloadResult.Refused("the agent is stopping"));
    assertThat(numbers.open).hasValue(0);
    assertThat(collect.open).hasValue(0);
    assertThat(collect.into("main").twice()).isZero();
    assertThat(collect.into("main").firstMissing("in")).isEqualTo((int) numbers.given.get());
  }

  private double sends(String instance) {
    return Objects.requireNonNull(
            registry.find("logboom_sends").tag("name", instance).functionCounter())
        .count();
  }

  private double labelLength(String instance) {
    return Objects.requireNonNull(
            registry.find("logboom_label_length").tag("name", instance).gauge())
        .value();
  }
}
