package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.elasticsearch.FakeElasticsearch;
import io.logboom.testkit.elasticsearch.FakeElasticsearch.Document;
import io.logboom.testkit.elasticsearch.FakeElasticsearch.Refusal;
import io.logboom.testkit.http.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElasticsearchTest {
  private final TestContext context = new TestContext(Path.of("unused"));
  private final List<AutoCloseable> open = new ArrayList<>();
  private FakeElasticsearch server;

  @BeforeEach
  void start() throws Exception {
    server = FakeElasticsearch.start();
    open.add(server);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    assertThat(server.server().complaints()).isEmpty();
  }

  @Test
  void delivers() throws Exception {
    Output output = output("logstash_format", "on", "path", "/es/", "pipeline", "a b");
    Records records = Sending.records(context).text("one").text("gone").drop().json("{\"n\":2}");
    assertThat(output.send(List.of(records.batch()))).isEqualTo(Outcome.DELIVERED);
    assertThat(server.documents())
        .extracting(d -> d.source().toString())
        .containsExactly(
            "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\",\"log\":\"one\"}",
            "{\"@timestamp\":\"2026-11-22T08:04:05.123Z\",\"n\":2}");
    ScriptedServer.Received request = server.server().received().getFirst();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path())
        .isEqualTo("/es/_bulk?pipeline=a+b&filter_path=errors,items.*.status,items.*.error");
    assertThat(request.headers())
        .containsEntry("content-type", "application/x-ndjson")
        .containsEntry("user-agent", "Logboom")
        .doesNotContainKey("authorization");
    assertThat(context.meters().count(ElasticsearchMeter.REQUESTS, "status", "2xx")).isEqualTo(1);
    assertThat(context.meters().count(ElasticsearchMeter.ITEMS, "result", "created")).isEqualTo(2);
    assertThat(context.meters().count(ElasticsearchMeter.SENT)).isEqualTo(request.body().length);
  }

  /** Bulk of 1,000: 100 times 429, 5 times 400, 3 conflicts on create, an answer of 12 MiB. */
  @Test
  void answersEachItemOfALargePartialFailureAlone() throws Exception {
    Output output = output("id", "position");
    server.padItems(12 * 1024);
    Set<Integer> tooMany = new HashSet<>();
    Set<Integer> bad = new HashSet<>();
    IntStream.range(0, 100).forEach(i -> tooMany.add(i * 9 + 1));
    IntStream.range(0, 5).forEach(i -> bad.add(i * 100 + 3));
    bad.removeAll(tooMany);
    Batch batch = numbered(1000);
    // Three are there already.
    assertThat(output.send(List.of(batch.subset(bits(4, 5, 6))))).isEqualTo(Outcome.DELIVERED);
    server.judge(
        item -> {
          int n = item.source().get("n").asInt();
          return tooMany.contains(n)
              ? new Refusal(429, "es_rejected_execution_exception", "queue is full")
              : bad.contains(n)
                  ? new Refusal(400, "mapper_parsing_exception", "failed to parse " + n)
                  : null;
        });
    Outcome.Mixed mixed = (Outcome.Mixed) output.send(List.of(batch));
    assertThat(mixed.retry()).isEqualTo(bits(tooMany.stream().mapToInt(i -> i).toArray()));
    assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).hasSameElementsAs(bad);
    assertThat(mixed.rejected())
        .allSatisfy(
            r ->
                assertThat(r.why())
                    .isEqualTo("400 mapper_parsing_exception: failed to parse " + r.record()));
    assertThat(mixed.why()).isEqualTo("429 es_rejected_execution_exception: queue is full");
    server.judge(_ -> null);
    assertThat(output.send(List.of(batch.subset(mixed.retry())))).isEqualTo(Outcome.DELIVERED);

    assertThat(server.documents()).hasSize(1000 - bad.size());
    assertThat(server.documents()).extracting(Document::id).doesNotHaveDuplicates();
    assertThat(result("created")).isEqualTo(1000 - bad.size() + 0L);
    assertThat(result("conflict")).isEqualTo(3);
    assertThat(result("retried")).isEqualTo(100);
    assertThat(result("rejected")).isEqualTo(bad.size());
  }

  @Test
  void numbersRecordsThroughAllBatchesWithTheDroppedOnes() throws Exception {
    Output output = output();
    server.judge(
        item ->
            item.source().get("log").asText().equals("bad")
                ? new Refusal(400, "t", "r")
                : item.source().get("log").asText().equals("busy")
                    ? new Refusal(503, "t", "r")
                    : null);
    Records first = Sending.records(context).text("x").drop().text("bad").text("ok");
    Records second = Sending.records(context).text("busy").text("y").drop().text("bad");
    Outcome.Mixed mixed = (Outcome.Mixed) output.send(List.of(first.batch(), second.batch()));
    assertThat(mixed.retry()).isEqualTo(bits(3));
    assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(1, 5);
  }

  @Test
  void triesAgainWhatIsTheClustersFaultAndNotTheDocuments() throws Exception {
    Output output = output();
    for (String type :
        List.of("cluster_block_exception", "security_exception", "validation_exception")) {
      server.judge(_ -> new Refusal(403, type, "the cluster is full"));
      assertThat(output.send(List.of(numbered(2))))
          .isEqualTo(new Outcome.Retry("403 " + type + ": the cluster is full"));
    }
  }

  @Test
  void sendsLargeUnitsInRequestsOfBoundedSize() throws Exception {
    Output output = output("max_request_size", "10k");
    Batch batch = numbered(1000);
    assertThat(output.send(List.of(batch))).isEqualTo(Outcome.DELIVERED);
    assertThat(server.documents()).hasSize(1000);
    assertThat(server.server().received()).hasSizeGreaterThan(8);
    assertThat(server.server().received()).allMatch(r -> r.body().length < 10_200);
    assertThat(server.server().connections()).isEqualTo(1);
  }

  @Test
  void sendsAgainOnlyWhatTheFailedRequestsHad() throws Exception {
    Output output = output("max_request_size", "10k");
    Batch batch = numbered(1000);
    server
        .next((_, line, accept) -> line.answer(200, accept.accept()))
        .nextStatus(503, "overloaded", "Retry-After: 3");
    Outcome.Mixed mixed = (Outcome.Mixed) output.send(List.of(batch));
    int arrived = server.documents().size();
    assertThat(arrived).isPositive();
    BitSet rest = new BitSet();
    rest.set(arrived, 1000);
    assertThat(mixed.retry()).isEqualTo(rest);
    assertThat(mixed.notBefore()).isEqualTo(Duration.ofSeconds(3));
    assertThat(mixed.why()).contains("answered 503: overloaded");
    assertThat(output.send(List.of(batch.subset(mixed.retry())))).isEqualTo(Outcome.DELIVERED);
    assertThat(server.documents())
        .extracting(d -> d.source().get("n").asInt())
        .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void saysRetryOfAllWhenTheFirstOfSeveralRequestsFails() throws Exception {
    Output output = output("max_request_size", "10k");
    server.nextStatus(503, "");
    assertThat(output.send(List.of(numbered(1000)))).isInstanceOf(Outcome.Retry.class);
    assertThat(server.server().received()).hasSize(1);
  }

  @Test
  void classifiesAnswersToWholeRequests() throws Exception {
    Output output = output();
    assertThat(whole(output, 429, "slow down", "Retry-After: 7"))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            r -> {
              assertThat(r.notBefore()).isEqualTo(Duration.ofSeconds(7));
              assertThat(r.why())
                  .isEqualTo("127.0.0.1:" + server.port() + " answered 429: slow down");
            });
    assertThat(whole(output, 500, "")).isInstanceOf(Outcome.Retry.class);
    assertThat(whole(output, 503, "", "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"))
        .isInstanceOfSatisfying(
            Outcome.Retry.class, r -> assertThat(r.notBefore()).isEqualTo(Duration.ZERO));
    assertThat(whole(output, 401, "who?")).isInstanceOf(Outcome.Retry.class);
    assertThat(whole(output, 403, "no")).isInstanceOf(Outcome.Retry.class);
    assertThat(whole(output, 404, "no such path")).isInstanceOf(Outcome.Retry.class);
    assertThat(whole(output, 302, "elsewhere")).isInstanceOf(Outcome.Retry.class);
    assertThat(whole(output, 400, "contains an unknown parameter [_type]"))
        .isInstanceOf(Outcome.Retry.class);
    assertThat(whole(output, 400, "pipeline with id [x] does not exist"))
        .isInstanceOf(Outcome.Retry.class);
    assertThat(whole(output, 500, "x".repeat(5_000_000)))
        .isInstanceOfSatisfying(
            Outcome.Retry.class, r -> assertThat(r.why()).hasSizeLessThan(1000));
    assertThat(server.documents()).isEmpty();
    assertThat(context.meters().count(ElasticsearchMeter.REQUESTS, "status", "429")).isEqualTo(1);
    assertThat(context.meters().count(ElasticsearchMeter.REQUESTS, "status", "5xx")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "{}",
        "{\"took\":1}",
        "{\"errors\":true}",
        "{\"errors\":true,\"items\":[]}",
        "{\"errors\":true,\"items\":[{\"create\":{\"sta",
        "{\"errors\":true,\"items\":[7]}",
        "<html>proxy says hello</html>"
      })
  void triesAgainAfterA200ThatSaysNothing(String answer) throws Exception {
    Output output = output();
    server.nextStatus(200, answer);
    assertThat(output.send(List.of(numbered(3))))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry ->
                assertThat(retry.why()).startsWith("127.0.0.1:" + server.port() + " answered 200"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"took\":1,\"errors\":false,\"items\":[]}",
        "{\"errors\":false}",
        "{\"took\":{\"errors\":true},\"x\":[1],\"errors\":false,\"items\":[{\"cre"
      })
  void believesErrorsFalseAtTheTopWithoutItems(String answer) throws Exception {
    Output output = output();
    server.nextStatus(200, answer);
    assertThat(output.send(List.of(numbered(3)))).isEqualTo(Outcome.DELIVERED);
  }

  @Test
  void keepsWhatWasToldBeforeAnAnswerBroke() throws Exception {
    Output output = output();
    for (boolean reset : new boolean[] {false, true}) {
      server.next(
          (_, line, _) -> {
            line.head(200, "Content-Length: 100000");
            line.raw(
                ("{\"errors\":true,\"items\":[{\"create\":{\"status\":201}},"
                        + "{\"create\":{\"status\":400,\"error\":{\"type\":\"t\",\"reason\":\"r\","
                        + "\"caused_by\":{\"type\":\"u\",\"reason\":\"deep\"}}}},{\"create\":{\"st")
                    .getBytes(StandardCharsets.UTF_8));
            if (reset) {
              line.reset();
            } else {
              line.close();
            }
          });
      Outcome.Mixed mixed = (Outcome.Mixed) output.send(List.of(numbered(4)));
      if (!reset) { // a reset may take back what had come
        assertThat(mixed.retry()).isEqualTo(bits(2, 3));
        assertThat(mixed.rejected()).containsExactly(new Outcome.Rejection(1, "400 t: r: deep"));
      } else {
        assertThat(mixed.retry().get(2, 4).cardinality()).isEqualTo(2);
      }
      assertThat(mixed.why()).contains("cannot be read to its end");
    }
  }

  @Test
  void readsAnswersInChunksAndFromServersThatCloseEachConnection() throws Exception {
    Output output = output("short_answers", "off");
    server.next((_, line, accept) -> line.chunked(200, accept.accept(), 7));
    assertThat(output.send(List.of(numbered(20)))).isEqualTo(Outcome.DELIVERED);
    for (int i = 0; i < 3; i++) {
      server.next(
          (_, line, accept) -> {
            line.answer(200, accept.accept(), "Connection: close");
            line.close();
          });
      assertThat(output.send(List.of(numbered(20)))).isEqualTo(Outcome.DELIVERED);
    }
    assertThat(server.documents()).hasSize(80);
    assertThat(server.server().received().getFirst().path()).isEqualTo("/_bulk");
  }

  @Test
  void triesAgainAfterAConnectionWithoutAnAnswer() throws Exception {
    Output output = output("net.io_timeout", "1");
    server.next((_, line, _) -> line.reset());
    assertThat(output.send(List.of(numbered(3)))).isInstanceOf(Outcome.Retry.class);
    server.next((_, line, _) -> line.silence());
    assertThat(output.send(List.of(numbered(3))))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            r -> assertThat(r.why()).contains("did not answer: it was silent"));
    assertThat(context.meters().count(ElasticsearchMeter.REQUESTS, "status", "none")).isEqualTo(2);
    assertThat(output.send(List.of(numbered(3)))).isEqualTo(Outcome.DELIVERED);
  }

  @Test
  void compressesRequests() throws Exception {
    Output output = output("compress", "gzip");
    for (int i = 0; i < 3; i++) {
      assertThat(output.send(List.of(numbered(2000)))).isEqualTo(Outcome.DELIVERED);
    }
    assertThat(server.documents()).hasSize(6000);
    assertThat(server.server().received())
        .allMatch(r -> "gzip".equals(r.headers().get("content-encoding")));
    assertThat(context.meters().count(ElasticsearchMeter.SENT))
        .isLessThan(context.meters().count(ElasticsearchMeter.ENCODED) / 5);
  }

  @Test
  void showsWhoSends() throws Exception {
    Output basic = output("http_user", "elastic", "http_passwd", "se:cret");
    basic.send(List.of(numbered(1)));
    Output key = output("http_api_key", "abc==");
    key.send(List.of(numbered(1)));
    assertThat(server.server().received())
        .extracting(r -> r.headers().get("authorization"))
        .containsExactly("Basic ZWxhc3RpYzpzZTpjcmV0", "ApiKey abc==");
  }

  @Test
  void goesOnWithTheOtherHostsWhenOneDies() throws Exception {
    FakeElasticsearch second = FakeElasticsearch.start();
    open.add(second);
    Output output = output("hosts", "127.0.0.1:" + server.port() + ", 127.0.0.1:" + second.port());
    for (int i = 0; i < 4; i++) {
      assertThat(output.send(List.of(numbered(1)))).isEqualTo(Outcome.DELIVERED);
    }
    assertThat(second.documents()).hasSize(2);
    server.close();
    for (int i = 0; i < 10; i++) {
      assertThat(output.send(List.of(numbered(1)))).isEqualTo(Outcome.DELIVERED);
    }
    assertThat(second.documents()).hasSize(12);
  }

  @Test
  void refusesAnUpdateOfARecordWithoutAnId() throws Exception {
    Output output = output("write_operation", "upsert", "id_key", "id");
    Records records = Sending.records(context).json("{\"id\":\"a\"}").text("no id");
    Outcome.Mixed mixed = (Outcome.Mixed) output.send(List.of(records.batch()));
    assertThat(mixed.rejected()).extracting(Outcome.Rejection::record).containsExactly(1);
    assertThat(mixed.retry().isEmpty()).isTrue();
    assertThat(server.documents()).hasSize(1);
  }

  @Test
  void sendsNothingForABatchOfDroppedRecords() throws Exception {
    Output output = output();
    assertThat(output.send(List.of(Sending.records(context).text("x").drop().batch())))
        .isEqualTo(Outcome.DELIVERED);
    assertThat(server.server().received()).isEmpty();
  }

  // ---- what the tests are made of

  private Outcome whole(Output output, int status, String body, String... headers)
      throws InterruptedException {
    server.nextStatus(status, body, headers);
    return output.send(List.of(numbered(3)));
  }

  private long result(String result) {
    return context.meters().count(ElasticsearchMeter.ITEMS, "result", result);
  }

  private Batch numbered(int count) {
    Records records = Sending.records(context);
    for (int i = 0; i < count; i++) {
      records.json("{\"n\":" + i + "}");
    }
    return records.batch();
  }

  private static BitSet bits(int... numbers) {
    BitSet set = new BitSet();
    Arrays.stream(numbers).forEach(set::set);
    return set;
  }

  private Output output(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    if (!all.contains("hosts")) {
      all.addAll(List.of("port", Integer.toString(server.port())));
    }
    ElasticsearchConfig config = Binder.bind(ElasticsearchConfig.class, all.toArray(String[]::new));
    Output output = new ElasticsearchPlugin().create(config, context);
    open.add(output);
    return output;
  }
}
