package io.logboom.output.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.logboom.api.plugin.Outcome;
import io.logboom.testkit.Records;
import io.logboom.testkit.http.FakeProxy;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ArrayValue;

class HttpTest {
  private static final String FIRST = "{\"date\":1795334645.123457,\"log\":\"a \\\"line\\\"\"}";
  private static final String SECOND = "{\"date\":1795334645.123457,\"n\":1}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          json        | application/json     | [ | ,  | ]
          json_lines  | application/x-ndjson |   | \\n | \\n
          json_stream | application/json     |   |    |
          """)
  void aFormatHasItsBodyAndItsType(
      String format, String type, String open, String between, String close) throws Exception {
    try (Client client = new Client("format", format)) {
      assertThat(client.send(client.records().text("a \"line\"").json("{\"n\":1}")))
          .isEqualTo(Outcome.DELIVERED);
      Received received = client.received();
      assertThat(received.text())
          .isEqualTo(text(open) + FIRST + text(between) + SECOND + text(close));
      assertThat(received.method()).isEqualTo("POST");
      assertThat(received.path()).isEqualTo("/");
      assertThat(received.headers())
          .containsEntry("content-type", type)
          .containsEntry("user-agent", "Logboom")
          .doesNotContainKey("content-encoding");
      assertThat(client.count(HttpMeter.RECORDS, "result", "accepted")).isEqualTo(2);
      assertThat(client.count(HttpMeter.REQUESTS, "status", "2xx")).isEqualTo(1);
      assertThat(client.count(HttpMeter.SENT))
          .isEqualTo(client.count(HttpMeter.ENCODED))
          .isEqualTo(received.body().length);
    }
  }

  private static String text(String cell) {
    return cell == null ? "" : cell.replace("\\n", "\n");
  }

  @Test
  void messagePackIsEventsAsFluentBitHasThem() throws Exception {
    try (Client client = new Client("format", "msgpack")) {
      client.send(client.records().text("a").json("{\"n\":[1,null,1.5]}").drop().json("{\"n\":2}"));
      assertThat(client.received().headers()).containsEntry("content-type", "application/msgpack");
      try (MessageUnpacker in = MessagePack.newDefaultUnpacker(client.received().body())) {
        ArrayValue first = in.unpackValue().asArrayValue();
        assertThat(first.get(0).asArrayValue().get(0).asExtensionValue().getData())
            .containsExactly(bytes((int) Records.SECONDS, Records.FRACTION));
        assertThat(first.get(0).asArrayValue().get(1).toJson()).isEqualTo("{}");
        assertThat(first.get(1).toJson()).isEqualTo("{\"log\":\"a\"}");
        assertThat(in.unpackValue().asArrayValue().get(1).toJson()).isEqualTo("{\"n\":2}");
        assertThat(in.hasNext()).isFalse();
      }
    }
  }

  private static byte[] bytes(int seconds, int nanos) {
    return java.nio.ByteBuffer.allocate(8).putInt(seconds).putInt(nanos).array();
  }

  @Test
  void timesHaveTheNameAndFormThatAreConfigured() throws Exception {
    try (Client client = new Client("json_date_key", "@timestamp", "json_date_format", "iso8601")) {
      client.send(client.records().text("a"));
      assertThat(client.received().text())
          .isEqualTo("[{\"@timestamp\":\"2026-11-22T08:04:05.123456Z\",\"log\":\"a\"}]");
    }
    try (Client client = new Client("json_date_key", "false")) {
      client.send(client.records().text("a"));
      assertThat(client.received().text()).isEqualTo("[{\"log\":\"a\"}]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "snappy"})
  void aBodyIsCompressedAsItsHeaderSays(String compress) throws Exception {
    try (Client client = new Client("compress", compress, "json_date_key", "false")) {
      Records records = client.records();
      IntStream.range(0, 5000).forEach(i -> records.text("a line like the others " + i));
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      Received received = client.received();
      assertThat(received.headers()).containsEntry("content-encoding", compress);
      String plain =
          switch (compress) {
            case "gzip" -> received.text();
            case "zstd" -> zstd(received.body());
            default -> snappy(received.body());
          };
      assertThat(plain)
          .startsWith("[{\"log\":\"a line like the others 0\"},")
          .endsWith(",{\"log\":\"a line like the others 4999\"}]");
      assertThat(received.body().length).isLessThan(plain.length() / 3);
      assertThat(client.count(HttpMeter.ENCODED)).isEqualTo(plain.length());
      assertThat(client.count(HttpMeter.SENT)).isEqualTo(received.body().length);
      // And again, with the same buffers.
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(client.server.received().get(1).body()).isEqualTo(received.body());
    }
  }

  private static String zstd(byte[] body) throws IOException {
    try (ZstdInputStreamNoFinalizer in =
        new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(body))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String snappy(byte[] body) {
    byte[] plain = new byte[SnappyDecompressor.getUncompressedLength(body, 0)];
    int count = new SnappyDecompressor().decompress(body, 0, body.length, plain, 0, plain.length);
    return new String(plain, 0, count, StandardCharsets.UTF_8);
  }

  @Test
  void requestsAreBounded() throws Exception {
    try (Client client = new Client("max_request_size", "10k")) {
      Records records = client.records();
      IntStream.range(0, 1000).forEach(i -> records.text("x".repeat(70)));
      records.text("y".repeat(200_000)).text("z");
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(client.server.received()).hasSizeBetween(10, 14);
      assertThat(client.server.received())
          .filteredOn(r -> r.body().length > 10_400)
          .singleElement()
          .satisfies(r -> assertThat(r.text()).contains("yyy").doesNotContain("xxx"));
      assertThat(client.server.connections()).isEqualTo(1);
    }
  }

  @Test
  void headersAndCredentialsAreSentAndAContentTypeReplacesTheUsualOne() throws Exception {
    try (Client client =
        new Client(
            "header", "X-One 1 and more",
            "header", "Content-Type text/x-log",
            "http_user", "me",
            "http_passwd", "secret",
            "http_method", "PUT")) {
      client.send(client.records().text("a"));
      assertThat(client.received().method()).isEqualTo("PUT");
      assertThat(client.received().headers())
          .containsEntry("x-one", "1 and more")
          .containsEntry("content-type", "text/x-log")
          .containsEntry("authorization", "Basic bWU6c2VjcmV0");
    }
    try (Client client = new Client("bearer_token", "abc.def")) {
      client.send(client.records().text("a"));
      assertThat(client.received().headers()).containsEntry("authorization", "Bearer abc.def");
    }
  }

  @Test
  void aHeaderThatIsConfiguredTwiceIsSentTwiceOrTheLastOneCounts() throws Exception {
    try (Client client = new Client("header", "X-One 1", "header", "x-one 2")) {
      client.send(client.records().text("a"));
      assertThat(client.received().headers()).containsEntry("x-one", "1,2");
    }
    try (Client client =
        new Client("header", "X-One 1", "header", "x-one 2", "allow_duplicated_headers", "off")) {
      client.send(client.records().text("a"));
      assertThat(client.received().headers()).containsEntry("x-one", "2");
    }
  }

  @Test
  void aTagMayBeAHeaderAndEachHasItsRequests() throws Exception {
    try (Client client = new Client("header_tag", "X-Tag", "json_date_key", "false")) {
      Records records = client.records();
      records.tag("a").numbered(0, 2).tag("b\u00e9\n").numbered(2, 1).tag("a").numbered(3, 1);
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(client.server.received())
          .extracting(r -> r.headers().get("x-tag"), Received::text)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("a", "[{\"n\":0},{\"n\":1},{\"n\":3}]"),
              org.assertj.core.groups.Tuple.tuple("b___", "[{\"n\":2}]"));
    }
  }

  @Test
  void aPathMayBeMadeOfRecords() throws Exception {
    try (Client client =
        new Client("uri", "/logs/$TAG[1]/$kubernetes['ns']?level=$level", "json_date_key", "no")) {
      Records records =
          client
              .records()
              .enrich("kubernetes", "{\"ns\":\"pay/../x\"}")
              .json("{\"level\":\"a&b=c \u00e9\"}")
              .json("{\"level\":\"..\"}")
              .json("{\"n\":1}");
      assertThat(client.send(records)).isEqualTo(Outcome.DELIVERED);
      assertThat(client.server.received())
          .extracting(Received::path)
          .containsExactly(
              "/logs/app/pay%2F..%2Fx?level=a%26b%3Dc%20%C3%A9",
              "/logs/app/pay%2F..%2Fx?level=__", "/logs/app/pay%2F..%2Fx?level=");
    }
  }

  @Test
  void aPathThatIsNotThereDoesNotHoldUpTheOthers() throws Exception {
    try (Client client = new Client("uri", "/$TAG")) {
      client.server.script(
          (request, line) -> line.answer(request.path().equals("/gone") ? 404 : 200, ""));
      Outcome outcome =
          client.send(client.records().tag("gone").numbered(0, 2).tag("there").numbered(2, 3));
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Mixed.class,
              mixed -> {
                assertThat(mixed.retry().stream()).containsExactly(0, 1);
                assertThat(mixed.rejected()).isEmpty();
                assertThat(mixed.why()).endsWith("answered 404");
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, taken",
    "204, taken",
    "206, taken",
    "299, taken",
    "301, again",
    "302, again",
    "304, again",
    "400, refused",
    "409, refused",
    "415, refused",
    "422, refused",
    "499, refused",
    "401, again",
    "403, again",
    "404, again",
    "405, again",
    "407, again",
    "408, again",
    "425, again",
    "429, again",
    "500, again",
    "501, again",
    "503, again",
    "599, again"
  })
  void aStatusMeansWhatItShould(int status, String fate) throws Exception {
    try (Client client = new Client()) {
      assertThat(client.send(client.records().text("first"))).isEqualTo(Outcome.DELIVERED);
      client.server.script((_, line) -> line.answer(status, status == 204 ? "" : "text"));
      Outcome outcome = client.send(client.records().text("a"));
      assertThat(outcome)
          .isInstanceOf(
              switch (fate) {
                case "taken" -> Outcome.Delivered.class;
                case "again" -> Outcome.Retry.class;
                default -> Outcome.Mixed.class;
              });
    }
  }

  @Test
  void statusesCanBeGivenAnotherMeaning() throws Exception {
    try (Client client =
        new Client(
            "response_code.success", "409, 302",
            "response_code.retry", "422, 450-459, 206",
            "response_code.reject", "404, 501, 413",
            "log_response_payload", "off")) {
      assertThat(client.send(client.records().text("first"))).isEqualTo(Outcome.DELIVERED);
      for (int taken : new int[] {409, 302}) {
        assertThat(answered(client, taken)).isEqualTo(Outcome.DELIVERED);
      }
      for (int again : new int[] {422, 455, 206}) {
        assertThat(answered(client, again)).isInstanceOf(Outcome.Retry.class);
      }
      for (int refused : new int[] {404, 501, 413}) {
        assertThat(answered(client, refused))
            .isInstanceOfSatisfying(
                Outcome.Mixed.class,
                mixed ->
                    assertThat(mixed.rejected())
                        .singleElement()
                        .satisfies(r -> assertThat(r.why()).endsWith("answered " + refused)));
      }
      assertThat(client.count(HttpMeter.RECORDS, "result", "rejected")).isEqualTo(3);
    }
  }

  private static Outcome answered(Client client, int status) throws InterruptedException {
    client.server.script((_, line) -> line.answer(status, "some text"));
    return client.send(client.records().text("a"));
  }

  @Test
  void oneBadRecordOfManyIsRefusedAlone() throws Exception {
    try (Client client = new Client()) {
      client.server.script(
          (request, line) ->
              line.answer(request.text().contains("\"n\":700}") ? 400 : 200, "no 700 please"));
      assertThat(client.send(client.records().numbered(0, 1000)))
          .isInstanceOfSatisfying(
              Outcome.Mixed.class,
              mixed -> {
                assertThat(mixed.retry().isEmpty()).isTrue();
                assertThat(mixed.rejected())
                    .extracting(Outcome.Rejection::record)
                    .containsExactly(700);
                assertThat(mixed.rejected().getFirst().why()).endsWith("400: no 700 please");
              });
      assertThat(client.server.received()).hasSizeLessThan(30);
    }
  }

  @Test
  void whereAllIsRefusedFromTheStartNothingIsThrownAway() throws Exception {
    try (Client client = new Client()) {
      client.server.script((_, line) -> line.answer(400, "unknown stream"));
      assertThat(client.send(client.records().numbered(0, 1000)))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).endsWith("400: unknown stream"));
      assertThat(client.server.received()).hasSizeLessThan(40);
    }
  }

  @Test
  void aRecordMayBeItsOwnRequest() throws Exception {
    try (Client client =
        new Client("body_key", "$payload", "headers_key", "$how['headers']", "header_tag", "X-T")) {
      Records records =
          client
              .records()
              .json(
                  "{\"payload\":\"raw \u00e9\\n\",\"how\":{\"headers\":{\"Content-Type\":"
                      + "\"text/plain\",\"X-Id\":\"7\",\"X-Number\":8,\"Host\":\"evil\","
                      + "\"bad name\":\"x\",\"X-Break\":\"a\\r\\nX-Evil: 1\"}}}")
              .json("{\"payload\":{}}")
              .json("{\"other\":1}")
              .json("{\"payload\":\"second\"}");
      assertThat(client.send(records))
          .isInstanceOfSatisfying(
              Outcome.Mixed.class,
              mixed ->
                  assertThat(mixed.rejected())
                      .extracting(Outcome.Rejection::record)
                      .containsExactly(1, 2));
      List<Received> all = client.server.received();
      assertThat(all).extracting(Received::text).containsExactly("raw \u00e9\n", "second");
      assertThat(all.getFirst().headers())
          .containsEntry("content-type", "text/plain")
          .containsEntry("x-id", "7")
          .containsEntry("x-break", "a__X-Evil: 1")
          .containsEntry("x-t", "kube.app")
          .doesNotContainKeys("x-number", "x-evil")
          .doesNotContainValue("evil");
    }
  }

  @Test
  void aProxyIsUsedWhateverTheEnvironmentSays() throws Exception {
    try (FakeProxy proxy = FakeProxy.start("agent:s3cret");
        Client client =
            new Client(
                "proxy",
                "http://agent:s3cret@127.0.0.1:" + proxy.port(),
                "uri",
                "/in",
                "net.proxy_env_ignore",
                "on")) {
      assertThat(client.send(client.records().text("a"))).isEqualTo(Outcome.DELIVERED);
      assertThat(proxy.lines())
          .containsExactly("POST http://127.0.0.1:" + client.server.port() + "/in HTTP/1.1");
      assertThat(client.received().path()).isEqualTo("/in");
      proxy.refuse(407);
      assertThat(client.send(client.records().text("a")))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              r ->
                  assertThat(r.why())
                      .contains("the proxy 127.0.0.1:" + proxy.port() + " (proxy) does not take")
                      .doesNotContain("s3cret"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.response_timeout", "http.read_idle_timeout"})
  void aReceiverThatHangsIsGivenUpInTime(String option) throws Exception {
    try (Client client = new Client(option, "0.2s")) {
      client.server.script((_, line) -> line.silence());
      assertThat(client.send(client.records().text("a")))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("did not answer"));
    }
  }

  @Test
  void whatIsNotUtf8IsRepairedAndCounted() throws Exception {
    try (Client client = new Client("json_date_key", "false")) {
      client.send(client.records().bytes(new byte[] {'a', (byte) 0xff}).text("b"));
      assertThat(client.received().text()).isEqualTo("[{\"log\":\"a\ufffd\"},{\"log\":\"b\"}]");
      assertThat(client.count(HttpMeter.REPAIRED)).isEqualTo(1);
    }
  }

  @Test
  void nothingIsSentWhereAllIsDropped() throws Exception {
    try (Client client = new Client()) {
      assertThat(client.send(client.records().text("a").drop())).isEqualTo(Outcome.DELIVERED);
      assertThat(client.server.received()).isEmpty();
    }
  }
}
