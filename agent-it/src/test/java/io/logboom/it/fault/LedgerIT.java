package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerIT {
  private static final int CONTAINERS = 3;
  private static final long LINES = 10_000;

  /** Longer than it takes the agent to be sure that something does not add up. */
  private static final Duration LOOKS = Duration.ofSeconds(12);

  @TempDir Path directory;

  @Test
  void afterAKillWhatTheSpoolHadIsRecoveredToTheRecordAndEverythingAddsUp() throws Exception {
    try (Stand stand = new Stand(directory)) {
      Setup setup = stand.usual().with("workers", 2);
      stand.sink().conduct(new Conduct.Away());
      AgentProcess first = stand.start(setup);
      for (int c = 0; c < CONTAINERS; c++) {
        try (SequenceWriter writer = stand.writer("pod" + c, LINES, 0, 200).start()) {
          assertThat(writer.join()).isEqualTo(LINES);
        }
      }
      Stand.waiting(first)
          .until(
              () ->
                  Books.of(first).read() == CONTAINERS * LINES
                      && Metrics.of(first).sum("logboom_input_unsettled_batches") == 0);
      // At rest with a full spool and sends that fail: nothing of that may look like a difference.
      Stand.letBe(LOOKS);
      assertThat(Books.of(first).addsUp()).as(first.log()).isTrue();
      first.kill();

      AgentProcess second = stand.start(setup);
      assertThat(Books.of(second).recovered("sink")).isEqualTo(CONTAINERS * LINES);
      stand.sink().conduct(new Conduct.Well());
      for (int c = 0; c < CONTAINERS; c++) {
        stand.awaitAll(second, Stand.PATIENCE, "pod" + c, LINES);
      }
      Books books = Books.atRest(second);
      assertThat(books.recovered("sink")).isEqualTo(CONTAINERS * LINES);
      assertThat(books.lost("sink")).isZero();
      assertThat(books.delivered("sink")).isEqualTo(CONTAINERS * LINES + books.routed("sink"));
      Stand.letBe(LOOKS);
      assertThat(Books.of(second).addsUp()).as(second.log()).isTrue();
      assertThat(Metrics.of(second).sum("logboom_ledger_discrepancy_records")).isZero();
      assertThat(second.log()).doesNotContain("do not add up");
      Size.report(
          "books after kill -9",
          "%d records in the spool, %d recovered, %d read again, %d delivered: adds up",
          CONTAINERS * LINES,
          books.recovered("sink"),
          books.routed("sink"),
          books.delivered("sink"));
    }
  }
}
