package io.logboom.it.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.it.agent.AgentProcess;
import io.logboom.it.search.Search;
import io.logboom.it.sink.Sequences;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoisonIT {
  private static final int RECORDS = Size.of("poison.records", 2_000, 10_000);
  private static final int EACH = RECORDS / 20;
  private static final int GOOD = RECORDS - 5 * EACH - 1;
  private static final int HUGE = 20 << 20;
  private static final int TOO_DEEP = 200;
  private static final int TOO_NESTED = 30;

  /** Promised are 5 seconds; the build's machine may have other work beside. */
  private static final Duration PROMPT = Size.seconds("poison.seconds", 30, 5);

  private static final String INDEX = "logs-it";
  private static final ObjectMapper JSON = new ObjectMapper();

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
      Map<String, Long> positions = write(log);
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

      List<JsonNode> letters = letters(stand, setup);
      assertThat(letters).hasSize(2 * EACH);
      letters.forEach(letter -> assertKept(letter, log, positions));

      mend(server);
      AgentProcess.Finished replay = command(stand, setup, "replay", "--all");
      assertThat(replay.output()).contains("the running agent is asked to send again");
      Stand.waiting(agent)
          .until(() -> count(server, "clash") + count(server, "nested") >= 2 * EACH);
      Stand.waiting(agent).until(() -> Metrics.of(agent).sum("logboom_dead_letters_records") == 0);
      assertThat(letters(stand, setup)).isEmpty();
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

  /** Where each line begins that is to be refused, by its number. */
  private static Map<String, Long> write(Path log) throws IOException {
    Map<String, Long> positions = new HashMap<>();
    try (Counted out = new Counted(new BufferedOutputStream(Files.newOutputStream(log)))) {
      int good = 0;
      for (int n = 0; n < EACH; n++) {
        while (good < (long) GOOD * (n + 1) / EACH) {
          line(out, "{\"code\":" + good + ",\"msg\":\"fine\",\"seq\":\"good-" + good++ + "\"}");
        }
        positions.put("clash-" + n, out.count);
        line(out, "{\"code\":\"no number\",\"seq\":\"clash-" + n + "\"}");
        line(out, "{\"msg\":\"\u00ff\u00fe\u00c0\",\"seq\":\"notutf-" + n + "\"}");
        line(out, "{\"msg\":\"\0\",\"seq\":\"nul-" + n + "\"}");
        positions.put("nested-" + n, out.count);
        line(out, nested("nested-" + n, TOO_NESTED));
        line(out, nested("deep-" + n, TOO_DEEP));
        if (n == EACH / 2) {
          line(out, "{\"seq\":\"huge-0\",\"msg\":\"" + "x".repeat(HUGE) + "\"}");
        }
      }
    }
    return positions;
  }

  /** Knows how many bytes went through. */
  private static final class Counted extends FilterOutputStream {
    long count;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
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

  /** A letter says why, and where the record stands in its file. */
  private static void assertKept(JsonNode letter, Path log, Map<String, Long> positions) {
    String seq = letter.at("/record/seq").asText();
    assertThat(positions).as(letter.toString()).containsKey(seq);
    assertThat(letter.path("output").asText()).isEqualTo("search");
    assertThat(letter.path("source").asText()).isEqualTo(log.toString());
    assertThat(letter.path("position").asLong()).as(seq).isEqualTo(positions.get(seq));
    assertThat(letter.path("reason").asText())
        .as(seq)
        .contains("mapper_parsing_exception")
        .contains(seq.startsWith("clash-") ? "failed to parse field [code]" : "depth");
  }

  private static List<JsonNode> letters(Stand stand, Setup setup) throws Exception {
    List<JsonNode> letters = new ArrayList<>();
    for (String line : command(stand, setup, "show", "--json", "--all").output().lines().toList()) {
      letters.add(JSON.readTree(line));
    }
    return letters;
  }

  private static AgentProcess.Finished command(
      Stand stand, Setup setup, String command, String... choice) throws Exception {
    List<String> words = new ArrayList<>(List.of("dead-letters", command));
    words.addAll(List.of(choice));
    words.addAll(List.of("-c", stand.configuration().toString()));
    AgentProcess.Finished finished =
        stand.launch(setup).run(Stand.PATIENCE, words.toArray(String[]::new));
    assertThat(finished.exitCode()).as(finished.output()).isZero();
    return finished;
  }
}
