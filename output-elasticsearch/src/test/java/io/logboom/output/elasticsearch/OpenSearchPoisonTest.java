package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that a real node refuses, among others. */
class OpenSearchPoisonTest {
  @TempDir private static Path home;
  private static OpenSearchServer server;

  private final TestContext context = new TestContext(Path.of("unused"), 256 * 1024, 256 << 20);
  private final List<Output> open = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    server = OpenSearchServer.start(home, Map.of("http.max_content_length", "10mb"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void close() {
    open.forEach(Output::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dead_letter", "move_aside"})
  void deliversTenThousandRecordsButForThePoisonAmongThem(String onTypeConflict) throws Exception {
    String index = "poison-" + onTypeConflict;
    Output output = output("index", index, "on_type_conflict", onTypeConflict);
    assertThat(output.send(List.of(Sending.records(context).json("{\"n\":-1,\"v\":1}").batch())))
        .isEqualTo(Outcome.DELIVERED);
    byte[] badByte = "caf\u00e9 \u0001 end".getBytes(StandardCharsets.ISO_8859_1);
    String deep = "{\"d\":".repeat(200) + "1" + "}".repeat(200);
    Records first = good(Sending.records(context), 0, 3000).json("{\"v\":\"text\"}");
    good(first, 3000, 4000).bytes(badByte);
    Records second = good(Sending.records(context), 4000, 5000).text("nul \0 here");
    good(second, 5000, 6000).text("x".repeat(20 << 20));
    Records third = good(Sending.records(context), 6000, 8000).text(deep);
    good(third, 8000, 9994).json("{\"e\":" + "{\"d\":".repeat(100) + "1" + "}".repeat(100) + "}");

    long start = System.nanoTime();
    Outcome.Mixed mixed =
        (Outcome.Mixed) output.send(List.of(first.batch(), second.batch(), third.batch()));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));

    assertThat(mixed.retry().isEmpty()).isTrue();
    boolean moved = onTypeConflict.equals("move_aside");
    int large = first.batch().size() + 2001;
    int tooDeep = first.batch().size() + second.batch().size() + third.batch().size() - 1;
    assertThat(mixed.rejected())
        .extracting(Outcome.Rejection::record)
        .containsExactlyInAnyOrderElementsOf(
            moved ? List.of(large, tooDeep) : List.of(3000, large, tooDeep));
    assertThat(why(mixed, large)).contains(" answered 413");
    assertThat(why(mixed, tooDeep)).contains("depth of the field has exceeded");
    if (!moved) {
      assertThat(why(mixed, 3000)).contains("failed to parse field [v] of type [long]");
    }
    assertThat(server.count(index)).isEqualTo(1 + 9994 + 3 + (moved ? 1 : 0));
    assertThat(found(index, "log:end")).contains("caf\uFFFD \u0001 end");
    assertThat(found(index, "log:nul")).contains("nul \0 here");
    assertThat(found(index, "log:d")).contains(deep);
    assertThat(context.meters().count(ElasticsearchMeter.REPAIRED)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{\"v\":1}             | {\"v\":\"text\"}       | v   | text",
        "{\"v\":1}             | {\"v\":{\"a\":[1]}}    | v   | {\"a\":[1]}",
        "{\"v\":1}             | {\"v\":[1,\"x\"]}      | v   | [1,\"x\"]",
        "{\"v\":1}             | {\"v.b\":7}            | v.b | 7",
        "{\"v\":{\"b\":1}}     | {\"v\":5}              | v   | 5",
        "{\"v\":{\"b\":1}}     | {\"v\":[5]}            | v   | [5]",
        "{\"v\":{\"b\":1}}     | {\"v.b\":\"x\"}        | v.b | x",
        "{\"v\":{\"b\":1}}     | {\"v\":{\"b\":\"x\",\"c\":2}} | v.b | x",
        "{\"v\":{\"b\":{\"c\":1}}} | {\"v\":{\"b\":5}}  | v.b | 5",
        "{\"v\":{\"b\":{\"c\":1}}} | {\"v\":[{\"b\":5}]} | v.b | 5",
        "{\"v\":\"text\"}      | {\"v\":{\"a\":1}}      | v   | {\"a\":1}",
        "{\"v\":\"text\"}      | {\"v.x.y\":true}       | v.x.y | true",
        "{\"v\":\"2026-11-22T00:00:00Z\"} | {\"v\":\"soon\"} | v | soon",
        "{\"v\":true}          | {\"v\":\"maybe\"}      | v   | maybe",
        "{\"v\":1}             | {\"v\":99999999999999999999999} | v | 99999999999999999999999",
        "{\"v\":1}             | {\"_id\":\"mine\"}     | _id | mine",
      })
  void movesAsideWhatHasAnotherType(String before, String record, String field, String value)
      throws Exception {
    String index = "aside-" + Integer.toHexString((before + record).hashCode());
    Output output = output("index", index, "on_type_conflict", "move_aside");
    assertThat(output.send(List.of(Sending.records(context).json(before).batch())))
        .isEqualTo(Outcome.DELIVERED);
    String tagged = "{\"mark\":1," + record.substring(1);
    assertThat(output.send(List.of(Sending.records(context).json(tagged).batch())))
        .isEqualTo(Outcome.DELIVERED);
    List<JsonNode> all = server.documents(index);
    assertThat(all).hasSize(2);
    JsonNode document = all.stream().filter(d -> d.has("mark")).findFirst().orElseThrow();
    assertThat(document.at("/type_conflict/0").asText()).isEqualTo(field + ": " + value);
    assertThat(document.has("@timestamp")).isTrue();
  }

  @Test
  void needsOneFieldOfTheIndexForAllThatItMovesAside() throws Exception {
    // Numbers in texts are numbers too in this index, as dates are by default.
    server.ask("PUT", "/bounded", "{\"mappings\":{\"numeric_detection\":true}}");
    Output output = output("index", "bounded", "on_type_conflict", "move_aside");
    Records fine = Sending.records(context);
    Records clashing = Sending.records(context);
    String[] values = {"\"2026-11-22\"", "\"text\"", "\"7.5\"", "{\"a\":1}", "[true]"};
    for (int i = 0; i < 100; i++) {
      fine.json("{\"f" + i + "\":" + (i % 2 == 0 ? "false" : "\"192.168.0.1\"") + "}");
      clashing.json("{\"f" + i + "\":{\"x\":" + values[i % values.length] + "}}");
    }
    for (int i = 0; i < values.length; i++) {
      fine.json("{\"g" + i + "\":false}");
      clashing.json("{\"g" + i + "\":" + values[i].replace("[true]", "[3]") + "}");
    }
    assertThat(output.send(List.of(fine.batch()))).isEqualTo(Outcome.DELIVERED);
    assertThat(output.send(List.of(clashing.batch()))).isEqualTo(Outcome.DELIVERED);
    assertThat(server.count("bounded")).isEqualTo(210);
    JsonNode mapped =
        server.ask("GET", "/bounded/_mapping", "").body().at("/bounded/mappings/properties");
    assertThat(mapped).hasSize(105 + 2); // @timestamp and type_conflict
    assertThat(mapped.at("/type_conflict/type").asText()).isEqualTo("text");
    assertThat(
            server
                .ask("GET", "/bounded/_count?q=type_conflict:f7", "")
                .body()
                .path("count")
                .asInt())
        .isEqualTo(1);
  }

  @Test
  void rejectsARecordWhoseIndexCannotBe() throws Exception {
    Output output = output("index", "named-$app");
    Records records = good(Sending.records(context), 0, 200);
    records.json("{\"n\":1000,\"app\":\"" + "x".repeat(300) + "\"}");
    good(records, 200, 400);
    Outcome.Mixed mixed = (Outcome.Mixed) output.send(List.of(records.batch()));
    assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(200);
    assertThat(mixed.why()).contains("invalid_index_name_exception");
    assertThat(mixed.retry().isEmpty()).isTrue();
  }

  private static Records good(Records records, int from, int to) {
    for (int i = from; i < to; i++) {
      records.json("{\"n\":" + i + ",\"msg\":\"a good record\"}");
    }
    return records;
  }

  private static String why(Outcome.Mixed mixed, int record) {
    return mixed.rejected().stream()
        .filter(r -> r.record() == record)
        .map(Outcome.Rejection::why)
        .findFirst()
        .orElse("");
  }

  /** The {@code log} members of documents that a query finds. */
  private static List<String> found(String index, String query) throws Exception {
    List<String> logs = new ArrayList<>();
    server
        .ask("GET", "/" + index + "/_search?q=" + query, "")
        .body()
        .at("/hits/hits")
        .forEach(
            hit -> {
              if (hit.get("_source").has("log")) {
                logs.add(hit.get("_source").get("log").asText());
              }
            });
    return logs;
  }

  private Output output(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("host", server.host(), "port", Integer.toString(server.port())));
    Output output =
        new ElasticsearchPlugin()
            .create(Binder.bind(ElasticsearchConfig.class, all.toArray(String[]::new)), context);
    open.add(output);
    return output;
  }
}
