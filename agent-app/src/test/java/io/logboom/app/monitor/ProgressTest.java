package io.logboom.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ProgressTest {
  private static final long UNLIMITED = OutputSettings.UNLIMITED;

  private final AtomicReference<Outcome> answer = new AtomicReference<>(Outcome.DELIVERED);
  private final CountDownLatch released = new CountDownLatch(1);
  private Rig rig;
  private Progress progress;
  private Origin origin;

  private void start(Output output, Filter filter, long retryLimit) {
    rig = new Rig(output, filter, retryLimit).start();
    progress = new Progress(rig.pipeline, rig.now::get);
    origin = rig.origin("/a");
  }

  @AfterEach
  void stop() {
    answer.set(Outcome.DELIVERED);
    released.countDown();
    rig.close();
  }

  private void put() throws InterruptedException {
    rig.put(origin, "a");
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      rig.now.addAndGet(Duration.ofSeconds(1).toNanos());
      progress.sample();
    }
  }

  /** A receiver that takes the connection and says nothing until it is told to. */
  private final class Mute implements AutoCloseable, Output {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Mute() throws IOException {
      Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
      try {
        while (true) {
          Socket connection = socket.accept();
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (connection) {
                      released.await();
                      connection.getOutputStream().write('k');
                    } catch (IOException | InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
        }
      } catch (IOException e) {
        // Closed at the end of the test.
        released.countDown();
      }
    }

    @Override
    public Outcome send(List<Batch> batches) {
      try (Socket connection = new Socket(socket.getInetAddress(), socket.getLocalPort())) {
        return connection.getInputStream().read() == 'k'
            ? Outcome.DELIVERED
            : new Outcome.Retry("no answer");
      } catch (IOException e) {
        return new Outcome.Retry(e.toString());
      }
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void anIdlePipelineIsNeverStuck() {
    start(_ -> answer.get(), null, UNLIMITED);
    pass(3600);
    assertThat(progress.stuck()).isEmpty();
    assertThat(progress.dead()).isEmpty();
  }

  @Test
  void namesAnOutputWhoseReceiverNeverAnswersAndIsWellAgainWhenItDoes() throws Exception {
    try (Mute receiver = new Mute()) {
      start(receiver, null, UNLIMITED);
      pass(3600);
      put();
      await().until(() -> rig.delivery.stats().inFlight() == 1);
      pass(29);
      assertThat(progress.stuck()).isEmpty();
      pass(2);
      assertThat(progress.stuck())
          .hasSize(2)
          .first()
          .asString()
          .startsWith("output es.0 has made no progress for 3")
          .endsWith(" s: the receiver does not answer");
      assertThat(progress.stuck().getLast()).startsWith("input tail.0 has made no progress");
      assertThat(progress.dead()).as("a restart mends no receiver").isEmpty();
      released.countDown();
      await().until(() -> rig.pipeline.inputStats().getFirst().settledBatches() == 1);
      pass(1);
      assertThat(progress.stuck()).isEmpty();
    }
  }

  @Test
  void tellsTheReasonThatTheOutputGave() throws Exception {
    answer.set(new Outcome.Retry("127.0.0.1:9200 answers 503"));
    start(_ -> answer.get(), null, UNLIMITED);
    put();
    await().until(() -> rig.delivery.stats().problem() != null);
    pass(32);
    assertThat(progress.stuck().getFirst()).endsWith(": 127.0.0.1:9200 answers 503");
    answer.set(Outcome.DELIVERED);
    await().until(() -> rig.ledger.output("es.0").outstanding() == 0);
    pass(1);
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void anOutputThatGivesUpWhatItHasIsStuckUntilNothingComesAnyMore() throws Exception {
    answer.set(new Outcome.Retry("refused"));
    start(_ -> answer.get(), null, 0);
    for (int i = 1; i <= 40; i++) {
      put();
      int lost = i;
      await().until(() -> rig.delivery.stats().droppedRecords() == lost);
      pass(1);
    }
    assertThat(progress.stuck())
        .singleElement()
        .asString()
        .startsWith("output es.0 has made no progress for 3")
        .endsWith(": refused");
    pass(62);
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void anOutputThatTakesSomethingNowAndThenGetsOn() throws Exception {
    answer.set(new Outcome.Retry("busy"));
    start(_ -> answer.get(), null, UNLIMITED);
    for (int i = 1; i <= 5; i++) {
      put();
      pass(20);
      answer.set(Outcome.DELIVERED);
      await().until(() -> rig.ledger.output("es.0").outstanding() == 0);
      answer.set(new Outcome.Retry("busy"));
      pass(1);
      assertThat(progress.stuck()).isEmpty();
    }
  }

  @Test
  void aFilterThreadThatDiedNeedsARestart() throws Exception {
    start(
        _ -> answer.get(),
        (_, _) -> {
          throw new LinkageError("planted");
        },
        UNLIMITED);
    assertThat(progress.dead()).isEmpty();
    put();
    await().dontCatchUncaughtExceptions().until(() -> !rig.pipeline.isWorking());
    assertThat(progress.dead())
        .containsExactly("the thread that filters and routes has ended; see /log");
  }

  @Test
  void aDeliveryThreadThatDiedNeedsARestart() throws Exception {
    start(
        _ -> {
          throw new LinkageError("planted");
        },
        null,
        UNLIMITED);
    put();
    await().dontCatchUncaughtExceptions().until(() -> !rig.delivery.isWorking());
    assertThat(progress.dead()).containsExactly("output es.0: a thread has ended; see /log");
  }

  @Test
  void aFilterThatNeverComesToAnEndIsNamedFirstAndThenNeedsARestart() throws Exception {
    start(
        _ -> answer.get(),
        (_, _) -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        UNLIMITED);
    put();
    await().until(() -> rig.pipeline.filtering() != null);
    pass(32);
    assertThat(progress.stuck().getFirst())
        .startsWith("filters and routing has made no progress for 3")
        .endsWith(": the filter grep.0 does not come to an end");
    assertThat(progress.dead()).isEmpty();
    pass(100);
    assertThat(progress.dead()).singleElement().asString().contains("the filter grep.0");
    released.countDown();
    await().until(() -> rig.pipeline.handledBatches() == 1);
    pass(1);
    assertThat(progress.dead()).isEmpty();
  }

  @Test
  void tellsWhatStandsInAnInputsWayForAsLongAsItDoes() {
    start(_ -> answer.get(), null, UNLIMITED);
    rig.input.problem = "positions cannot be saved: no space left on device";
    assertThat(progress.stuck())
        .containsExactly("input tail.0: positions cannot be saved: no space left on device");
    assertThat(progress.dead()).isEmpty();
    rig.input.working = false;
    assertThat(progress.dead()).containsExactly("input tail.0: a thread has ended; see /log");
    rig.input.problem = null;
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void noticesThatNobodyLooksAnyMore() {
    start(_ -> answer.get(), null, UNLIMITED);
    rig.now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(progress.dead()).containsExactly("nobody has looked for progress for 61 s");
    pass(1);
    assertThat(progress.dead()).isEmpty();
  }

  @Test
  void looksAtTheOutputsThatThereAreAfterAReload() throws Exception {
    answer.set(new Outcome.Retry("away"));
    start(_ -> answer.get(), null, UNLIMITED);
    put();
    await().until(() -> rig.delivery.stats().problem() != null);
    pass(40);
    assertThat(progress.stuck().getFirst()).startsWith("output es.0");
    Delivery next = rig.delivery("es.1", _ -> answer.get(), UNLIMITED);
    next.start();
    rig.pipeline.swap(List.of(), List.of(new Route(next, TagMatch.glob("*"))));
    put();
    await().until(() -> next.stats().problem() != null);
    pass(1);
    assertThat(progress.stuck()).noneMatch(reason -> reason.startsWith("output"));
    pass(40);
    assertThat(progress.stuck().getFirst()).startsWith("output es.1");
    answer.set(Outcome.DELIVERED);
    await().until(() -> rig.ledger.output("es.1").outstanding() == 0);
    // As the reload does with what it took out.
    rig.delivery.close(System.nanoTime());
  }

  @Test
  void namesAnOutputWhoseDeadLettersCannotBeWrittenForAsLongAsThatLasts() throws Exception {
    start(_ -> answer.get(), null, UNLIMITED);
    AtomicBoolean readOnly = new AtomicBoolean(true);
    Delivery out =
        rig.delivery(
            "es.1",
            _ -> new Outcome.Rejected("mapping"),
            UNLIMITED,
            (_, _, _) -> {
              if (readOnly.get()) {
                throw new IOException("Read-only file system");
              }
            });
    out.start();
    rig.pipeline.swap(List.of(), List.of(new Route(out, TagMatch.glob("*"))));
    put();
    await().until(() -> out.stats().lettersProblem() != null);
    pass(1);
    assertThat(progress.stuck())
        .containsExactly("output es.1: the dead letters cannot be written: Read-only file system");
    pass(31);
    assertThat(progress.stuck().getFirst())
        .startsWith("output es.1 has made no progress for 3")
        .endsWith(" s: the dead letters cannot be written: Read-only file system");
    assertThat(progress.dead()).isEmpty();
    readOnly.set(false);
    await().until(() -> out.stats().lettersProblem() == null);
    await().until(() -> rig.ledger.output("es.1").outstanding() == 0);
    pass(1);
    assertThat(progress.stuck()).isEmpty();
    out.close(System.nanoTime());
  }
}
