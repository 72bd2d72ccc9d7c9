package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Settlement;
import io.logboom.net.ingest.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP as it is on the wire. */
final class WireTest {
  private static final String JSON = "Content-Type: application/json\r\n";

  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() {
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
    assertThat(receiving.context.meters().count(HttpMeter.FAULTS)).isZero();
    assertThat(receiving.context.meters().value(HttpMeter.UNDER_WAY)).isZero();
    assertThat(receiving.open()).isZero();
  }

  private static String chunked(String body, Random random) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (from < body.length()) {
      int count = Math.min(body.length() - from, 1 + random.nextInt(200));
      out.append(Integer.toHexString(count)).append(random.nextBoolean() ? "\r\n" : ";x=y\r\n");
      out.append(body, from, from + count).append("\r\n");
      from += count;
    }
    return out.append(random.nextBoolean() ? "0\r\n\r\n" : "0\r\nTrailer: x\r\n\r\n").toString();
  }

  /** However the bytes are cut, the records are the same. */
  @Test
  void requestsInPiecesOfAnySize() throws Exception {
    receiving = Receiving.settling(state);
    Random random = new Random(20_261_126);
    List<String> expected = new ArrayList<>();
    int number = 0;
    for (int round = 0; round < 60; round++) {
      StringBuilder all = new StringBuilder();
      int requests = 1 + random.nextInt(5);
      for (int i = 0; i < requests; i++) {
        StringBuilder body = new StringBuilder();
        for (int n = 1 + random.nextInt(50); n > 0; n--) {
          String record =
              "{\"n\":" + number++ + ",\"s\":\"" + "x".repeat(random.nextInt(60)) + "\"}";
          expected.add(record);
          body.append(record).append(random.nextBoolean() ? "\n" : " ");
        }
        all.append(
            random.nextBoolean()
                ? Raw.post("/t", body.toString())
                : "POST /t HTTP/1.1\r\nHost: x\r\n"
                    + JSON
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + chunked(body.toString(), random));
      }
      byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
      int piece = 1 + random.nextInt(random.nextBoolean() ? 10 : 2000);
      try (Raw client = receiving.connect()) {
        for (int from = 0; from < bytes.length; from += piece) {
          client.send(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)));
        }
        for (int i = 0; i < requests; i++) {
          assertThat(client.answer().status()).isEqualTo(201);
        }
      }
    }
    assertThat(receiving.json()).isEqualTo(expected);
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    receiving = Receiving.settling(state);
    StringBuilder all = new StringBuilder();
    int count = 2000;
    for (int i = 0; i < count; i++) {
      all.append(Raw.post("/t", i % 3 == 0 ? "bad" : "{\"n\":" + i + "}"));
    }
    try (Raw client = receiving.connect()) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> client.trySend(all.toString().getBytes(StandardCharsets.UTF_8)));
      for (int i = 0; i < count; i++) {
        assertThat(client.answer().status()).as("%d", i).isEqualTo(i % 3 == 0 ? 400 : 201);
      }
      sender.join();
    }
    assertThat(receiving.json())
        .isEqualTo(
            IntStream.range(0, count)
                .filter(i -> i % 3 != 0)
                .mapToObj(i -> "{\"n\":" + i + "}")
                .toList());
  }

  @Test
  void aClientMayAskBeforeItSendsTheBody() throws Exception {
    receiving = Receiving.settling(state);
    try (Raw client = receiving.connect()) {
      String head = "POST /t HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n";
      client.send(head + JSON + "\r\n");
      assertThat(client.answer().status()).isEqualTo(100);
      assertThat(client.send("{}").answer().status()).isEqualTo(201);
      client.send(head + "Content-Type: text/plain\r\n\r\n");
      Raw.Reply refusal = client.answer();
      assertThat(refusal.status()).isEqualTo(415);
      assertThat(refusal.closes()).isTrue();
    }
  }

  @Test
  void theOldVersion() throws Exception {
    receiving = Receiving.settling(state);
    try (Raw client = receiving.connect()) {
      client.send("POST /t HTTP/1.0\r\n" + JSON + "Content-Length: 2\r\n\r\n{}");
      assertThat(client.answer().closes()).isTrue();
      assertThat(client.isClosed()).isTrue();
    }
    try (Raw client = receiving.connect()) {
      String request =
          "POST /t HTTP/1.0\r\nConnection: keep-alive\r\n" + JSON + "Content-Length: 2\r\n\r\n{}";
      assertThat(client.send(request).answer().head()).contains("Connection: keep-alive");
      assertThat(client.send(request).answer().status()).isEqualTo(201);
    }
    try (Raw client = receiving.connect()) {
      client.send(Raw.post("/t", "{}").replace("Host: x", "Host: x\r\nConnection: close"));
      assertThat(client.answer().closes()).isTrue();
      assertThat(client.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /t HTTP/1.1~~|400",
        "POST /t HTTP/1.1~Host: x~Host: y~~|400",
        "POST /t HTTP/1.1~Host: x~Content-Length: 2~Content-Length: 3~~{}|400",
        "POST /t HTTP/1.1~Host: x~Content-Length: -2~~{}|400",
        "POST /t HTTP/1.1~Host: x~Content-Length: 2~Transfer-Encoding: chunked~~0~~|400",
        "POST /t HTTP/1.1~Host: x~Transfer-Encoding: gzip, chunked~~0~~|501",
        "POST /t HTTP/1.1~Host: x~Transfer-Encoding: xchunked~~0~~|400",
        "POST /t HTTP/1.1~Host: x~Content-Length : 2~~{}|400",
        "POST /t HTTP/1.0~Transfer-Encoding: chunked~~0~~|400",
        "POST /t HTTP/1.1~Host: x~Expect: magic~~|417",
        "POST /t HTTP/3.0~Host: x~~|505",
        "PRI * HTTP/2.0~~SM~~|505",
        "nonsense~~|400",
        "POST * HTTP/1.1~Host: x~~|400",
        "POST /t HTTP/1.1~Host: x~Content-Type: application/json~Transfer-Encoding: chunked~~zz~|400",
        "POST /t HTTP/1.1~Host: x~Content-Type: application/json~Content-Length: 99999999999~~|413"
      })
  void whatIsNoProperRequestEndsTheConnection(String request, int status) throws Exception {
    receiving = Receiving.settling(state);
    try (Raw client = receiving.connect()) {
      client.send(request.replace("~", "\r\n"));
      Raw.Reply answer = client.answer();
      assertThat(answer.status()).as(answer.head()).isEqualTo(status);
      assertThat(answer.closes() || status == 400 && request.contains("*")).isTrue();
    }
    assertThat(receiving.json("/t", "{}").statusCode()).isEqualTo(201);
    assertThat(receiving.intake.count()).isEqualTo(1);
  }

  @Test
  void aHeadWithoutAnEnd() throws Exception {
    receiving = Receiving.settling(state);
    try (Raw client = receiving.connect()) {
      client.trySend(("GET /" + "x".repeat(100_000)).getBytes(StandardCharsets.US_ASCII));
      assertThat(client.answer().status()).isEqualTo(414);
    }
    try (Raw client = receiving.connect()) {
      String line = "X-%d: " + "x".repeat(1000) + "\r\n";
      StringBuilder head = new StringBuilder("POST /t HTTP/1.1\r\nHost: x\r\n");
      for (int i = 0; i < 100; i++) {
        head.append(String.format(Locale.ROOT, line, i));
      }
      client.trySend(head.toString().getBytes(StandardCharsets.US_ASCII));
      assertThat(client.answer().status()).isEqualTo(431);
    }
    assertThat(receiving.rejected(Reason.HEAD_TOO_LARGE)).isEqualTo(2);
  }

  @Test
  void aRefusedBodyThatIsSentAllTheSameDoesNotCostTheAnswer() throws Exception {
    receiving = Receiving.settling(state, "buffer_max_size", "1000");
    for (int i = 0; i < 20; i++) {
      try (Raw client = receiving.connect()) {
        client.trySend(Raw.post("/t", "x".repeat(3_000_000)).getBytes(StandardCharsets.US_ASCII));
        assertThat(client.answer().status()).isEqualTo(413);
      }
    }
  }

  @Test
  void whoGoesAwayInTheMiddleLeavesNothing() throws Exception {
    receiving = Receiving.holding(state);
    String request = Raw.post("/t", "{\"x\":\"" + "y".repeat(300_000) + "\"}");
    for (int part : new int[] {1, 30, 100, 1000, 200_000}) {
      try (Raw client = receiving.connect()) {
        client.send(request.substring(0, part));
        Receiving.await(() -> receiving.open() >= 1);
        if (part > 30) {
          client.endOutput();
          assertThat(client.isClosed()).isTrue();
        }
      }
      Receiving.await(() -> receiving.open() == 0);
    }
    assertThat(receiving.context.meters().value(HttpMeter.HELD)).isZero();
    // And one that does not wait for its answer.
    try (Raw client = receiving.connect()) {
      client.send(Raw.post("/t", "{\"n\":1}"));
      receiving.await(1);
    }
    Receiving.await(() -> receiving.open() == 0);
    receiving.intake.settle(Settlement.DONE);
    Receiving.await(() -> receiving.context.meters().value(HttpMeter.UNDER_WAY) == 0);
    assertThat(receiving.intake.count()).isEqualTo(1);
  }
}
