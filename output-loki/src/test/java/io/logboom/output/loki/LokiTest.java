package io.logboom.output.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Outcome;
import io.logboom.testkit.Records;
import io.logboom.testkit.http.ScriptedServer.Received;
import io.logboom.testkit.loki.FakeLoki.Stored;
import io.logboom.testkit.loki.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LokiTest {
  private static final String KUBERNETES =
      "{\"pod_name\":\"web-7d4-x\",\"namespace_name\":\"shop\",\"pod_id\":\"u1\",\"labels\":{"
          + "\"app.kubernetes.io/name\":\"web\",\"tier\":\"fr\\\"ont\"},\"annotations\":{\"a/b\":"
          + "\"c\"},\"host\":\"node1\",\"container_name\":\"nginx\"}";

  @ParameterizedTest
  @CsvSource({
    "on, none, application/x-protobuf",
    "off, none, application/json",
    "on, gzip, application/json"
  })
  void deliversTheDefaultLabelsAndTheRestAsStructuredMetadata(
      String protobuf, String compress, String type) throws Exception {
    try (Sending to = new Sending("protobuf", protobuf, "compress", compress)) {
      Records records =
          to.records()
              .origin(
                  Origin.builder(to.context.names(), "kube.web")
                      .base(Fragment.builder(to.context.names()).string("stream", "stdout").build())
                      .build())
              .enrich("kubernetes", KUBERNETES)
              .text("one \"quoted\" é")
              .text("gone")
              .drop()
              .json("{\"a\":1}", Records.NANOS + 1);
      assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      Map<String, String> labels =
          Map.of(
              "namespace",
              "shop",
              "app",
              "web",
              "container",
              "nginx",
              "node",
              "node1",
              "stream",
              "stdout");
      Map<String, String> metadata =
          Map.of(
              "pod",
              "web-7d4-x",
              "pod_id",
              "u1",
              "label_app_kubernetes_io_name",
              "web",
              "label_tier",
              "fr\"ont",
              "annotation_a_b",
              "c");
      assertThat(to.server.stored())
          .containsExactly(
              new Stored(
                  "fake", labels, Records.NANOS, "{\"log\":\"one \\\"quoted\\\" é\"}", metadata),
              new Stored("fake", labels, Records.NANOS + 1, "{\"a\":1}", metadata));
      Received request = to.server.server().received().getFirst();
      assertThat(request.path()).isEqualTo("/loki/api/v1/push");
      assertThat(request.headers())
          .containsEntry("content-type", type)
          .doesNotContainKey("x-scope-orgid");
      assertThat(to.lines("accepted")).isEqualTo(2);
      assertThat(to.context.meters().count(LokiMeter.SENT)).isEqualTo(request.body().length);
    }
  }

  @Test
  void namesTheJobWhereThereIsNoMetadata() throws Exception {
    try (Sending to = new Sending()) {
      assertThat(to.output.send(List.of(to.records().text("x").batch())))
          .isEqualTo(Outcome.DELIVERED);
      assertThat(to.server.stored().getFirst().labels()).isEqualTo(Map.of("job", "fluent-bit"));
    }
  }

  @Test
  void findsMetadataInTheRecordItself() throws Exception {
    try (Sending to = new Sending("structured_metadata", "trace=$trace")) {
      Records records = to.records();
      records.json("{\"log\":\"a\",\"kubernetes\":{\"namespace_name\":\"x\"},\"trace\":7}");
      records.json("{\"log\":\"b\",\"kubernetes\":{\"namespace_name\":\"y\"}}");
      assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.server.stored())
          .extracting(s -> s.labels() + s.line() + s.metadata())
          .containsExactly(
              "{namespace=x}{\"log\":\"a\",\"trace\":7}{trace=7}",
              "{namespace=y}{\"log\":\"b\"}{}");
    }
  }

  @Test
  void makesLabelsAsConfigured() throws Exception {
    try (Sending to =
        new Sending(
            "labels",
            "job=agent, $stream, where=$kubernetes['labels']['tier']",
            "label_keys",
            "$kubernetes['pod_name'], level, $kubernetes['annotations']",
            "structured_metadata_map_keys",
            "$kubernetes['labels']",
            "structured_metadata",
            "tier=override, all=$kubernetes['annotations']",
            "remove_keys",
            "$kubernetes['labels'], $kubernetes['annotations']['a/b'], level",
            "tenant_id",
            "team")) {
      Records records =
          to.records()
              .enrich("kubernetes", KUBERNETES)
              .json("{\"level\":\"warn\",\"stream\":\"stderr\"}");
      assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      Stored line = to.server.stored().getFirst();
      assertThat(line.tenant()).isEqualTo("team");
      assertThat(line.labels())
          .isEqualTo(
              Map.of(
                  "job",
                  "agent",
                  "stream",
                  "stderr",
                  "where",
                  "fr\"ont",
                  "kubernetes_pod_name",
                  "web-7d4-x",
                  "level",
                  "warn"));
      assertThat(line.metadata())
          .isEqualTo(
              Map.of(
                  "app_kubernetes_io_name", "web", "tier", "override", "all", "{\"a/b\":\"c\"}"));
      assertThat(line.line())
          .isEqualTo(
              "{\"stream\":\"stderr\",\"kubernetes\":{\"pod_name\":\"web-7d4-x\","
                  + "\"namespace_name\":\"shop\",\"pod_id\":\"u1\",\"annotations\":{},"
                  + "\"host\":\"node1\",\"container_name\":\"nginx\"}}");
    }
  }

  /** The Must of users' row 24. */
  @Test
  void aLateAndAnOversizeLineAmongAThousandCostThemselvesAlone() throws Exception {
    try (Sending to = new Sending()) {
      Records records = to.records();
      for (int i = 0; i < 1000; i++) {
        long late = i == 300 ? Duration.ofDays(8).toNanos() : 0;
        String body = i == 700 ? "x".repeat(300 << 10) : "line " + i;
        records.text(body, Records.NANOS + i - late);
      }
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(records.batch()));
      assertThat(mixed.retry().isEmpty()).isTrue();
      assertThat(mixed.rejected())
          .extracting(Outcome.Rejection::record)
          .containsExactlyInAnyOrder(300, 700);
      assertThat(mixed.rejected())
          .extracting(Outcome.Rejection::why)
          .anyMatch(why -> why.contains("has timestamp too old: 2026-11-14T08:04:05Z"))
          .anyMatch(why -> why.contains("max entry size '262144' bytes exceeded"));
      assertThat(to.server.stored()).hasSize(998);
      assertThat(to.lines("accepted")).isEqualTo(998);
      assertThat(to.lines("rejected")).isEqualTo(2);
      assertThat(to.server.server().received().size()).isLessThan(6);
    }
  }

  @Test
  void aLineBehindItsStreamsWindowCostsItselfAlone() throws Exception {
    try (Sending to = new Sending("label_keys", "app")) {
      assertThat(to.output.send(List.of(apps(to, 0)))).isEqualTo(Outcome.DELIVERED);
      Outcome.Mixed mixed =
          (Outcome.Mixed) to.output.send(List.of(apps(to, Duration.ofHours(2).toNanos())));
      // Of two streams only one has newer lines already.
      assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(0, 2);
      assertThat(mixed.rejected().getFirst().why()).contains("entry too far behind");
      assertThat(to.server.stored()).hasSize(5);
    }
  }

  private static Batch apps(Sending to, long before) {
    long nanos = Records.NANOS - before;
    Records records = to.records().json("{\"app\":\"a\"}", nanos);
    records.json("{\"app\":\"b" + before + "\"}", nanos).json("{\"app\":\"a\"}", nanos + 1);
    return before == 0 ? records.batch() : records.json("{\"app\":\"c\"}", nanos).batch();
  }

  @Test
  void whatTheAnswerDoesNotTellIsFoundInSmallerParts() throws Exception {
    try (Sending to = new Sending()) {
      to.server.always(
          (request, line) -> {
            if (new String(request.body(), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("POISON")) {
              line.answer(400, "something is wrong with it\n");
            } else {
              to.server.accept(request, line);
            }
          });
      Records records = to.records();
      for (int i = 0; i < 100; i++) {
        records.text(i == 41 ? "POISON" : "line " + i, Records.NANOS + i);
      }
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(records.batch()));
      assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(41);
      assertThat(mixed.rejected().getFirst().why()).contains("something is wrong with it");
      assertThat(to.server.stored()).hasSize(99);
    }
  }

  @Test
  void whereNothingIsTakenTheRecordsAreNotToBlame() throws Exception {
    try (Sending to = new Sending()) {
      to.server.always((_, line) -> line.answer(400, "all wrong\n"));
      assertThat(to.output.send(List.of(to.numbered(50)))).isInstanceOf(Outcome.Retry.class);
      to.server.always(null);
      to.server.limits(Limits.USUAL.withoutMetadata());
      Records records = to.records().enrich("kubernetes", KUBERNETES).text("x");
      assertThat(to.output.send(List.of(records.batch())))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("allow_structured_metadata"));
    }
  }

  @Test
  void badLabelsCostTheirStreamsLines() throws Exception {
    try (Sending to = new Sending("auto_kubernetes_labels", "on")) {
      StringBuilder many = new StringBuilder("{\"labels\":{\"n0\":\"v\"");
      for (int i = 1; i < 20; i++) {
        many.append(",\"n").append(i).append("\":\"v\"");
      }
      Records records = to.records().json("{\"n\":1}");
      records.origin(Origin.builder(to.context.names(), "other").build());
      records.enrich("kubernetes", many + "}}").json("{\"n\":2}").json("{\"n\":3}");
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(records.batch()));
      assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(1, 2);
      assertThat(mixed.rejected().getFirst().why()).contains("has 20 label names; limit 15");
      assertThat(to.stored()).containsExactly("{\"n\":1}");
    }
  }

  @Test
  void groupsStreamsAndKeepsTheOrderOfTime() throws Exception {
    try (Sending to = new Sending("label_keys", "app", "remove_keys", "app")) {
      known(to, "a0", "a1");
      Records records = to.records();
      for (int i = 0; i < 40; i++) {
        records.json("{\"app\":\"a" + i % 2 + "\",\"n\":" + i + "}", Records.NANOS + (i * 7) % 40);
      }
      assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.server.server().received()).hasSize(3);
      List<Stored> stored = to.server.stored().subList(2, 42);
      List<String> apps = stored.stream().map(s -> s.labels().get("app")).distinct().toList();
      assertThat(apps).containsExactlyInAnyOrder("a0", "a1");
      for (int i = 1; i < stored.size(); i++) {
        if (stored.get(i).labels().equals(stored.get(i - 1).labels())) {
          assertThat(stored.get(i).nanos()).isGreaterThanOrEqualTo(stored.get(i - 1).nanos());
        }
      }
      assertThat(to.server.streams()).isEqualTo(2);
    }
  }

  /** Has Loki take a line of each of these streams. */
  private static void known(Sending to, String... apps) throws Exception {
    Records records = to.records();
    for (String app : apps) {
      records.json("{\"app\":\"" + app + "\"}");
    }
    assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
  }

  @Test
  void aStreamThatMayBeOneTooManyHasItsOwnRequest() throws Exception {
    try (Sending to = new Sending("label_keys", "app")) {
      known(to, "a", "b");
      to.server.limits(Limits.USUAL.withStreams(2));
      Records records = to.records().json("{\"app\":\"new\"}");
      records.json("{\"app\":\"a\",\"n\":1}").json("{\"app\":\"b\",\"n\":1}");
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(records.batch()));
      assertThat(mixed.retry()).isEqualTo(Sending.bits(0));
      assertThat(mixed.why()).contains("maximum active stream limit exceeded");
      assertThat(to.server.stored()).hasSize(4);
      assertThat(to.server.silentlyDropped()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"on, 0", "off, 5"})
  void aStreamAtItsRateHoldsUpItselfAlone(String separate, int untold) throws Exception {
    try (Sending to = new Sending("label_keys", "app", "separate_streams", separate)) {
      known(to, "a", "b", "c");
      to.server.limits(Limits.USUAL.withStreamRate(10_000));
      for (int n = 0; n < 3; n++) {
        Records records = to.records();
        for (int i = 0; i < 5; i++) {
          String body = "x".repeat(3_000);
          records.json("{\"app\":\"b\",\"n\":" + i + ",\"x\":\"" + body + "\"}");
        }
        records.json("{\"app\":\"a\",\"n\":" + n + "}").json("{\"app\":\"c\",\"n\":" + n + "}");
        Outcome outcome = to.output.send(List.of(records.batch()));
        if (to.server.silentlyDropped() > 0 && n == 0) {
          assertThat(outcome).isEqualTo(Outcome.DELIVERED); // it cannot be known
        } else {
          BitSet open = new BitSet();
          open.set(0, 5);
          assertThat(((Outcome.Mixed) outcome).retry()).isEqualTo(open);
          assertThat(((Outcome.Mixed) outcome).why()).contains("Per stream rate limit exceeded");
        }
      }
      assertThat(to.server.stored()).hasSize(9);
      assertThat(to.server.silentlyDropped()).isLessThanOrEqualTo(untold);
    }
  }

  @Test
  void requestsGetSmallerAsLongAsNoneIsTakenAndGrowAgain() throws Exception {
    try (Sending to = new Sending()) {
      to.server.always(
          (request, line) -> {
            if (request.body().length > 100_000) {
              line.answer(429, "you have sent too much");
            } else {
              to.server.accept(request, line);
            }
          });
      Records records = to.records();
      Random random = new Random(7);
      for (int i = 0; i < 200; i++) {
        byte[] bytes = new byte[1500];
        random.nextBytes(bytes);
        records.text(Base64.getEncoder().encodeToString(bytes), Records.NANOS + i);
      }
      Batch batch = records.batch();
      Outcome outcome = to.output.send(List.of(batch));
      for (int i = 0; i < 30 && outcome instanceof Outcome.Retry; i++) {
        outcome = to.output.send(List.of(batch));
      }
      assertThat(outcome).isNotInstanceOf(Outcome.Retry.class);
      assertThat(to.output.mostBytes()).isLessThan(200_000);
      to.server.always(null);
      for (int i = 0; i < 80; i++) {
        assertThat(to.output.send(List.of(to.numbered(1)))).isEqualTo(Outcome.DELIVERED);
      }
      assertThat(to.output.mostBytes()).isEqualTo(1_000_000);
    }
  }

  @Test
  void comesAgainWhenLokiHasNoRoomAndSplitsWhatIsTooLarge() throws Exception {
    try (Sending to = new Sending("max_request_size", "64k")) {
      to.server.nextStatus(429, "ingestion rate limit exceeded", "Retry-After: 7");
      assertThat(to.output.send(List.of(to.numbered(3))))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              r -> {
                assertThat(r.notBefore()).isEqualTo(Duration.ofSeconds(7));
                assertThat(r.why()).contains("429: ingestion rate limit exceeded");
              });
      to.server.nextStatus(503, "busy");
      assertThat(to.output.send(List.of(to.numbered(3)))).isInstanceOf(Outcome.Retry.class);
      to.server.nextStatus(401, "no org id");
      assertThat(to.output.send(List.of(to.numbered(3))))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("answered 401: no org id"));
      assertThat(to.server.stored()).isEmpty();
      to.server.nextStatus(413, "too large");
      to.server.nextStatus(500, "rpc error: received message larger than max (5 vs. 4)");
      assertThat(to.output.send(List.of(to.numbered(300)))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.server.stored()).hasSize(300);
      assertThat(to.output.receiver().mostBytes()).isEqualTo(64_000);
    }
  }

  @Test
  void whatIsOpenAfterAFailureIsSentAgainInOrder() throws Exception {
    try (Sending to = new Sending("max_request_size", "4k")) {
      to.server.next((request, line) -> to.server.accept(request, line));
      to.server.nextStatus(503, "busy");
      Batch batch = to.numbered(1000);
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(batch));
      assertThat(mixed.rejected()).isEmpty();
      assertThat(to.output.send(List.of(batch.subset(mixed.retry())))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.stored())
          .isEqualTo(IntStream.range(0, 1000).mapToObj(i -> "{\"n\":" + i + "}").toList());
      assertThat(to.server.duplicates()).isZero();
    }
  }

  @Test
  void eachTenantHasItsOwnVerdict() throws Exception {
    try (Sending to = new Sending("tenant_id_key", "$team", "tenant_id", "rest")) {
      to.server.always(
          (request, line) -> {
            if ("b".equals(request.headers().get("x-scope-orgid"))) {
              line.answer(429, "not you");
            } else {
              to.server.accept(request, line);
            }
          });
      Records records = to.records();
      for (String team : List.of("a", "b", "a", "c", "b")) {
        records.json("{\"team\":\"" + team + "\"}");
      }
      int other = 0;
      for (String team : List.of("with blank", "a|b", "a/b", "..", "ü", "x".repeat(151))) {
        records.json("{\"team\":\"" + team + "\",\"n\":" + other++ + "}");
      }
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(records.batch()));
      assertThat(mixed.retry()).isEqualTo(Sending.bits(1, 4));
      assertThat(mixed.rejected()).isEmpty();
      // Loki takes two lines of the same time and text for one.
      assertThat(to.server.stored())
          .extracting(Stored::tenant)
          .containsExactly("a", "c", "rest", "rest", "rest", "rest", "rest", "rest");
    }
  }

  @Test
  void linesOlderThanTheWindowAreDivertedWithoutARequest() throws Exception {
    try (Sending to = new Sending("max_age", "1h")) {
      Records records = to.records().text("old", Records.NANOS - Duration.ofHours(2).toNanos());
      records.text("new");
      Outcome.Mixed mixed = (Outcome.Mixed) to.output.send(List.of(records.batch()));
      assertThat(mixed.retry().isEmpty()).isTrue();
      assertThat(mixed.rejected().getFirst().record()).isZero();
      assertThat(mixed.rejected().getFirst().why())
          .isEqualTo("the line of 2026-11-22T06:04:05.123456789Z is older than max_age, PT1H");
      assertThat(to.lines("expired")).isEqualTo(1);
      assertThat(to.lines("rejected")).isZero();
      assertThat(to.lines("accepted")).isEqualTo(1);
    }
  }

  @Test
  void aTenantsBurstMakesRequestsSmaller() throws Exception {
    try (Sending to = new Sending()) {
      to.server.limits(Limits.USUAL.withRate(100_000));
      Records records = to.records();
      for (int i = 0; i < 200; i++) {
        records.text("x".repeat(1000) + i, Records.NANOS + i);
      }
      assertThat(to.output.send(List.of(records.batch()))).isInstanceOf(Outcome.Retry.class);
      assertThat(to.output.receiver().mostBytes()).isLessThan(110_000);
    }
  }

  /** 300 pods with 25 labels each, all replaced twice, on ten nodes. */
  @Test
  void rollOutsMakeFewStreams() throws Exception {
    try (Sending to = new Sending()) {
      List<Integer> streams = new ArrayList<>();
      for (int generation = 0; generation < 3; generation++) {
        for (int first = 0; first < 300; first += 60) {
          Records records = to.records();
          for (int pod = first; pod < first + 60; pod++) {
            records.origin(Origin.builder(to.context.names(), "kube." + pod).build());
            records.enrich("kubernetes", pod(generation, pod));
            records.text("line of " + generation + " " + pod);
          }
          assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
        }
        streams.add(to.server.streams());
      }
      assertThat(streams.get(0)).isLessThanOrEqualTo(300);
      assertThat(streams.get(1) - streams.get(0)).isLessThanOrEqualTo(300);
      assertThat(streams.get(2) - streams.get(1)).isLessThanOrEqualTo(300);
      assertThat(to.server.stored())
          .hasSize(900)
          .allSatisfy(
              s -> {
                assertThat(s.labels().size()).isLessThanOrEqualTo(10);
                assertThat(s.metadata()).hasSizeGreaterThanOrEqualTo(25).containsKey("pod");
                assertThat(s.line()).startsWith("{\"log\":\"line of ");
              });
      assertThat(to.context.meters().count(LokiMeter.HIGH_CARDINALITY)).isZero();
    }
  }

  private static String pod(int generation, int pod) {
    StringBuilder json = new StringBuilder("{\"namespace_name\":\"ns").append(pod % 5);
    json.append("\",\"container_name\":\"main\",\"host\":\"node").append(pod % 10);
    json.append("\",\"pod_name\":\"app").append(pod % 30).append('-').append(generation);
    json.append('-').append(pod).append("\",\"labels\":{\"app\":\"app").append(pod % 30);
    json.append("\",\"pod-template-hash\":\"h").append(generation).append('"');
    for (int i = 0; i < 23; i++) {
      json.append(",\"label").append(i).append("\":\"v").append(pod).append('"');
    }
    return json.append("}}").toString();
  }

  @Test
  void aLabelOfVeryManyValuesIsToldOnce() throws Exception {
    try (Sending to = new Sending("label_keys", "id, app")) {
      Records records = to.records();
      for (int i = 0; i < 1500; i++) {
        records.json("{\"id\":" + i + ",\"app\":\"a\"}");
      }
      assertThat(to.output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
      assertThat(to.context.meters().count(LokiMeter.HIGH_CARDINALITY)).isEqualTo(1);
    }
  }
}
