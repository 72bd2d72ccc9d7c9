package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElasticsearchEncoderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POD =
      """
      {"pod_name":"p","labels":{"app":"a","app.kubernetes.io/name":"n"},\
      "annotations":{"a.b":"c.d"},"host":"h.example"}\
      """;

  private final TestContext context = new TestContext(Path.of("unused"));

  @Test
  void writesTheLinesThatFluentBitWritesButForTheType() {
    assertThat(encode(Sending.records(context).text("hello \"you\"").json("{\"a\":1}")))
        .isEqualTo(
            """
            {"create":{"_index":"fluent-bit"}}
            {"@timestamp":"2026-11-22T08:04:05.123Z","log":"hello \\"you\\""}
            {"create":{"_index":"fluent-bit"}}
            {"@timestamp":"2026-11-22T08:04:05.123Z","a":1}
            """);
    assertThat(actions(Sending.records(context).text("x"), "suppress_type_name", "off"))
        .containsExactly("{\"create\":{\"_index\":\"fluent-bit\",\"_type\":\"_doc\"}}");
  }

  @Test
  void changesTheIndexWithTheRecordsDayInUtc() {
    long midnight = 1_795_392_000_000_000_000L; // 2026-11-23T00:00:00Z
    Records records =
        Sending.records(context)
            .text("last", midnight - 1)
            .text("first", midnight)
            .text("late", midnight - 2)
            .text("before the epoch", -1);
    assertThat(actions(records, "logstash_format", "on", "logstash_prefix", "logs"))
        .containsExactly(
            "{\"create\":{\"_index\":\"logs-2026.11.22\"}}",
            "{\"create\":{\"_index\":\"logs-2026.11.23\"}}",
            "{\"create\":{\"_index\":\"logs-2026.11.22\"}}",
            "{\"create\":{\"_index\":\"logs-1969.12.31\"}}");
    assertThat(actions(records, "index", "app-%Y-%m").get(1)).contains("\"app-2026-11\"");
  }

  @Test
  void takesTheIndexFromValuesOfTheRecord() {
    Records records =
        Sending.records(context)
            .enrich("kubernetes", "{\"namespace_name\":\"Shop\"}")
            .json("{\"team\":\"a\"}")
            .json("{\"team\":\"b%Y\"}")
            .text("no team");
    assertThat(actions(records, "index", "%Y-$kubernetes['namespace_name']-$team"))
        .containsExactly(
            "{\"create\":{\"_index\":\"2026-shop-a\"}}",
            "{\"create\":{\"_index\":\"2026-shop-b%y\"}}",
            "{\"create\":{\"_index\":\"2026-shop-\"}}");
    assertThat(actions(Sending.records(context).text("x"), "index", "x-$TAG"))
        .containsExactly("{\"create\":{\"_index\":\"x-kube.app\"}}");
  }

  @Test
  void takesThePrefixFromTheRecordWhereItIsFit() {
    Records records =
        Sending.records(context)
            .json("{\"p\":\"team-a\"}")
            .json("{\"p\":\"\"}")
            .json("{\"p\":\"un\\\"safe\"}")
            .json("{\"p\":7}")
            .text("none")
            .json("{\"p\":\"" + "é".repeat(100) + "\"}");
    List<String> actions = actions(records, "logstash_format", "on", "logstash_prefix_key", "$p");
    assertThat(actions.getFirst()).contains("\"team-a-2026.11.22\"");
    assertThat(actions.subList(1, 5)).allMatch(a -> a.contains("\"logstash-2026.11.22\""));
    assertThat(actions.getLast()).contains("\"" + "é".repeat(64) + "-2026.11.22\"");
  }

  @Test
  void keepsTheRecordsOwnTimeAndTag() {
    Records records =
        Sending.records(context)
            .json("{\"@timestamp\":\"mine\",\"flb-key\":1}")
            .json("{}")
            .text("x");
    assertThat(documents(records, "include_tag_key", "on"))
        .containsExactly(
            "{\"@timestamp\":\"mine\",\"flb-key\":1}",
            "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\",\"flb-key\":\"kube.app\"}",
            "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\",\"flb-key\":\"kube.app\",\"log\":\"x\"}");
  }

  @Test
  void writesTheTimeAsConfigured() {
    Records records = Sending.records(context).text("x").text("y", Records.NANOS + 1_900_000_000L);
    assertThat(documents(records, "time_key", "t", "time_key_nanos", "on"))
        .containsExactly(
            "{\"t\":\"2026-11-22T08:04:05.123456789Z\",\"log\":\"x\"}",
            "{\"t\":\"2026-11-22T08:04:07.023456789Z\",\"log\":\"y\"}");
    assertThat(documents(records, "time_key_format", "%H:%M:%S"))
        .containsExactly(
            "{\"@timestamp\":\"08:04:05.123Z\",\"log\":\"x\"}",
            "{\"@timestamp\":\"08:04:07.023Z\",\"log\":\"y\"}");
  }

  @Test
  void takesTheDotsOutOfTheNamesOfLabelsByDefault() throws Exception {
    Records records =
        Sending.records(context).enrich("kubernetes", POD).json("{\"x.y\":{\"a.b\":1}}");
    JsonNode document = JSON.readTree(documents(records).getFirst());
    assertThat(document.at("/kubernetes/labels").toString())
        .isEqualTo("{\"app\":\"a\",\"app_kubernetes_io/name\":\"n\"}");
    assertThat(document.at("/kubernetes/annotations").toString()).isEqualTo("{\"a_b\":\"c.d\"}");
    assertThat(document.at("/kubernetes/host").asText()).isEqualTo("h.example");
    assertThat(document.get("x.y").toString()).isEqualTo("{\"a.b\":1}");
    assertThat(
            JSON.readTree(documents(records, "dedot_labels", "off").getFirst()).get("kubernetes"))
        .isEqualTo(JSON.readTree(POD));
  }

  @Test
  void tellsLabelsApartThatBecomeEqual() {
    Records records =
        Sending.records(context)
            .enrich("kubernetes", "{\"labels\":{\"a.b\":\"1\",\"a_b\":\"2\",\"a.b_\":\"3\"}}")
            .text("x");
    assertThat(documents(records).getFirst())
        .contains("{\"a_b\":\"1\",\"a_b_\":\"2\",\"a_b__\":\"3\"}");
  }

  @Test
  void takesTheDotsOutOfLabelsThatTheRecordBrings() {
    Records records =
        Sending.records(context)
            .json("{\"a.b\":1,\"kubernetes\":{\"x.y\":2,\"labels\":{\"a.b\":{\"c.d\":3}}}}")
            .json("{\"@timestamp\":\"own\",\"kubernetes\":{\"labels\":{\"q.r\":1}}}");
    assertThat(documents(records))
        .containsExactly(
            "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\","
                + "\"a.b\":1,\"kubernetes\":{\"x.y\":2,\"labels\":{\"a_b\":{\"c.d\":3}}}}",
            "{\"@timestamp\":\"own\",\"kubernetes\":{\"labels\":{\"q_r\":1}}}");
  }

  @Test
  void cleansAnEnrichmentAlsoBehindTheRecordsOwnTime() {
    Records records =
        Sending.records(context).enrich("kubernetes", POD).json("{\"@timestamp\":\"own\"}");
    assertThat(documents(records).getFirst())
        .startsWith("{\"@timestamp\":\"own\",\"kubernetes\":{")
        .contains("app_kubernetes_io/name");
  }

  @Test
  void takesTheDotsOutOfAllNamesWhereConfigured() {
    Records records =
        Sending.records(context)
            .enrich("k.u", "{\"a.b\":\"c.d\"}")
            .json("{\"x.y\" : {\"a.b\":\"v.\\\"w: x.y\"}, \"l\":[{\"m.n\":\"o.p: q\"}]}");
    assertThat(documents(records, "replace_dots", "on"))
        .containsExactly(
            "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\",\"x_y\" : {\"a_b\":\"v.\\\"w: x.y\"},"
                + " \"l\":[{\"m_n\":\"o.p: q\"}],\"k_u\":{\"a_b\":\"c.d\"}}");
  }

  @Test
  void namesDocumentsAfterTheirPlaceInTheFile() {
    Records records =
        Sending.records(context)
            .text("a")
            .text("b")
            .origin(Origin.builder(context.names(), "t").build())
            .text("without a source");
    assertThat(actions(records, "id", "position"))
        .containsExactly(
            "{\"create\":{\"_index\":\"fluent-bit\",\"_id\":\"file1-0\"}}",
            "{\"create\":{\"_index\":\"fluent-bit\",\"_id\":\"file1-2s\"}}",
            "{\"create\":{\"_index\":\"fluent-bit\"}}");
  }

  @Test
  void namesDocumentsAfterTheirContent() {
    Records records = Sending.records(context).text("same").text("same").text("other");
    List<String> actions = actions(records, "generate_id", "on");
    assertThat(actions.getFirst())
        .matches(".*\"_id\":\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"}}");
    assertThat(actions.get(1)).isEqualTo(actions.get(0));
    assertThat(actions.get(2)).isNotEqualTo(actions.get(0));
  }

  /** What the Python package mmh3 gives for MurmurHash3_x64_128 with seed 42. */
  @Test
  void hashesAsMurmur3Does() {
    assertThat(murmur("")).isEqualTo("f02aa77d-fa1b-8523-d101-6610da11cbb9");
    assertThat(murmur("hello")).isEqualTo("c4b8b3c9-60af-6f08-2334-b875b0efbc7a");
    assertThat(murmur("hello, world: sixteen+")).isEqualTo("aea7c3ba-b30b-a5f0-1cf1-4651bbe5487c");
    assertThat(murmur("aaaaaaaaaaaaaaaa")).isEqualTo("143a11cd-e0c2-b84a-ce8d-d12e8c31c7aa");
    assertThat(murmur("abcdefghijklmno")).isEqualTo("db978c55-65c9-bd15-cf0d-d997fa7b573a");
  }

  @Test
  void namesDocumentsAfterAValue() {
    Records records =
        Sending.records(context)
            .json("{\"id\":\"x-1\"}")
            .json("{\"id\":7}")
            .json("{\"id\":\"un\\\"safe\"}");
    assertThat(actions(records, "id_key", "id"))
        .containsExactly(
            "{\"create\":{\"_index\":\"fluent-bit\",\"_id\":\"x-1\"}}",
            "{\"create\":{\"_index\":\"fluent-bit\"}}",
            "{\"create\":{\"_index\":\"fluent-bit\"}}");
    assertThat(encode(records, "id_key", "$id", "write_operation", "upsert"))
        .isEqualTo(
            """
            {"update":{"_index":"fluent-bit","_id":"x-1"}}
            {"doc_as_upsert":true,"doc":{"@timestamp":"2026-11-22T08:04:05.123Z","id":"x-1"}}
            """);
    assertThat(encode(records, "id_key", "$id", "write_operation", "update"))
        .contains("\n{\"doc\":{\"@timestamp\"");
    assertThat(actions(records, "write_operation", "index").getFirst()).startsWith("{\"index\":");
  }

  @Test
  void noticesThatTheEnrichmentOfAnOriginHasChanged() {
    Origin origin = Origin.builder(context.names(), "t").build();
    ElasticsearchEncoder encoder = encoder();
    for (String version : List.of("1", "2")) {
      Records records =
          Sending.records(context)
              .origin(origin)
              .enrich("kubernetes", "{\"labels\":{\"a.b\":\"" + version + "\"}}")
              .text("x");
      assertThat(encode(encoder, records.batch())).contains("{\"a_b\":\"" + version + "\"}");
    }
  }

  @Test
  void putsBaseStampAndOffsetWhereTheyBelong() {
    Origin origin =
        Origin.builder(context.names(), "t")
            .base(Fragment.builder(context.names()).string("stream", "stderr").build())
            .offset("offset")
            .build();
    assertThat(documents(Sending.records(context).origin(origin).text("x")))
        .containsExactly(
            "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\",\"stream\":\"stderr\",\"offset\":0,\"log\":\"x\"}");
  }

  // ---- what the tests are made of

  private static String murmur(String text) {
    ByteSink out = ByteSink.growing(64);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Murmur3.writeUuid(utf8, utf8.length, out);
    return new String(out.toByteArray(), StandardCharsets.US_ASCII);
  }

  private ElasticsearchEncoder encoder(String... options) {
    return new ElasticsearchEncoder(
        Binder.bind(ElasticsearchConfig.class, options), context.names(), new Object());
  }

  private String encode(Records records, String... options) {
    return encode(encoder(options), records.batch());
  }

  private static String encode(ElasticsearchEncoder encoder, Batch batch) {
    ByteSink out = ByteSink.growing(1024);
    encoder.begin(batch, 0);
    for (int i = 0; i < batch.size(); i++) {
      encoder.encode(batch, i, out);
    }
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  private List<String> actions(Records records, String... options) {
    return lines(0, records, options);
  }

  private List<String> documents(Records records, String... options) {
    return lines(1, records, options);
  }

  private List<String> lines(int from, Records records, String... options) {
    String[] all = encode(records, options).split("\n", -1);
    List<String> every = new ArrayList<>();
    for (int i = from; i < all.length - 1; i += 2) {
      every.add(all[i]);
    }
    return every;
  }
}
