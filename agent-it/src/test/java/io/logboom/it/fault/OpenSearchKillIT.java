package io.logboom.it.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.search.Search;
import io.logboom.it.sink.Sequences;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenSearchKillIT {
  private static final long SEED = 20_261_122;
  private static final int RATE = Size.of("opensearch.rate", 2_000, 10_000);
  private static final Duration MOST_OF_A_LIFE = Duration.ofMillis(1_500);

  @TempDir Path directory;

  private final Random random = new Random(SEED);

  @Test
  void eachLineIsOneDocumentHoweverOftenTheAgentIsKilled() throws Exception {
    int kills = Size.of("kills", 3, 100);
    Sequences stored = new Sequences();
    try (Stand stand = new Stand(directory);
        OpenSearchServer server = OpenSearchServer.start(directory.resolve("opensearch"))) {
      Setup setup =
          stand
              .setup()
              .output("search", server.port())
              .with("index", "logs-it")
              .with("id", "position");
      Search search = new Search(server.uri());
      AgentProcess agent = stand.start(setup);
      try (SequenceWriter writer =
          stand
              .writer("steady", Integer.MAX_VALUE, RATE, 100, Rotation.renaming(10_000_000, 30))
              .start()) {
        long conflicts = 0;
        for (int kill = 0; kill < kills; kill++) {
          awaitDelivery(agent);
          Stand.letBe(aWhile());
          conflicts += conflicts(agent);
          agent.kill();
          agent = stand.start(setup);
        }
        awaitDelivery(agent);
        long lines = writer.stop();
        Stand.waiting(agent, Duration.ofMinutes(5))
            .pollInterval(Duration.ofMillis(500))
            .until(() -> count(search) >= lines);
        conflicts += conflicts(agent);

        search.forEach(document -> stored.note(document.toString().getBytes(UTF_8)));
        Size.report(
            "kill -9 with OpenSearch",
            "%d kills, %d lines at %d/s: %d documents, %d of them double; %d sent again and told"
                + " that they were there",
            kills,
            lines,
            RATE,
            count(search),
            stored.duplicates(),
            conflicts);
        assertThat(stored.firstMissing("steady", lines)).isEqualTo(-1);
        assertThat(stored.duplicates()).isZero();
        assertThat(stored.unnumbered()).isZero();
        assertThat(count(search)).isEqualTo(lines);
      }
    }
  }

  private static void awaitDelivery(AgentProcess agent) {
    Stand.waiting(agent).until(() -> Metrics.of(agent).sum("logboom_output_records_total") > 0);
  }

  private static long conflicts(AgentProcess agent) throws IOException, InterruptedException {
    return Metrics.of(agent).sum("logboom_elasticsearch_items_total", "result=\"conflict\"");
  }

  private static long count(Search search) throws IOException, InterruptedException {
    search.refresh();
    return search.count();
  }

  /** A time that nobody chose. */
  private Duration aWhile() {
    return Duration.ofMillis(random.nextLong(MOST_OF_A_LIFE.toMillis()));
  }
}
