package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.net.ingest.Reason;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a request is answered, and what happens while there is no room. */
final class BackPressureTest {
  @TempDir Path state;
  private Receiving receiving;

  @AfterEach
  void nothingLeaks() {
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
    assertThat(receiving.context.meters().count(HttpMeter.FAULTS)).isZero();
    assertThat(receiving.context.meters().value(HttpMeter.HELD)).isZero();
    assertThat(receiving.open()).isZero();
  }

  @Test
  void successIsToldWhenTheRecordsAreSettledAndNotBefore() throws Exception {
    receiving = Receiving.holding(state);
    try (Raw first = receiving.connect();
        Raw second = receiving.connect()) {
      first.send(Raw.post("/t", "{\"n\":1}"));
      receiving.await(1);
      second.send(Raw.post("/t", "{\"n\":2}"));
      receiving.await(2);
      assertThat(first.hasAnswer() || second.hasAnswer()).isFalse();
      assertThat(receiving.context.meters().value(HttpMeter.UNDER_WAY)).isEqualTo(2);
      receiving.intake.settleOne(1, Settlement.DONE);
      assertThat(second.answer().status()).isEqualTo(201);
      assertThat(first.hasAnswer()).isFalse();
      receiving.intake.settleOne(0, Settlement.AGAIN);
      Raw.Reply again = first.answer();
      assertThat(again.status()).isEqualTo(503);
      assertThat(again.head()).contains("Retry-After: 1");
      assertThat(again.closes()).isFalse();
    }
    assertThat(receiving.rejected(Reason.NOT_DELIVERED)).isEqualTo(1);
    Receiving.await(() -> receiving.context.meters().value(HttpMeter.UNDER_WAY) == 0);
  }

  @Test
  void aRequestInSeveralBatchesWaitsForAllOfThem() throws Exception {
    TestContext context = new TestContext(state, 4096, 64 << 20).flush(Duration.ofMillis(1));
    receiving = new Receiving(context, new TestIntake(context, false));
    try (Raw client = receiving.connect()) {
      client.send(Raw.post("/t", ("{\"x\":\"" + "y".repeat(1000) + "\"}").repeat(10)));
      receiving.await(10);
      Receiving.await(() -> receiving.intake.heldBatches() > 2);
      int batches = receiving.intake.heldBatches();
      for (int i = 0; i < batches - 1; i++) {
        receiving.intake.settleOne(0, i == 0 ? Settlement.AGAIN : Settlement.DONE);
      }
      assertThat(client.hasAnswer()).isFalse();
      receiving.intake.settleOne(0, Settlement.DONE);
      assertThat(client.answer().status()).isEqualTo(503);
    }
  }

  @Test
  void whatIsNotSettledInTimeIsToldSo() throws Exception {
    receiving = Receiving.holding(state, "answer_timeout", "1s");
    try (Raw client = receiving.connect()) {
      client.send(Raw.post("/t", "{\"n\":1}"));
      Raw.Reply answer = client.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("may arrive twice");
      client.send(Raw.post("/t", "{\"n\":2}"));
      receiving.await(2);
      receiving.intake.settle(Settlement.DONE);
      assertThat(client.answer().status()).isEqualTo(201);
    }
    assertThat(receiving.rejected(Reason.NOT_IN_TIME)).isEqualTo(1);
  }

