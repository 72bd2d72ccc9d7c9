package io.logboom.input.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
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

  @Test
  void noThreadRunsBeforeTheStartAndNoneAfterTheClose() throws Exception {
    // Those of the test before may be on their last steps.
    Receiving.await(() -> threads() == 0);
    TestContext context = new TestContext(state);
    ForwardConfig config = Binder.bind(ForwardConfig.class, "listen", "127.0.0.1", "port", "0");
    Forward input = (Forward) new ForwardPlugin().create(config, context);
    assertThat(threads()).isZero();
    input.start(new TestIntake(context, true));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), input.address().getPort())) {
      socket.getOutputStream().write(Frames.message("t", 1, null));
      Receiving.await(() -> threads() > 0);
    }
    assertThat(input.problem()).isNull();
    assertThat(input.isWorking()).isTrue();
    input.quiesce();
    input.close();
    input.close();
    assertThat(threads()).isZero();
    assertThat(input.isWorking()).isTrue();
  }

  @Test
  void closingWithoutAStartFreesThePort() throws Exception {
    TestContext context = new TestContext(state);
    ForwardConfig config = Binder.bind(ForwardConfig.class, "listen", "127.0.0.1", "port", "0");
    Forward first = (Forward) new ForwardPlugin().create(config, context);
    String port = Integer.toString(first.address().getPort());
    first.close();
    Input second =
        new ForwardPlugin()
            .create(Binder.bind(ForwardConfig.class, "listen", "127.0.0.1", "port", port), context);
    second.quiesce();
    second.close();
  }

  @Test
  void afterQuiesceNobodyIsTakenAndNothingIsRead() throws Exception {
    Receiving receiving = Receiving.holding(state);
    try (Sender sender = receiving.connect()) {
      sender.send(Frames.message("t", 1, "first"));
      receiving.await(1);
      receiving.input.quiesce();
      sender.send(Frames.message("t", 2, "second"));
      Receiving.await(() -> refuses(receiving));
      receiving.intake.settle(Settlement.DONE);
      assertThat(sender.ack()).isEqualTo("first");
      receiving.input.close();
      assertThat(sender.isClosed()).isTrue();
    }
    assertThat(receiving.intake.count()).isEqualTo(1);
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  private static boolean refuses(Receiving receiving) {
    try (Sender taken = receiving.connect()) {
      return taken == null;
    } catch (java.io.IOException e) {
      return true;
    }
  }

  @Test
  void whatIsGivenUpAtTheCloseIsCounted() throws Exception {
    Receiving receiving = Receiving.settling(state);
    receiving.intake.fill();
    try (Sender plain = receiving.connect();
        Sender chunks = receiving.connect()) {
      plain.send(Frames.forward("t", 0, 100, null));
      Receiving.await(() -> receiving.intake.refusals() > 0);
      chunks.send(Frames.forward("t", 100, 10, "c"));
      receiving.input.close();
      assertThat(plain.isClosed()).isTrue();
      assertThat(chunks.isClosed()).isTrue();
    }
    assertThat(receiving.context.meters().count(ForwardMeter.LOST)).isEqualTo(100);
    assertThat(receiving.context.meters().count(ForwardMeter.ACKS)).isZero();
    assertThat(receiving.context.testBatches().used()).isZero();
  }

  @Test
  void closingWithoutQuiesceGivesAllMemoryBack() throws Exception {
    TestContext context = new TestContext(state).flush(Duration.ofMinutes(1));
    Receiving receiving = new Receiving(context, new TestIntake(context, true));
    byte[] frame = Frames.packedForward("t", 0, 1000, null);
    try (Sender sender = receiving.connect()) {
      sender.send(java.util.Arrays.copyOf(frame, frame.length - 5));
      Receiving.await(() -> context.meters().value(ForwardMeter.UNFINISHED) > 0);
      receiving.input.close();
      assertThat(sender.isClosed()).isTrue();
    }
    assertThat(context.testBatches().used()).isZero();
    assertThat(context.meters().value(ForwardMeter.CONNECTIONS)).isZero();
    assertThat(receiving.closed(Fault.SHUTDOWN)).isEqualTo(1);
  }
}
