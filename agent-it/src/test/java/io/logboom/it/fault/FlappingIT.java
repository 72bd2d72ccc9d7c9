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

class FlappingIT {
  private static final int RATE = 5_000;
  private static final Duration HALF = Duration.ofMillis(Size.of("flap.millis", 1_000, 30_000));
  private static final int TIMES = Size.of("flap.times", 6, 20);
  private static final long MOST_GROWTH = 4 << 20;

  @TempDir Path directory;

  @Test
  void aReceiverThatComesAndGoesCostsNoRecordAndNoMemory() throws Exception {
    List<Long> resident = new ArrayList<>();
    try (Stand stand = new Stand(directory)) {
      AgentProcess agent = stand.start(stand.usual());
      try (SequenceWriter writer =
          stand
              .writer("steady", Integer.MAX_VALUE, RATE, 200, Rotation.renaming(10_000_000, 5))
              .start()) {
        for (int time = 0; time < TIMES; time++) {
          stand.sink().conduct(new Conduct.Away());
          sample(agent, resident);
          stand.sink().conduct(new Conduct.Well());
          sample(agent, resident);
        }
        long lines = writer.stop();
        stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
        Books books = Books.atRest(agent);
        assertThat(books.read()).isEqualTo(lines);
        assertThat(books.delivered("sink")).isEqualTo(lines);
        Metrics metrics = Metrics.of(agent);
        long growth = mean(resident, 2, 3) - mean(resident, 1, 3);
        Size.report(
            "up and down",
            "%d times %.0f s each way, %d lines: 0 lost, %d duplicates; resident %d, %d, %d MiB in"
                + " each third, at most %d; records took at most %d of %d KiB",
            TIMES,
            HALF.toMillis() / 1e3,
            lines,
            stand.seen().duplicates(),
            mean(resident, 0, 3) >> 20,
            mean(resident, 1, 3) >> 20,
            mean(resident, 2, 3) >> 20,
            agent.peakResidentBytes().orElse(0) >> 20,
            metrics.sum("logboom_memory_peak_bytes") >> 10,
            metrics.sum("logboom_memory_budget_bytes") >> 10);
        assertThat(metrics.sum("logboom_memory_peak_bytes"))
            .isLessThanOrEqualTo(metrics.sum("logboom_memory_budget_bytes"));
        assertThat(growth).as("growth of the last third").isLessThan(MOST_GROWTH);
      }
    }
  }

  /** Notes the process's memory until the half is over. */
  private static void sample(AgentProcess agent, List<Long> resident) {
    long start = System.nanoTime();
    Stand.waiting(agent, HALF.plus(Stand.PATIENCE))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              agent.residentBytes().ifPresent(resident::add);
              return System.nanoTime() - start >= HALF.toNanos();
            });
  }

  private static long mean(List<Long> samples, int part, int parts) {
    return (long)
        samples.subList(samples.size() * part / parts, samples.size() * (part + 1) / parts).stream()
            .mapToLong(Long::longValue)
            .average()
            .orElse(0);
  }
}
