package io.logboom.it.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.search.Search;
import io.logboom.it.sink.Sequences;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoisonIT {
  private static final int RECORDS = Size.of("poison.records", 2_000, 10_000);
  private static final int EACH = RECORDS / 20;
  private static final int GOOD = RECORDS - 5 * EACH - 1;
  private static final int HUGE = 20 << 20;
  private static final int TOO_DEEP = 200;
  private static final int TOO_NESTED = 30;
  private static final Duration PROMPT = Duration.ofSeconds(5);
  private static final String INDEX = "logs-it";

  @TempDir Path directory;

  /** Type clashes, too deep objects, bytes that are no text, NULs, and one value of 20 MiB. */
  @Test
  void poisonHoldsUpNoNeighbourAndIsKeptWithItsReasonUntilItIsReplayed() throws Exception {
    Path log = directory.resolve("app.log");
    try (Stand stand = new Stand(directory);
        OpenSearchServer server = OpenSearchServer.start(directory.resolve("opensearch"))) {
      createIndex(server, "long", 20);
      Setup setup =
          stand.setup().jsonFile(log).output("search", server.port()).with("index", INDEX);
      write(log);
      long start = System.nanoTime();
      AgentProcess agent = stand.start(setup);
      Search search = new Search(server.uri());
      Stand.waiting(agent).until(() -> count(server, "good") >= GOOD);
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      Books books = Books.atRest(agent);
      assertThat(books.read()).isEqualTo(RECORDS);
      assertThat(books.deadLettered("search")).isEqualTo(2L * EACH);
      assertThat(books.delivered("search")).isEqualTo(RECORDS - 2L * EACH);
      Sequences stored = stored(search);
      assertThat(stored.firstMissing("good", GOOD)).isEqualTo(-1);
      assertThat(stored.distinct("huge")).isEqualTo(1);
      assertThat(took).isLessThan(PROMPT);
      assertThat(stored.distinct("notutf")).isEqualTo(EACH);
      assertThat(stored.distinct("nul")).isEqualTo(EACH);
      assertThat(stored.distinct("clash")).isZero();
      assertThat(stored.distinct("nested")).isZero();
      assertThat(stored.distinct("deep")).as("as text: it is no object to us").isEqualTo(EACH);
      assertThat(stored.duplicates()).isZero();

      mend(server);
      replay(stand, setup, agent, log);
      Stand.waiting(agent)
          .until(() -> count(server, "clash") + count(server, "nested") >= 2 * EACH);
      assertThat(stored(search).missing("clash", EACH)).isZero();
      assertThat(stored(search).missing("nested", EACH)).isZero();
      Size.report(
          "poison",
          "%d records: %d good ones there after %.1f s, %d in dead letters, all there after"
              + " replay",
          RECORDS,
          GOOD,
          took.toMillis() / 1e3,
          2 * EACH);
    }
  }

  private static void write(Path log) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(log))) {
      int good = 0;
      for (int n = 0; n < EACH; n++) {
        while (good < (long) GOOD * (n + 1) / EACH) {
          line(out, "{\"code\":" + good + ",\"msg\":\"fine\",\"seq\":\"good-" + good++ + "\"}");
        }
        line(out, "{\"code\":\"no number\",\"seq\":\"clash-" + n + "\"}");
        line(out, "{\"msg\":\"\u00ff\u00fe\u00c0\",\"seq\":\"notutf-" + n + "\"}");
        line(out, "{\"msg\":\"\0\",\"seq\":\"nul-" + n + "\"}");
        line(out, nested("nested-" + n, TOO_NESTED));
        line(out, nested("deep-" + n, TOO_DEEP));
        if (n == EACH / 2) {
          line(out, "{\"seq\":\"huge-0\",\"msg\":\"" + "x".repeat(HUGE) + "\"}");
        }
      }
    }
  }

  private static String nested(String seq, int depth) {
    String value = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    return "{\"nest\":" + value + ",\"seq\":\"" + seq + "\"}";
  }

  private static void line(OutputStream out, String line) throws IOException {
    out.write(line.getBytes(ISO_8859_1));
    out.write('\n');
  }

  private static void createIndex(OpenSearchServer server, String type, int depth)
      throws Exception {
    String body =
        """
        {"settings": {"number_of_replicas": 0, "index.mapping.depth.limit": %d},
         "mappings": {"properties": {"code": {"type": "%s"}}}}
        """;
    assertThat(
            server.ask("PUT", "/" + INDEX, String.format(Locale.ROOT, body, depth, type)).status())
        .isEqualTo(200);
  }

  /** As an operator would: a new index that takes what the old one refused. */
  private static void mend(OpenSearchServer server) throws Exception {
    assertThat(server.ask("DELETE", "/" + INDEX, "").status()).isEqualTo(200);
    createIndex(server, "keyword", TOO_DEEP + 10);
  }

  private static long count(OpenSearchServer server, String prefix)
      throws IOException, InterruptedException {
    server.ask("POST", "/" + INDEX + "/_refresh", "");
    String query =
        """
        {"query": {"prefix": {"seq.keyword": "%s-"}}}
        """;
    return server
        .ask("POST", "/" + INDEX + "/_count", String.format(Locale.ROOT, query, prefix))
        .body()
        .path("count")
        .asLong();
  }

  private static Sequences stored(Search search) throws IOException, InterruptedException {
    Sequences stored = new Sequences();
    search.refresh();
    search.forEach(document -> stored.note(document.toString().getBytes(UTF_8)));
    return stored;
  }

  private static void replay(Stand stand, Setup setup, AgentProcess agent, Path log)
      throws Exception {
    AgentProcess.Launch launch = stand.launch(setup);
    AgentProcess.Finished list =
        launch.run(Stand.PATIENCE, "dead-letters", "list", "-c", stand.configuration().toString());
    assertThat(list.exitCode()).as(list.output()).isZero();
    assertThat(list.output()).contains("search", log.toString(), "code");
    AgentProcess.Finished replay =
        launch.run(
            Stand.PATIENCE, "dead-letters", "replay", "-c", stand.configuration().toString());
    assertThat(replay.exitCode()).as(replay.output() + agent.log()).isZero();
  }
}
