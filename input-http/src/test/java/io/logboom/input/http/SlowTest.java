package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Settlement;
import io.logboom.net.ingest.Reason;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take their time. */
final class SlowTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() {
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
    assertThat(receiving.open()).isZero();
  }

  @Test
  void aHeadThatDoesNotEnd() throws Exception {
    receiving = Receiving.settling(state, "net.accept_timeout", "1s", "idle_timeout", "100s");
    try (Raw client = receiving.connect()) {
      client.send("POST /t HT");
      assertThat(client.answer().status()).isEqualTo(408);
      client.endOutput();
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(receiving.rejected(Reason.SLOW)).isEqualTo(1);
  }

  @Test
  void aBodyThatStops() throws Exception {
    receiving = Receiving.settling(state, "net.io_timeout", "1s");
    try (Raw client = receiving.connect()) {
      String request = Raw.post("/t", "{\"x\":\"" + "y".repeat(200_000) + "\"}");
      client.send(request.substring(0, 100_000));
      Raw.Reply answer = client.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.closes()).isTrue();
    }
    Receiving.await(() -> receiving.context.meters().value(HttpMeter.HELD) == 0);
  }

  @Test
  void aBodyThatDribbles() throws Exception {
    receiving = Receiving.settling(state, "request_timeout", "1s", "net.io_timeout", "20s");
    try (Raw client = receiving.connect()) {
      client.send(Raw.post("/t", "{\"x\":1}").replace("Content-Length: 7", "Content-Length: 9000"));
      Awaitility.await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.trySend(new byte[] {' '}).hasAnswer());
      assertThat(client.answer().status()).isEqualTo(408);
    }
  }

  @Test
  void aConnectionThatIsNotUsed() throws Exception {
    receiving = Receiving.settling(state, "idle_timeout", "1s");
    try (Raw fresh = receiving.connect();
        Raw used = receiving.connect()) {
      used.send(Raw.post("/t", "{}"));
      assertThat(used.answer().status()).isEqualTo(201);
      assertThat(fresh.isClosed()).isTrue();
      assertThat(used.isClosed()).isTrue();
    }
    Receiving.await(() -> receiving.closed(Reason.NONE) == 2);
  }

  /** As long as an answer is owed, a connection is not idle. */
  @Test
  void whoWaitsForAnAnswerIsNotCutOff() throws Exception {
    receiving =
        Receiving.holding(
            state, "idle_timeout", "1s", "net.io_timeout", "1s", "request_timeout", "1s");
    try (Raw client = receiving.connect()) {
      client.send(Raw.post("/t", "{}"));
      receiving.await(1);
      long until = System.nanoTime() + Duration.ofMillis(2500).toNanos();
      Receiving.await(() -> System.nanoTime() > until);
      receiving.intake.settle(Settlement.DONE);
      assertThat(client.answer().status()).isEqualTo(201);
    }
  }

  @Test
  void whoDoesNotReadItsAnswersIsCutOff() throws Exception {
    receiving = Receiving.settling(state);
    try (Raw client = receiving.connect()) {
      byte[] requests =
          Raw.post("/t", "bad").repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 1000; i++) {
                      client.trySend(requests);
                    }
                  });
      Receiving.await(() -> receiving.closed(Reason.UNREAD) + receiving.closed(Reason.BROKEN) > 0);
      sender.join();
    }
  }

  @Test
  void moreConnectionsThanAreAllowed() throws Exception {
    receiving = Receiving.settling(state, "max_connections", "2");
    try (Raw first = receiving.connect();
        Raw second = receiving.connect()) {
      assertThat(first.send(Raw.post("/t", "{}")).answer().status()).isEqualTo(201);
      assertThat(second.send(Raw.post("/t", "{}")).answer().status()).isEqualTo(201);
      try (Raw third = receiving.connect()) {
        assertThat(third.isClosed()).isTrue();
      }
      assertThat(receiving.closed(Reason.TOO_MANY)).isEqualTo(1);
    }
    Receiving.await(() -> receiving.open() == 0);
    assertThat(receiving.json("/t", "{}").statusCode()).isEqualTo(201);
  }
}
