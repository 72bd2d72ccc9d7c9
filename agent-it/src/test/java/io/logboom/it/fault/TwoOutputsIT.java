package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.BulkSink;
import io.logboom.it.sink.Conduct;
import io.logboom.it.sink.Sequences;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoOutputsIT {
  private static final int RATE = 10_000;
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(60);
  private static final Duration WELL_WITHIN = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  void aDeadOutputLeavesTheOtherItsRateAndIsNamedByTheProbeUntilItIsBack() throws Exception {
    Sequences late = new Sequences();
    try (BulkSink dead = new BulkSink(document -> late.note(document));
        Stand stand = new Stand(directory)) {
      AgentProcess agent = stand.start(stand.usual().output("dead", dead.port()));
      Stand.waiting(agent).until(() -> agent.answers("/readyz"));
      try (SequenceWriter writer =
          stand
              .writer("steady", Integer.MAX_VALUE, RATE, 200, Rotation.renaming(10_000_000, 5))
              .start()) {
        Duration sample = Size.seconds("dead.seconds", 5, 60);
        double before = rate(stand, sample);
        dead.conduct(new Conduct.Frozen());
        long frozen = System.nanoTime();
        double meanwhile = rate(stand, sample);

        Stand.waiting(agent, TOLD_WITHIN).until(() -> agent.get("/readyz").statusCode() == 503);
        double told = (System.nanoTime() - frozen) / 1e9;
        HttpResponse<String> answer = agent.get("/readyz");
        assertThat(answer.body()).contains("output dead");

        long back = System.nanoTime();
        dead.conduct(new Conduct.Well());
        Stand.waiting(agent, WELL_WITHIN).until(() -> agent.answers("/readyz"));
        Size.report(
            "one dead output",
            "the other took %.0f lines/s before and %.0f meanwhile; told after %.0f s (%s), well"
                + " again after %.1f s",
            before,
            meanwhile,
            told,
            answer.body().strip(),
            (System.nanoTime() - back) / 1e9);
        assertThat(meanwhile).isGreaterThanOrEqualTo(0.95 * before);

        long lines = writer.stop();
        stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
        Stand.waiting(agent).until(() -> late.distinct("steady") >= lines);
        assertThat(late.firstMissing("steady", lines)).isEqualTo(-1);
        Books books = Books.atRest(agent);
        assertThat(books.read()).isEqualTo(lines);
        assertThat(books.delivered("sink")).isEqualTo(lines);
        assertThat(books.delivered("dead")).isEqualTo(lines);
      }
    }
  }

  /** Lines a second at the stand's own sink. */
  private static double rate(Stand stand, Duration sample) {
    long count = stand.sink().count();
    long start = System.nanoTime();
    Stand.letBe(sample);
    return (stand.sink().count() - count) * 1e9 / (System.nanoTime() - start);
  }
}
