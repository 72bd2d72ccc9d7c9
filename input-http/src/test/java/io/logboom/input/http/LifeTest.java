package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.config.Binder;
import io.logboom.net.ingest.Reason;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Create, start, quiesce, close. */
final class LifeTest {
  @TempDir Path state;

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("test.0"))
        .count();
  }

  private static Http create(TestContext context, String port) throws Exception {
    return (Http)
        new HttpPlugin()
            .create(Binder.bind(HttpConfig.class, "listen", "127.0.0.1", "port", port), context);
  }

  @Test
  void noThreadRunsBeforeTheStartAndNoneAfterTheClose() throws Exception {
    Receiving.await(() -> threads() == 0);
    TestContext context = new TestContext(state);
    Http input = create(context, "0");
    assertThat(threads()).isZero();
    input.start(new TestIntake(context, true));
    assertThat(input.problem()).isNull();
    assertThat(input.isWorking()).isTrue();
    input.quiesce();
    input.close();
    input.close();
    assertThat(threads()).isZero();
  }

  @Test
  void closingWithoutAStartFreesThePort() throws Exception {
    TestContext context = new TestContext(state);
    Http first = create(context, "0");
    String port = Integer.toString(first.address().getPort());
    first.close();
    Input second = create(context, port);
    second.quiesce();
    second.close();
  }

  @Test
  void afterQuiesceWhatIsUnderWayIsAnsweredAndNothingElseTaken() throws Exception {
    Receiving receiving = Receiving.holding(state);
    try (Raw underWay = receiving.connect();
        Raw idle = receiving.connect();
        Raw halfway = receiving.connect()) {
      assertThat(idle.send(Raw.post("/t", "bad")).answer().status()).isEqualTo(400);
      halfway.send(Raw.post("/t", "{\"n\":2}").substring(0, 70));
      underWay.send(Raw.post("/t", "{\"n\":1}"));
      receiving.await(1);
      receiving.input.quiesce();
      Raw.Reply refusal = halfway.answer();
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.closes()).isTrue();
      refusal = idle.send(Raw.post("/t", "{\"n\":3}")).answer();
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.head()).contains("Retry-After");
      assertThat(refusal.closes()).isTrue();
      Receiving.await(() -> refuses(receiving));
      assertThat(underWay.hasAnswer()).isFalse();
      receiving.intake.settle(Settlement.DONE);
      Raw.Reply answer = underWay.answer();
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.closes()).isTrue();
      assertThat(underWay.isClosed()).isTrue();
    }
    receiving.close();
    assertThat(receiving.json()).containsExactly("{\"n\":1}");
    assertThat(receiving.rejected(Reason.SHUTDOWN)).isEqualTo(2);
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  @Test
  void quiesceHandsOverWhatIsInABatchAndSendsAwayWhoWaitsForRoom() throws Exception {
    Receiving receiving = Receiving.settling(state);
    receiving.intake.fill();
    try (Raw first = receiving.connect();
        Raw second = receiving.connect()) {
      first.send(Raw.post("/t", "{\"n\":1}"));
      Receiving.await(() -> receiving.intake.refusals() > 0);
      second.send(Raw.post("/t", "{\"n\":2}"));
      Receiving.await(() -> receiving.context.meters().value(HttpMeter.UNDER_WAY) == 2);
      receiving.input.quiesce();
      assertThat(first.answer().status()).isEqualTo(201);
      assertThat(second.answer().status()).isEqualTo(503);
    }
    receiving.close();
    assertThat(receiving.json()).containsExactly("{\"n\":1}");
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  @Test
  void closingWithoutQuiesceGivesAllMemoryBack() throws Exception {
    Receiving receiving = Receiving.settling(state);
    receiving.intake.fill();
    try (Raw client = receiving.connect();
        Raw other = receiving.connect()) {
      client.send(Raw.post("/t", "{\"n\":1}"));
      Receiving.await(() -> receiving.intake.refusals() > 0);
      other.send(Raw.post("/t", "x".repeat(300_000)).substring(0, 200_000));
      Receiving.await(() -> receiving.context.meters().value(HttpMeter.HELD) > 0);
      receiving.input.close();
      assertThat(client.isClosed()).isTrue();
    }
    receiving.close();
    assertThat(receiving.context.testBatches().used()).isZero();
    assertThat(receiving.context.meters().value(HttpMeter.HELD)).isZero();
    assertThat(receiving.open()).isZero();
  }

  private static boolean refuses(Receiving receiving) {
    try (Raw taken = receiving.connect()) {
      return taken == null;
    } catch (IOException e) {
      return true;
    }
  }
}
