package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real OpenSearch node. */
class OpenSearchTest {
  @TempDir private static Path home;
  private static OpenSearchServer server;

  private final TestContext context = new TestContext(Path.of("unused"));
  private final List<Output> open = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    server = OpenSearchServer.start(home);
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

  @Test
  void storesRecordsSoThatTimeAndMetadataCanBeSearched() throws Exception {
    Output output = output("logstash_format", "on", "logstash_prefix", "logs", "compress", "gzip");
    Records records = Sending.records(context).enrich("kubernetes", "{\"pod_name\":\"p-1\"}");
    for (int i = 0; i < 3000; i++) {
      records.json(
          "{\"n\":" + i + ",\"msg\":\"zeile " + i + " ü\"}", Records.NANOS + i * 1_000_000L);
    }
    assertThat(output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
    assertThat(server.count("logs-2026.11.22")).isEqualTo(3000);
    JsonNode mapping =
        server.ask("GET", "/logs-2026.11.22/_mapping", "").body().at("/logs-2026.11.22/mappings");
    assertThat(mapping.at("/properties/@timestamp/type").asText()).isEqualTo("date");
    JsonNode found =
        server
            .ask("GET", "/logs-*/_search?q=kubernetes.pod_name:%22p-1%22+AND+n:2999&size=1", "")
            .body();
    assertThat(found.at("/hits/total/value").asInt()).isEqualTo(1);
    assertThat(found.at("/hits/hits/0/_source/@timestamp").asText())
        .isEqualTo("2026-11-22T08:04:08.122Z");
  }

  @Test
  void storesOnceWhatIsSentTwiceWithIdsFromThePosition() throws Exception {
    Output output = output("index", "twice", "id", "position");
    Batch batch = numbered(500);
    assertThat(output.send(List.of(batch))).isEqualTo(Outcome.DELIVERED);
    assertThat(output.send(List.of(batch))).isEqualTo(Outcome.DELIVERED);
    assertThat(server.count("twice")).isEqualTo(500);
    assertThat(context.meters().count(ElasticsearchMeter.ITEMS, "result", "conflict"))
        .isEqualTo(500);
  }

  @Test
  void refusesOnlyTheRecordWhoseTypeClashes() throws Exception {
    Output output = output("index", "clash");
    Records records =
        Sending.records(context).json("{\"v\":1}").json("{\"v\":\"text\"}").json("{\"v\":3}");
    Outcome.Mixed mixed = (Outcome.Mixed) output.send(List.of(records.batch()));
    assertThat(mixed.retry().isEmpty()).isTrue();
    assertThat(mixed.rejected()).hasSize(1);
    assertThat(mixed.rejected().getFirst().record()).isEqualTo(1);
    assertThat(mixed.rejected().getFirst().why())
        .startsWith("400 mapper_parsing_exception: failed to parse field [v]")
        .contains("For input string: \"text\"");
    assertThat(server.count("clash")).isEqualTo(2);
  }

  @Test
  void takesBothLabelsInBothOrders() throws Exception {
    String plain = "{\"labels\":{\"app\":\"shop\"}}";
    String dotted = "{\"labels\":{\"app.kubernetes.io/name\":\"shop\",\"app\":\"shop\"}}";
    for (boolean plainFirst : new boolean[] {true, false}) {
      String index = plainFirst ? "labels-a" : "labels-b";
      Output output = output("index", index);
      for (int i = 0; i < 4; i++) {
        Records records =
            Sending.records(context)
                .enrich("kubernetes", plainFirst == (i % 2 == 0) ? plain : dotted);
        for (int k = 0; k < 250; k++) {
          records.text("line " + k);
        }
        assertThat(output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      }
      assertThat(server.count(index)).isEqualTo(1000);
      assertThat(
              server
                  .ask(
                      "GET",
                      "/" + index + "/_count?q=kubernetes.labels.app_kubernetes_io%5C%2Fname:shop",
                      "")
                  .body()
                  .path("count")
                  .asInt())
          .isEqualTo(500);
    }
  }

  @Test
  void writesToDataStreams() throws Exception {
    assertThat(
            server
                .ask(
                    "PUT",
                    "/_index_template/streams",
                    "{\"index_patterns\":[\"stream-*\"],\"data_stream\":{}}")
                .status())
        .isEqualTo(200);
    Output create = output("index", "stream-app");
    assertThat(create.send(List.of(numbered(10)))).isEqualTo(Outcome.DELIVERED);
    assertThat(server.count("stream-app")).isEqualTo(10);
    Output index = output("index", "stream-app", "write_operation", "index");
    Outcome.Mixed mixed = (Outcome.Mixed) index.send(List.of(numbered(2)));
    assertThat(mixed.rejected()).hasSize(2);
    assertThat(mixed.rejected().getFirst().why()).contains("op_type of create");
  }

  @Test
  void keepsWhatAFullDiskTurnsAway() throws Exception {
    Output output = output("index", "full");
    assertThat(output.send(List.of(numbered(1)))).isEqualTo(Outcome.DELIVERED);
    block("true");
    assertThat(output.send(List.of(numbered(3))))
        .isInstanceOfSatisfying(
            Outcome.Retry.class, r -> assertThat(r.why()).contains("cluster_block_exception"));
    block("null");
    assertThat(output.send(List.of(numbered(3)))).isEqualTo(Outcome.DELIVERED);
    assertThat(server.count("full")).isEqualTo(4);
  }

  private static void block(String value) throws Exception {
    assertThat(
            server
                .ask(
                    "PUT",
                    "/full/_settings",
                    "{\"index.blocks.read_only_allow_delete\":" + value + "}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void updatesAndUpserts() throws Exception {
    Output upsert = output("index", "ups", "write_operation", "upsert", "id_key", "id");
    Records first = Sending.records(context).json("{\"id\":\"a\",\"x\":1}").json("{\"id\":\"b\"}");
    assertThat(upsert.send(List.of(first.batch()))).isEqualTo(Outcome.DELIVERED);
    Records second = Sending.records(context).json("{\"id\":\"a\",\"y\":2}");
    assertThat(upsert.send(List.of(second.batch()))).isEqualTo(Outcome.DELIVERED);
    server.ask("POST", "/ups/_refresh", "");
    JsonNode a = server.ask("GET", "/ups/_doc/a", "").body().get("_source");
    assertThat(a.get("x").asInt() + a.get("y").asInt()).isEqualTo(3);
    Output update = output("index", "ups", "write_operation", "update", "id_key", "id");
    Outcome.Mixed mixed =
        (Outcome.Mixed)
            update.send(
                List.of(
                    Sending.records(context)
                        .json("{\"id\":\"b\",\"z\":1}")
                        .json("{\"id\":\"missing\"}")
                        .batch()));
    assertThat(mixed.rejected())
        .singleElement()
        .satisfies(r -> assertThat(r.record()).isEqualTo(1))
        .satisfies(r -> assertThat(r.why()).contains("document_missing_exception"));
  }

  @Test
  void losesNothingWhenTheConfigurationIsWhatTheServerRefuses() throws Exception {
    Output type = output("index", "typed", "suppress_type_name", "off");
    assertThat(type.send(List.of(numbered(5)))).isInstanceOf(Outcome.Retry.class);
    Output pipeline = output("index", "piped", "pipeline", "missing");
    assertThat(pipeline.send(List.of(numbered(5))))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            r -> assertThat(r.why()).contains("pipeline with id [missing] does not exist"));
    assertThat(server.count("typed") + server.count("piped")).isZero();
  }

  private Batch numbered(int count) {
    Records records = Sending.records(context);
    for (int i = 0; i < count; i++) {
      records.json("{\"n\":" + i + "}");
    }
    return records.batch();
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
