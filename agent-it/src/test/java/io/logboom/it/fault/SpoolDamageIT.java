package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Conduct;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolDamageIT {
  private static final long SEED = 20_261_122;
  private static final int RUNS = 4;
  private static final int LINES_A_RUN = 5_000;
  // An entry is a batch, which is a slab of 256 KiB at most; a line is some more than 200 bytes.
  private static final int LINES_AN_ENTRY = (256 << 10) / 200;
  private static final long LINES = (long) RUNS * LINES_A_RUN;
  private static final Duration START = Duration.ofSeconds(5);

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private long damagedRecords;
  private Duration slowestStart = Duration.ZERO;

  /** The state of an agent that could not deliver is damaged in many ways, each time anew. */
  @Test
  void startsInFiveSecondsAndMissesOnlyWhatWasDamagedAndCountsIt() throws Exception {
    int times = Size.of("damages", 9, 500);
    try (Stand stand = new Stand(directory)) {
      Setup setup = stand.usual().service("grace", 1);
      fillSpool(stand, setup);
      Path template = directory.resolve("template");
      copy(stand.state(), template);
      for (int time = 0; time < times; time++) {
        delete(stand.state());
        copy(template, stand.state());
        Damage damage = Damage.values()[time % Damage.values().length];
        damage.to(stand.spool("sink"), stand.checkpoint(), random);
        deliver(stand, setup, damage, time);
      }
    }
    Size.report(
        "damaged state",
        "%d times: slowest start %.1f s, %d records damaged, each counted, no other missing",
        times,
        slowestStart.toMillis() / 1e3,
        damagedRecords);
  }

  /** A process that dies while it writes leaves a torn entry at most, which nobody counted on. */
  @Test
  void killedWhileItWritesTheSpoolItLosesNothing() throws Exception {
    int kills = Size.of("spool.kills", 3, 100);
    try (Stand stand = new Stand(directory)) {
      stand.sink().conduct(new Conduct.Away());
      Setup setup = stand.usual().with("workers", 1);
      AgentProcess agent = stand.start(setup);
      try (SequenceWriter writer =
          stand
              .writer("steady", Integer.MAX_VALUE, 20_000, 200, Rotation.renaming(10_000_000, 30))
              .start()) {
        for (int kill = 0; kill < kills; kill++) {
          awaitGrowth(stand, agent);
          agent.kill();
          agent = stand.start(setup);
        }
        long lines = writer.stop();
        stand.sink().conduct(new Conduct.Well());
        stand.awaitAll(agent, Duration.ofMinutes(3), "steady", lines);
        Size.report(
            "killed while spooling",
            "%d kills, %d lines: 0 lost, %d duplicates, %d out of order",
            kills,
            lines,
            stand.seen().duplicates(),
            stand.seen().late());
        assertThat(damaged(agent)).isZero();
        assertThat(stand.seen().late()).isZero();
      }
    }
  }

  private void awaitGrowth(Stand stand, AgentProcess agent) throws IOException {
    long enough = Stand.bytesBelow(stand.spool("sink")) + 1 + random.nextInt(4 << 20);
    Stand.waiting(agent).until(() -> Stand.bytesBelow(stand.spool("sink")) >= enough);
  }

  /** Several runs, so that there are several segments. */
  private static void fillSpool(Stand stand, Setup setup) throws Exception {
    stand.sink().conduct(new Conduct.Away());
    for (int run = 0; run < RUNS; run++) {
      AgentProcess agent = stand.start(setup);
      try (SequenceWriter writer = stand.writer("run" + run, LINES_A_RUN, 0, 200).start()) {
        assertThat(writer.join()).isEqualTo(LINES_A_RUN);
      }
      Stand.waiting(agent)
          .until(() -> Metrics.of(agent).sum("logboom_input_records_total") >= LINES_A_RUN);
      assertThat(agent.stop(Duration.ofSeconds(20))).as(agent.log()).hasValue(0);
    }
    assertThat(Damage.segments(stand.spool("sink"))).hasSizeGreaterThanOrEqualTo(RUNS);
  }

  private void deliver(Stand stand, Setup setup, Damage damage, int time) throws Exception {
    stand.seen().forget();
    stand.sink().conduct(new Conduct.Well());
    long start = System.nanoTime();
    AgentProcess agent = stand.start(setup);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    slowestStart = took.compareTo(slowestStart) > 0 ? took : slowestStart;
    assertThat(took).as("start after %s (%d)", damage, time).isLessThan(START);

    Stand.waiting(agent).until(() -> arrived(stand) + damaged(agent) >= LINES);
    Stand.waiting(agent).until(() -> Metrics.of(agent).sum("logboom_output_queue_batches") == 0);
    long damaged = damaged(agent);
    assertThat(LINES - arrived(stand))
        .as("missing after %s (%d); counted are %d\n%s", damage, time, damaged, agent.log())
        .isEqualTo(damaged);
    assertThat(damaged)
        .as("damaged by %s (%d)", damage, time)
        .isLessThanOrEqualTo(Math.min(LINES_A_RUN, (long) damage.mostEntries() * LINES_AN_ENTRY));
    damagedRecords += damaged;
    agent.kill();
    Files.delete(stand.agentLog());
  }

  private static long arrived(Stand stand) {
    long sum = 0;
    for (int run = 0; run < RUNS; run++) {
      sum += stand.seen().distinct("run" + run);
    }
    return sum;
  }

  private static long damaged(AgentProcess agent) throws IOException, InterruptedException {
    return Metrics.of(agent).sum("logboom_output_lost_records_total", "reason=\"damaged\"");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(
          file -> {
            try {
              Files.copy(file, to.resolve(from.relativize(file).toString()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
