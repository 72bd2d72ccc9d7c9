package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageIT {
  private static final int CONTAINERS = 4;
  private static final int LINE = 200;
  private static final double BYTES_PER_SECOND = 2e6;
  private static final Duration AWAY = Size.seconds("away.seconds", 8, 300);

  @TempDir Path directory;

  /**
   * So many rotations pass meanwhile that the node's own files no longer have what was logged at
   * first.
   */
  @Test
  void aReceiverThatWasAwayGetsEverythingInOrderThoughTheAgentWasKilledInBetween()
      throws Exception {
    double rate = BYTES_PER_SECOND / CONTAINERS / LINE;
    long lines = (long) (rate * AWAY.toSeconds());
    // Ten files in all, of which the node keeps half: long enough for an agent to be started again.
    Rotation rotation = Rotation.renaming(lines * LINE / 10, 5);
    try (Stand stand = new Stand(directory)) {
      Setup setup = stand.usual().with("workers", Size.of("workers", 1, 1));
      stand.sink().conduct(new Conduct.Away());
      AgentProcess agent = stand.start(setup);
      List<SequenceWriter> writers = new ArrayList<>();
      for (int c = 0; c < CONTAINERS; c++) {
        writers.add(stand.writer("pod" + c, lines, rate, LINE, rotation).start());
      }
      awaitWritten(agent, writers, lines / 2);
      agent.kill();
      agent = stand.start(setup);
      awaitWritten(agent, writers, lines);
      for (SequenceWriter writer : writers) {
        assertThat(writer.join()).isEqualTo(lines);
        assertThat(writer.rotations()).isGreaterThanOrEqualTo(8);
      }

      drain(stand, agent, lines);

      assertThat(stand.seen().late()).as("lines that a later one of their pod overtook").isZero();
      assertThat(stand.seen().unnumbered()).isZero();
      assertThat(Books.atRest(agent).lost("sink")).isZero();
    }
  }

  private static void awaitWritten(AgentProcess agent, List<SequenceWriter> writers, long lines) {
    Stand.waiting(agent, AWAY.plus(Stand.PATIENCE))
        .until(() -> writers.stream().allMatch(writer -> writer.written() >= lines));
  }

  private static void drain(Stand stand, AgentProcess agent, long lines) throws Exception {
    long well = System.nanoTime();
    stand.sink().conduct(new Conduct.Well());
    Stand.waiting(agent, Duration.ofSeconds(30)).until(() -> stand.sink().count() > 0);
    long first = System.nanoTime();
    for (int c = 0; c < CONTAINERS; c++) {
      stand.awaitAll(agent, Duration.ofMinutes(3), "pod" + c, lines);
    }
    double seconds = (System.nanoTime() - first) / 1e9;
    double megabytes = (double) CONTAINERS * lines * LINE / 1e6;
    Size.report(
        "outage",
        "away %d s at 2 MB/s: 0 of %d lost, %d duplicates, %d out of order; first after %.1f s,"
            + " then %.0f MB in %.1f s: %.0f MB/s; resident %d MiB, at most %d MiB",
        AWAY.toSeconds(),
        CONTAINERS * lines,
        stand.seen().duplicates(),
        stand.seen().late(),
        (first - well) / 1e9,
        megabytes,
        seconds,
        megabytes / seconds,
        agent.residentBytes().orElse(0) >> 20,
        agent.peakResidentBytes().orElse(0) >> 20);
  }
}
