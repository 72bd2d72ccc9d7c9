package io.logboom.it.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class BulkSinkTest {
  private static final String BODY =
      """
      {"create":{"_index":"logs"}}
      {"log":"a seq=p-0"}
      {"create":{"_index":"logs"}}
      {"seq":"p-1","log":"x"}
      {"create":{"_index":"logs"}}
      {"log":"{\\"seq\\":\\"p-2\\"}"}
      """;

  private static JsonNode post(BulkSink sink, BodyPublisher body) throws Exception {
    return new ObjectMapper().readTree(send(sink, body).body());
  }

  private static HttpResponse<String> send(BulkSink sink, BodyPublisher body) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI url = URI.create("http://127.0.0.1:" + sink.port() + "/_bulk");
      HttpRequest request = HttpRequest.newBuilder(url).POST(body).build();
      return http.send(request, BodyHandlers.ofString());
    }
  }

  @Test
  void countsEachNumberInEveryFormOfARecord() throws Exception {
    Sequences seen = new Sequences();
    try (BulkSink sink = new BulkSink(seen::note)) {
      JsonNode answer = post(sink, BodyPublishers.ofString(BODY));

      assertThat(answer.path("errors").asBoolean(true)).isFalse();
      assertThat(answer.path("items")).hasSize(3);
      assertThat(sink.count()).isEqualTo(3);
      assertThat(seen.distinct("p")).isEqualTo(3);
      assertThat(seen.unnumbered()).isZero();
    }
  }

  @Test
  void takesAChunkedBodyAndSeesDuplicates() throws Exception {
    Sequences seen = new Sequences();
    try (BulkSink sink = new BulkSink(seen::note)) {
      post(
          sink, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(BODY.getBytes(UTF_8))));
      post(sink, BodyPublishers.ofString(BODY));

      assertThat(seen.distinct("p")).isEqualTo(3);
      assertThat(seen.duplicates()).isEqualTo(3);
    }
  }

  @Test
  void keepsNothingOfARequestThatItRefuses() throws Exception {
    Sequences seen = new Sequences();
    try (BulkSink sink = new BulkSink(seen::note)) {
      sink.conduct(new Conduct.Refusing(503, OptionalInt.of(7)));

      HttpResponse<String> answer = send(sink, BodyPublishers.ofString(BODY));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
      assertThat(sink.count()).isZero();
      assertThat(seen.missing("p", 3)).isEqualTo(3);
    }
  }

  @Test
  void refusesSingleItems() throws Exception {
    Sequences seen = new Sequences();
    try (BulkSink sink = new BulkSink(seen::note)) {
      sink.conduct(new Conduct.Choosy((index, _) -> index == 1 ? 429 : 201));

      JsonNode answer = post(sink, BodyPublishers.ofString(BODY));

      assertThat(answer.path("errors").asBoolean()).isTrue();
      assertThat(answer.at("/items/1/create/status").asInt()).isEqualTo(429);
      assertThat(answer.at("/items/2/create/status").asInt()).isEqualTo(201);
      assertThat(seen.arrived("p")).isEqualTo(BitSet.valueOf(new long[] {0b101}));
    }
  }

  @Test
  void isGoneAndComesBackAtTheSamePort() throws Exception {
    try (BulkSink sink = new BulkSink(document -> {})) {
      sink.conduct(new Conduct.Away());
      assertThatThrownBy(() -> post(sink, BodyPublishers.ofString(BODY)))
          .isInstanceOf(ConnectException.class);

      sink.conduct(new Conduct.Well());
      post(sink, BodyPublishers.ofString(BODY));
      assertThat(sink.count()).isEqualTo(3);
    }
  }

  @Test
  void goesOnWhereItStoodStill() throws Exception {
    try (BulkSink sink = new BulkSink(document -> {});
        ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
      sink.conduct(new Conduct.Frozen());
      Future<JsonNode> answer = sender.submit(() -> post(sink, BodyPublishers.ofString(BODY)));
      assertThatThrownBy(() -> answer.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(sink.count()).isZero();

      sink.conduct(new Conduct.Well());
      assertThat(answer.get(10, TimeUnit.SECONDS).path("items")).hasSize(3);
      assertThat(sink.count()).isEqualTo(3);
    }
  }

  @Test
  void keepsWhatItDoesNotAcknowledge() throws Exception {
    try (BulkSink sink = new BulkSink(document -> {})) {
      sink.conduct(new Conduct.ResetInAnswer());
      assertThatThrownBy(() -> post(sink, BodyPublishers.ofString(BODY)))
          .isInstanceOf(IOException.class);
      assertThat(sink.count()).isEqualTo(3);
    }
  }

  @Test
  void resetsInTheMiddleOfARequest() throws Exception {
    try (BulkSink sink = new BulkSink(document -> {})) {
      sink.conduct(new Conduct.ResetInRequest(10));
      assertThatThrownBy(() -> post(sink, BodyPublishers.ofString(BODY)))
          .isInstanceOf(IOException.class);
      assertThat(sink.count()).isZero();
    }
  }

  @Test
  void readsNoFasterThanItIsTold() throws Exception {
    try (BulkSink sink = new BulkSink(document -> {})) {
      sink.conduct(new Conduct.Slow(BODY.length() * 4));
      long start = System.nanoTime();
      post(sink, BodyPublishers.ofString(BODY));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
      assertThat(sink.count()).isEqualTo(3);
    }
  }

  @Test
  void tellsOrderOfFirstArrivals() {
    Sequences seen = new Sequences();
    for (int number : new int[] {0, 1, 3, 2, 0, 1, 4}) {
      seen.note(("seq=p-" + number).getBytes(UTF_8));
    }

    assertThat(seen.late()).as("2 came after 3; 0 and 1 are repetitions").isEqualTo(1);
    assertThat(seen.duplicates()).isEqualTo(2);
    assertThat(seen.firstMissing("p", 6)).isEqualTo(5);
  }

  @Test
  void tellsARecordWithoutANumber() throws Exception {
    Sequences seen = new Sequences();
    seen.note("{\"log\":\"consequences\"}".getBytes(UTF_8));
    seen.note("{\"log\":\"seq=\"}".getBytes(UTF_8));

    assertThat(seen.unnumbered()).isEqualTo(2);
    assertThat(seen.firstMissing("p", 1)).isZero();
  }
}