  @Test
  void aFullPipelineLetsRequestsWaitAndThenComeAgain() throws Exception {
    receiving = Receiving.settling(state, "room_timeout", "1s");
    receiving.intake.fill();
    try (Raw first = receiving.connect();
        Raw second = receiving.connect()) {
      first.send(Raw.post("/t", "{\"n\":1}"));
      Receiving.await(() -> receiving.intake.refusals() > 0);
      // The first one's record is in the batch that waits; the second one's is in none.
      second.send(Raw.post("/t", "{\"n\":2}"));
      Raw.Reply answer = second.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.head()).contains("Retry-After: 1");
      assertThat(answer.closes()).isFalse();
      assertThat(receiving.rejected(Reason.FULL)).isEqualTo(1);
      assertThat(first.hasAnswer()).isFalse();
      receiving.intake.makeRoom();
      assertThat(first.answer().status()).isEqualTo(201);
      assertThat(second.send(Raw.post("/t", "{\"n\":3}")).answer().status()).isEqualTo(201);
    }
    assertThat(receiving.json()).containsExactly("{\"n\":1}", "{\"n\":3}");
  }

  @Test
  void whoWaitsGetsOnWhenThereIsRoom() throws Exception {
    receiving = Receiving.settling(state, "room_timeout", "20s");
    receiving.intake.fill();
    try (Raw first = receiving.connect();
        Raw second = receiving.connect();
        Raw third = receiving.connect()) {
      first.send(Raw.post("/t", "{\"n\":1}"));
      Receiving.await(() -> receiving.intake.refusals() > 0);
      second.send(Raw.post("/t", "{\"n\":2}") + Raw.post("/t", "{\"n\":3}"));
      third.send(Raw.post("/t", "bad"));
      Receiving.await(() -> receiving.context.meters().value(HttpMeter.UNDER_WAY) == 3);
      assertThat(first.hasAnswer() || second.hasAnswer() || third.hasAnswer()).isFalse();
      assertThat(receiving.context.meters().value(HttpMeter.PAUSED)).isEqualTo(1);
      receiving.intake.makeRoom();
      assertThat(first.answer().status()).isEqualTo(201);
      assertThat(second.answer().status()).isEqualTo(201);
      assertThat(second.answer().status()).isEqualTo(201);
      assertThat(third.answer().status()).isEqualTo(400);
    }
    assertThat(receiving.json()).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
    assertThat(receiving.context.meters().value(HttpMeter.PAUSED)).isZero();
  }

  @Test
  void withoutMemoryRequestsWaitAndGetOn() throws Exception {
    TestContext context = new TestContext(state, 64 * 1024, 1 << 20).flush(Duration.ofMillis(1));
    List<Batch> taken = new ArrayList<>();
    for (Batch each = context.batches().tryOpen();
        each != null;
        each = context.batches().tryOpen()) {
      taken.add(each);
    }
    receiving = new Receiving(context, new TestIntake(context, true), "room_timeout", "20s");
    try (Raw client = receiving.connect()) {
      client.send(Raw.post("/t", "{\"n\":1}".repeat(20_000)));
      Receiving.await(() -> context.meters().value(HttpMeter.PAUSED) == 1);
      assertThat(receiving.intake.count()).isZero();
      taken.forEach(context.testBatches()::release);
      assertThat(client.answer().status()).isEqualTo(201);
    }
    assertThat(receiving.intake.count()).isEqualTo(20_000);
  }

  /**
   * The pipeline fills up while a request is taken, again and again; its body may move meanwhile.
   */
  @Test
  void aFullPipelineInTheMiddleOfARequest() throws Exception {
    TestContext context = new TestContext(state, 4096, 64 << 20).flush(Duration.ofMillis(1));
    receiving = new Receiving(context, new TestIntake(context, true), "room_timeout", "20s");
    receiving.intake.fill();
    StringBuilder body = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      String record = i % 100 == 7 ? "{\"n\":0,\"n\":" + i + "}" : "{\"n\":" + i + "}";
      body.append(record);
      expected.add("{\"n\":" + i + "}");
    }
    try (Raw first = receiving.connect();
        Raw second = receiving.connect()) {
      String request = Raw.post("/t", body.toString());
      first.send(request);
      Receiving.await(() -> receiving.intake.refusals() > 0);
      second.send(request);
      for (int round = 0; round < 8; round++) {
        int before = receiving.intake.refusals();
        receiving.intake.makeRoom();
        receiving.intake.fill();
        Receiving.await(
            () -> receiving.intake.refusals() > before || receiving.intake.count() >= 12_000);
      }
      receiving.intake.makeRoom();
      assertThat(first.answer().status()).isEqualTo(201);
      assertThat(second.answer().status()).isEqualTo(201);
    }
    List<String> all = receiving.json();
    assertThat(all.subList(0, 6000)).isEqualTo(expected);
    assertThat(all.subList(6000, 12_000)).isEqualTo(expected);
  }

  @Test
  void twoHundredConnectionsAtOnce() throws Exception {
    receiving = Receiving.settling(state, "workers", "2");
    int clients = 200;
    int requests = 50;
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < clients; c++) {
      int client = c;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Raw raw = receiving.connect()) {
                      for (int i = 0; i < requests; i++) {
                        raw.send(Raw.post("/c" + client, "{\"c\":" + client + ",\"i\":" + i + "}"));
                        if (raw.answer().status() != 201) {
                          wrong.incrementAndGet();
                        }
                      }
                    } catch (IOException e) {
                      wrong.incrementAndGet();
                    }
                  }));
    }
    for (Thread each : threads) {
      each.join();
    }
    assertThat(wrong).hasValue(0);
    Set<String> distinct = ConcurrentHashMap.newKeySet();
    distinct.addAll(receiving.json());
    assertThat(distinct).hasSize(clients * requests);
    assertThat(receiving.intake.count()).isEqualTo(clients * requests);
    Receiving.await(() -> receiving.open() == 0);
  }

  @Test
  void largeBodiesOfManyShareTheMemory() throws Exception {
    TestContext context = new TestContext(state, 64 * 1024, 16 << 20).flush(Duration.ofMillis(1));
    receiving = new Receiving(context, new TestIntake(context, true), "room_timeout", "20s");
    String request = Raw.post("/t", "{\"x\":\"" + "y".repeat(3_000_000) + "\"}");
    List<Raw> clients = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    AtomicInteger created = new AtomicInteger();
    double most = 0;
    for (int i = 0; i < 20; i++) {
      Raw client = receiving.connect();
      clients.add(client);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (client.send(request).answer().status() == 201) {
                        created.incrementAndGet();
                      }
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    while (threads.stream().anyMatch(Thread::isAlive)) {
      most = Math.max(most, context.meters().value(HttpMeter.HELD));
      Thread.onSpinWait();
    }
    assertThat(created).hasValue(20);
    // A quarter of the budget, one body for who gets on in any case, and one read of each.
    assertThat(most).isLessThan((4 << 20) + 4_194_304 + 20 * 64 * 1024);
    for (Raw each : clients) {
      each.close();
    }
  }
}
