package io.logboom.it.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
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
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI url = URI.create("http://127.0.0.1:" + sink.port() + "/_bulk");
      HttpRequest request = HttpRequest.newBuilder(url).POST(body).build();
      return new ObjectMapper().readTree(http.send(request, BodyHandlers.ofString()).body());
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
  void tellsARecordWithoutANumber() throws Exception {
    Sequences seen = new Sequences();
    seen.note("{\"log\":\"consequences\"}".getBytes(UTF_8));
    seen.note("{\"log\":\"seq=\"}".getBytes(UTF_8));

    assertThat(seen.unnumbered()).isEqualTo(2);
    assertThat(seen.firstMissing("p", 1)).isZero();
  }
}
