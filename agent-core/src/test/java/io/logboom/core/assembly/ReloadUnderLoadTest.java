package io.logboom.core.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.core.assembly.ReloadResult.Done;
import io.logboom.core.assembly.ReloadResult.Refused;
import io.logboom.core.meter.MicrometerMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * 200 reloads at some 20,000 records a second, with an output that is dead: every fifth
 * configuration cannot work, the others change, add and remove inputs, filters and outputs.
 */
class ReloadUnderLoadTest {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadUnderLoadTest.class);
  private static final int RELOADS = 200;
  private static final int WARM_UP = 20;
  private static final long TOLERATED_BYTES = 3L << 20;

  @TempDir Path dir;

  private final Numbers numbers = new Numbers();
  private final Remember remember = new Remember();
  private final Collect collect = new Collect();
  private final Random random = new Random(20251122);

  // What the next configuration has.
  private int inputLabel;
  private int outputLabel;
  private int filterLabel;
  private boolean secondInput;
  private boolean secondFilter;
  private boolean secondOutput;
  private boolean dead = true;

  private Wanted wanted() {
    Wanted wanted =
        new Wanted(dir)
            // Memory that is kept for the next records is no leak; with so little of it, it hides
            // none.
            .service("buffer.memory", "2M")
            .input("in", numbers, "label", "label" + inputLabel)
            .filter("f", remember, "*", "label", "label" + filterLabel)
            .output("out", collect, "*", "label", "label" + outputLabel);
    if (secondInput) {
      wanted.input("other", numbers);
    }
    if (secondFilter) {
      wanted.filter("g", remember, "in");
    }
    if (secondOutput) {
      wanted.output("second", collect, "in", "into", "second");
    }
    if (dead) {
      wanted.output("dead", collect, "*", "dead", "on", "into", "dead");
    }
    return wanted;
  }

  private void change() {
    switch (random.nextInt(8)) {
      case 0 -> inputLabel++;
      case 1 -> secondInput = !secondInput;
      case 2, 3 -> filterLabel++;
      case 4 -> secondFilter = !secondFilter;
      case 5 -> outputLabel++;
      case 6 -> secondOutput = !secondOutput;
      default -> dead = !dead || random.nextInt(3) > 0;
    }
  }

  private Wanted broken() {
    Wanted wanted = wanted();
    return switch (random.nextInt(3)) {
      case 0 -> wanted.input("bad", new Faulty.In());
      case 1 -> wanted.filter("bad", new Faulty.Between(), "*");
      default -> wanted.output("bad", new Faulty.Out(), "*");
    };
  }

  @Test
  @Timeout(180)
  void twoHundredReloadsLoseNothingDoubleNothingAndLeaveMemoryFlat() throws Exception {
    MicrometerMeters meters = new MicrometerMeters(new SimpleMeterRegistry());
    Agent agent =
        Agent.create(
            wanted().config(), (_, _) -> NoParsers.PARSERS, meters, InstantSource.system());
    agent.start();
    long slowest = 0;
    long before = 0;
    try {
      for (int i = 0; i < RELOADS; i++) {
        if (i == WARM_UP) {
          before = heapAtRest(agent);
        }
        int batches = numbers.batches.get();
        await().until(() -> numbers.batches.get() > batches + 5);
        change();
        boolean good = i % 5 != 4;
        long began = System.nanoTime();
        ReloadResult result = agent.reload((good ? wanted() : broken()).config());
        slowest = Math.max(slowest, System.nanoTime() - began);
        assertThat(result).as("reload %d", i).isInstanceOf(good ? Done.class : Refused.class);
      }
      long after = heapAtRest(agent);
      LOG.info(
          "{} records; slowest reload {} ms; heap {} KiB, then {} KiB",
          numbers.given.get(),
          slowest / 1_000_000,
          before / 1024,
          after / 1024);
      assertThat(after - before).isLessThan(TOLERATED_BYTES);
    } finally {
      agent.stop();
    }
    assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(5));
    assertThat(numbers.open).hasValue(0);
    assertThat(remember.open).hasValue(0);
    assertThat(collect.open).hasValue(0);
  }

  /** What is held while nothing is under way and nothing but the usual is configured. */
  private long heapAtRest(Agent agent) {
    secondInput = false;
    secondFilter = false;
    secondOutput = false;
    dead = false;
    assertThat(agent.reload(wanted().config())).isInstanceOf(Done.class);
    numbers.paused = true;
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(collect.into("main").firstMissing("in"))
                    .isEqualTo((int) numbers.given.get()));
    assertThat(collect.into("main").twice()).isZero();
    assertThat(collect.into("second").twice()).isZero();
    assertThat(numbers.again).hasValue(0);
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    dead = true;
    numbers.paused = false;
    return least;
  }
}
