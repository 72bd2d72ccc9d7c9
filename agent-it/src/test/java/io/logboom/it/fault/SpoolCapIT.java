package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolCapIT {
  private static final int LINE = 500;
  private static final long CAP = (long) Size.of("cap.mib", 24, 256) << 20;
  private static final long SEGMENT = 16 << 20;
  private static final int LINES = Math.toIntExact(4 * CAP / LINE);

  @TempDir Path directory;

  private final AtomicLong mostOnDisk = new AtomicLong();

  @ParameterizedTest
  @ValueSource(strings = {"block", "drop_oldest", "drop_newest"})
  void keepsToItsCapAndCountsExactlyWhatThePolicyDrops(String policy) throws Exception {
    try (Stand stand = new Stand(directory)) {
      Setup setup = stand.usual().with("overflow", policy).with("storage.total_limit_size", CAP);
      AgentProcess agent = stand.start(setup);
      stand.sink().conduct(new Conduct.Away());
      AtomicBoolean done = new AtomicBoolean();
      FutureTask<Void> watch = new FutureTask<>(() -> watch(stand, agent, done), null);
      Thread.ofPlatform().daemon().start(watch);
      try (SequenceWriter writer = stand.writer("flood", LINES, 0, LINE).start()) {
        assertThat(writer.join()).isEqualTo(LINES);
        awaitFull(agent, policy);
      }
      stand.sink().conduct(new Conduct.Well());
      awaitDrained(stand, agent);
      done.set(true);
      watch.get();

      long dropped = dropped(agent);
      BitSet arrived = stand.seen().arrived("flood");
      Size.report(
          "cap " + policy,
          "cap %d MiB, at most %d MiB on disk; %d lines written, %d arrived, %d counted as dropped,"
              + " the first missing is %d, the last %d",
          CAP >> 20,
          mostOnDisk.get() >> 20,
          LINES,
          arrived.cardinality(),
          dropped,
          arrived.nextClearBit(0),
          arrived.previousClearBit(LINES - 1));
      assertThat(LINES - arrived.cardinality()).isEqualTo(Math.toIntExact(dropped));
      assertThat(mostOnDisk.get()).isBetween(CAP / 2, CAP + SEGMENT);
      switch (policy) {
        case "block" -> assertThat(dropped).isZero();
        case "drop_oldest" -> assertThat(arrived.get(LINES - 1)).as("the newest").isTrue();
        default -> assertThat(arrived.get(0)).as("the oldest").isTrue();
      }
    }
  }

  /** What is written stands in the spool, was dropped, or waits in its file. */
  private void awaitFull(AgentProcess agent, String policy) {
    if (policy.equals("block")) {
      Stand.waiting(agent, Duration.ofMinutes(3))
          .until(
              () ->
                  mostOnDisk.get() > CAP - SEGMENT
                      && Metrics.of(agent).sum("logboom_input_waiting") == 1);
    } else {
      Stand.waiting(agent, Duration.ofMinutes(3))
          .until(() -> Metrics.of(agent).sum("logboom_input_records_total") == LINES);
      Stand.waiting(agent).until(() -> dropped(agent) > 0);
    }
  }

  private static void awaitDrained(Stand stand, AgentProcess agent) {
    Stand.waiting(agent, Duration.ofMinutes(3))
        .until(() -> stand.seen().distinct("flood") + dropped(agent) >= LINES);
  }

  private static long dropped(AgentProcess agent) throws java.io.IOException, InterruptedException {
    return Metrics.of(agent).sum("logboom_output_lost_records_total");
  }

  private void watch(Stand stand, AgentProcess agent, AtomicBoolean done) {
    Stand.waiting(agent, Duration.ofMinutes(10))
        .until(
            () -> {
              mostOnDisk.accumulateAndGet(Stand.bytesBelow(stand.spool("sink")), Math::max);
              return done.get();
            });
  }
}
