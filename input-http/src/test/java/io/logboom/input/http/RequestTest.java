package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.logboom.net.ingest.Reason;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What requests become: records, tags, answers. */
final class RequestTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() {
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
    assertThat(receiving.context.meters().count(HttpMeter.FAULTS)).isZero();
    assertThat(receiving.context.meters().value(HttpMeter.UNDER_WAY)).isZero();
    assertThat(receiving.context.meters().value(HttpMeter.HELD)).isZero();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":1}{\"n\":2}{\"n\":3}",
        "{\"n\":1}\n{\"n\":2}\r\n\n{\"n\":3}\n",
        "[{\"n\":1},{\"n\":2},{\"n\":3}]",
        " [ {\"n\":1} , {\"n\":2}\n]\t[]{\"n\":3} ",
        "\uFEFF[{\"n\":1},{\"n\":2}][{\"n\":3}]"
      })
  void objectsAndArraysInAnyOrder(String body) throws Exception {
    receiving = Receiving.settling(state);
    HttpResponse<String> answer = receiving.json("/app.log", body);
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEmpty();
    assertThat(receiving.json()).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
    assertThat(receiving.tags()).containsOnly("app.log");
  }

  @Test
  void valuesStayAsTheyAre() throws Exception {
    receiving = Receiving.settling(state);
    String record =
        "{\"big\":12345678901234567890123,\"f\":1.50e-3,\"s\":\"gr\u00f6\u00dfe \\u00e9\\n\","
            + "\"deep\":{\"a\":[1,{\"b\":null}]}}";
    assertThat(receiving.json("/t", record).statusCode()).isEqualTo(201);
    assertThat(receiving.json()).containsExactly(record);
  }

  @Test
  void namesThatStandTwiceAndWhatIsNotUtf8AreMended() throws Exception {
    receiving = Receiving.settling(state);
    byte[] body = utf8("{\"a\":1,\"o\":{\"x\":1,\"x\":2},\"a\":3}{\"s\":\"?\"}{\"s\":\"\\ud800\"}");
    for (int i = 0; i < body.length; i++) {
      body[i] = body[i] == '?' ? (byte) 0xFF : body[i];
    }
    assertThat(receiving.post("/t", "application/json", body).statusCode()).isEqualTo(201);
    assertThat(receiving.json())
        .containsExactly("{\"o\":{\"x\":2},\"a\":3}", "{\"s\":\"\uFFFD\"}", "{\"s\":\"\uFFFD\"}");
    assertThat(receiving.context.meters().count(HttpMeter.MENDED)).isEqualTo(3);
  }

  @Test
  void theTimeIsThatOfTheArrival() throws Exception {
    Instant now = Instant.parse("2026-01-02T03:04:05.123456789Z");
    TestContext context = new TestContext(state).clock(() -> now).flush(Duration.ofMillis(1));
    receiving = new Receiving(context, new TestIntake(context, true));
    HttpResponse<String> answer = receiving.json("/t", "{\"time\":1}");
    assertThat(answer.headers().firstValue("Date")).hasValue("Fri, 02 Jan 2026 03:04:05 GMT");
    assertThat(receiving.intake.entries().getFirst().epochNanos())
        .isEqualTo(now.getEpochSecond() * 1_000_000_000L + now.getNano());
  }

  @ParameterizedTest
  @CsvSource({
    "/,test.0",
    "/app.log,app.log",
    "/kube/app-1,kube_app_1",
    "/a.b_c?tag=x,a.b_c",
    "//x,_x",
    "/a%20b,a_20b"
  })
  void theTagOfAPath(String path, String tag) throws Exception {
    receiving = Receiving.settling(state);
    assertThat(receiving.json(path, "{}").statusCode()).isEqualTo(201);
    assertThat(receiving.tags()).containsExactly(tag);
  }

  @Test
  void theTagOfARecordComesFirst() throws Exception {
    receiving = Receiving.settling(state, "tag_key", "$meta['tag']", "tag", "mine-x");
    String body =
        "[{\"meta\":{\"tag\":\"app/one\"}},{\"meta\":{\"tag\":5}},{},{\"meta\":{\"tag\":\"\"}}]";
    receiving.json("/path", body);
    receiving.json("/", body);
    assertThat(receiving.tags())
        .containsExactly(
            "app_one", "path", "path", "path", "app_one", "mine-x", "mine-x", "mine-x");
  }

  @Test
  void moreTagsThanABatchHolds() throws Exception {
    receiving = Receiving.settling(state, "tag_key", "t");
    String body =
        IntStream.range(0, 500)
            .mapToObj(i -> "{\"t\":\"tag." + i % 250 + "\"}")
            .collect(Collectors.joining("\n"));
    assertThat(receiving.json("/x", body).statusCode()).isEqualTo(201);
    assertThat(receiving.tags())
        .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "tag." + i % 250).toList());
  }

  @Test
  void theClientsAddress() throws Exception {
    receiving = Receiving.settling(state, "add_remote_addr", "on", "remote_addr_key", "from");
    receiving.json("/t", "{\"a\":1}");
    receiving.json("/t", "{\"a\":2}", "X-Forwarded-For", " 10.1.2.3 , 10.9.9.9");
    receiving.json("/t", "{\"from\":\"own\"}");
    assertThat(receiving.json())
        .containsExactly(
            "{\"from\":\"127.0.0.1\",\"a\":1}",
            "{\"from\":\"10.1.2.3\",\"a\":2}",
            "{\"from\":\"own\"}");
  }

  @Test
  void aForm() throws Exception {
    receiving = Receiving.settling(state);
    byte[] body = utf8("a=1&b=x%20y+z&%C3%A9=%E4%B8%AD%22&skip&=none&c=%zz&a=2&d=\n");
    String type = "application/x-www-form-urlencoded; charset=utf-8";
    assertThat(receiving.post("/form", type, body).statusCode()).isEqualTo(201);
    assertThat(receiving.json())
        .containsExactly(
            "{\"a\":\"2\",\"b\":\"x y z\",\"\u00e9\":\"\u4e2d\\\"\",\"c\":\"%zz\",\"d\":\"\"}");
  }

  private interface Wrap {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] compressed(byte[] plain, Wrap with) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream wrapped = with.around(out)) {
      wrapped.write(plain);
    }
    return out.toByteArray();
  }

  @Test
  void compressedBodies() throws Exception {
    receiving = Receiving.settling(state);
    String lines =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "{\"n\":" + i + "}\n")
            .collect(Collectors.joining());
    byte[] plain = utf8(lines);
    String type = "application/x-ndjson";
    byte[] gzip = compressed(plain, GZIPOutputStream::new);
    byte[] zlib = compressed(plain, DeflaterOutputStream::new);
    byte[] zstd = Zstd.compress(plain);
    assertThat(receiving.post("/g", type, gzip, "Content-Encoding", "gzip").statusCode())
        .isEqualTo(201);
    assertThat(receiving.post("/d", type, zlib, "Content-Encoding", "deflate").statusCode())
        .isEqualTo(201);
    assertThat(receiving.post("/z", type, zstd, "Content-Encoding", "ZSTD").statusCode())
        .isEqualTo(201);
    assertThat(receiving.json())
        .isEqualTo(
            Collections.nCopies(3, lines.lines().toList()).stream().flatMap(List::stream).toList());
    byte[] cut = java.util.Arrays.copyOf(gzip, gzip.length / 2);
    HttpResponse<String> answer = receiving.post("/g", type, cut, "Content-Encoding", "gzip");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("cannot be decompressed");
    cut = java.util.Arrays.copyOf(zstd, zstd.length / 2);
    assertThat(receiving.post("/z", type, cut, "Content-Encoding", "zstd").statusCode())
        .isEqualTo(400);
    assertThat(receiving.rejected(Reason.COMPRESSION)).isEqualTo(2);
    assertThat(receiving.intake.count()).isEqualTo(30_000);
  }

  @Test
  void aBombIsDefused() throws Exception {
    receiving = Receiving.settling(state, "buffer_max_size", "100000");
    byte[] zeros = new byte[50_000_000];
    byte[] gzip = compressed(zeros, GZIPOutputStream::new);
    byte[] zstd = Zstd.compress(zeros);
    assertThat(gzip.length).isLessThan(100_000);
    assertThat(zstd.length).isLessThan(100_000);
    for (int i = 0; i < 20; i++) {
      String coding = i % 2 == 0 ? "gzip" : "zstd";
      byte[] body = i % 2 == 0 ? gzip : zstd;
      assertThat(
              receiving
                  .post("/t", "application/json", body, "Content-Encoding", coding)
                  .statusCode())
          .isEqualTo(413);
    }
    byte[] twice = compressed(gzip, GZIPOutputStream::new);
    assertThat(
            receiving
                .post("/t", "application/json", twice, "Content-Encoding", "gzip, gzip")
                .statusCode())
        .isEqualTo(415);
    assertThat(receiving.rejected(Reason.TOO_LARGE)).isEqualTo(20);
    assertThat(receiving.json("/t", "{}").statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1}{\"b\":}|record 2 is no valid JSON, or nested deeper than 128 levels; at byte 7",
        "[{},5]|record 2 is no JSON object; at byte 4",
        "[{},|record 2 is no JSON object; at byte 4",
        "[{} {}]|behind record 1 there is neither , nor ]; at byte 4",
        "[{}|the array does not end; at byte 3",
        "[|the array does not end; at byte 1",
        "text|record 1 is no JSON object; at byte 0",
        "{} ]|record 2 is no JSON object; at byte 3",
        "' \n '|the body has no record"
      })
  void aBadBodyIsRefusedAsAWhole(String body, String why) throws Exception {
    receiving = Receiving.settling(state);
    HttpResponse<String> answer = receiving.json("/t", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith(why);
    assertThat(receiving.rejected(Reason.RECORDS)).isEqualTo(1);
    assertThat(receiving.json("/t", "{\"ok\":1}").statusCode()).isEqualTo(201);
    assertThat(receiving.json()).containsExactly("{\"ok\":1}");
  }

  @Test
  void nestingHasABound() throws Exception {
    receiving = Receiving.settling(state);
    assertThat(receiving.json("/t", nested(127)).statusCode()).isEqualTo(201);
    assertThat(receiving.json("/t", nested(128)).statusCode()).isEqualTo(400);
    assertThat(receiving.json("/t", "[".repeat(100_000)).statusCode()).isEqualTo(400);
  }

  private static String nested(int arrays) {
    return "{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
  }

  @Test
  void anEmptyArrayIsNothingAndNotAnError() throws Exception {
    receiving = Receiving.settling(state);
    assertThat(receiving.json("/t", "[]").statusCode()).isEqualTo(201);
    assertThat(receiving.json("/t", "").statusCode()).isEqualTo(400);
    assertThat(receiving.intake.count()).isZero();
  }

  @Test
  void manyRecordsAndLargeOnes() throws Exception {
    receiving = Receiving.settling(state);
    String many = "{}".repeat(300_000);
    assertThat(receiving.json("/t", many).statusCode()).isEqualTo(201);
    assertThat(receiving.intake.count()).isEqualTo(300_000);
    String large = "{\"x\":\"" + "y".repeat(2_000_000) + "\"}";
    assertThat(receiving.json("/t", large + "[" + large + "]").statusCode()).isEqualTo(413);
    assertThat(receiving.json("/t", "{}" + large + "{}").statusCode()).isEqualTo(201);
    assertThat(receiving.json().subList(300_000, 300_003)).containsExactly("{}", large, "{}");
  }

  @Test
  void whatIsNotTakenIsSaid() throws Exception {
    receiving = Receiving.settling(state, "buffer_max_size", "2000");
    HttpResponse<String> get = receiving.send(receiving.to("/t").GET());
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).hasValue("POST");
    assertThat(
            receiving
                .send(receiving.to("/t").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(405);
    HttpResponse<String> text = receiving.post("/t", "text/plain", utf8("x"));
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(text.headers().firstValue("Accept").orElse("")).contains("application/json");
    HttpResponse<String> br =
        receiving.post("/t", "application/json", utf8("{}"), "Content-Encoding", "br");
    assertThat(br.statusCode()).isEqualTo(415);
    assertThat(br.headers().firstValue("Accept-Encoding").orElse("")).contains("gzip");
    assertThat(receiving.json("/t", "x".repeat(2001)).statusCode()).isEqualTo(413);
    assertThat(receiving.json("/" + "x".repeat(1025), "{}").statusCode()).isEqualTo(414);
    assertThat(receiving.json("/t", "{}", "X-Large", "x".repeat(17_000)).statusCode())
        .isEqualTo(431);
    assertThat(receiving.json("/t", "{}").statusCode()).isEqualTo(201);
    assertThat(receiving.intake.count()).isEqualTo(1);
    assertThat(receiving.requests(415)).isEqualTo(2);
    assertThat(receiving.requests(201)).isEqualTo(1);
  }

  @Test
  void successAsItIsConfigured() throws Exception {
    receiving =
        Receiving.settling(
            state,
            "successful_response_code",
            "204",
            "success_header",
            "X-Agent logboom one",
            "success_header",
            "X-Other 2",
            "enable_health_endpoint",
            "on");
    HttpResponse<String> answer = receiving.json("/t", "{}");
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("X-Agent")).hasValue("logboom one");
    assertThat(answer.headers().firstValue("X-Other")).hasValue("2");
    HttpResponse<String> health = receiving.send(receiving.to("/health").GET());
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).contains("\"ok\"");
    assertThat(receiving.json("/t", "nonsense").headers().firstValue("X-Agent")).isEmpty();
  }
}
