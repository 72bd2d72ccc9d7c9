package io.logboom.testkit.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.DeafServer;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every output that sends over a network has to stand. Whatever the backend does, a send ends
 * in bounded time, loses nothing, says why in a sentence with the address, leaves no connection and
 * no buffer behind, and the next one works as soon as the backend does.
 *
 * <p>An output's test says how its backend reads and answers requests, on real sockets, and what
 * the protocol owes for each kind of answer.
 */
@Timeout(50)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OutputConformance extends OutputUnderTest {
  /** A line with more characters is {@link Answer#TOO_LARGE} alone. */
  private static final int LONG = 1000;

  // ---- when all is well

  @Test
  void deliversEachRecordOnceAndInOrder() throws Exception {
    TestContext context = context();
    List<String> arrived = new CopyOnWriteArrayList<>();
    List<String> lines = Unit.lines(1000, 100);
    int port = freePort();
    try (ScriptedServer server =
        listen(
            port,
            arrival -> {
              arrived.addAll(arrival.lines());
              arrival.accept();
            },
            null)) {
      Output output = create(context, local(port, PATIENT));
      try (Unit unit = new Unit(context, lines)) {
        unit.drop(7);
        assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
        List<String> live = new ArrayList<>(lines);
        live.remove(7);
        assertThat(arrived).containsExactlyElementsOf(live);
      } finally {
        output.close();
      }
      output.close();
      eventually("connections to be closed").until(() -> server.open() == 0);
      assertThat(server.complaints()).isEmpty();
    }
    leavesNothing(context);
  }

  @Test
  void severalWorkersSendAtOnce() throws Exception {
    TestContext context = context().workers(4);
    List<String> arrived = new CopyOnWriteArrayList<>();
    int port = freePort();
    try (ScriptedServer server =
            listen(
                port,
                arrival -> {
                  arrived.addAll(arrival.lines());
                  arrival.accept();
                },
                null);
        Output output = create(context, local(port, PATIENT))) {
      List<String> expected = new CopyOnWriteArrayList<>();
      inParallel(
          Stream.iterate(0, i -> i + 1).limit(4),
          worker -> {
            for (int i = 0; i < 25; i++) {
              int number = worker * 25 + i;
              List<String> lines = List.of("a " + number, "b " + number);
              expected.addAll(lines);
              try (Unit unit = new Unit(context, lines)) {
                assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
              }
            }
          });
      assertThat(arrived).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(server.connections()).isLessThanOrEqualTo(4);
      assertThat(server.complaints()).isEmpty();
    }
    leavesNothing(context);
  }

  // ---- when something is wrong

  /** What can go wrong. */
  Stream<Trouble> troubles() {
    return Stream.of(Fault.values());
  }

  final Stream<Trouble> atOnce() {
    return troubles().filter(t -> !t.takesTime());
  }

  @ParameterizedTest
  @MethodSource("atOnce")
  void losesNothingAndRecovers(Trouble trouble) throws Exception {
    stands(trouble);
  }

  /** All at the same time, since each is waiting and little else. */
  @Test
  void endsInTimeLosesNothingAndRecovers() throws Exception {
    inParallel(troubles().filter(Trouble::takesTime), this::stands);
    Awaitility.await("all buffers to be given back").until(() -> heldBytes() == 0);
  }

  private void stands(Trouble trouble) throws Exception {
    TestContext context = context();
    int port = freePort();
    List<String> lines =
        trouble.size() == Trouble.Size.LARGE ? Unit.lines(16, LARGE / 16) : Unit.lines(3, 20);
    try (Unit unit = new Unit(context, lines)) {
      long used = context.testBatches().used();
      try (Output output = create(context, local(port, IMPATIENT))) {
        try (AutoCloseable _ = trouble.begin(this, port)) {
          Outcome.Retry retry = fail(output, unit);
          assertThat(retry.why())
              .as("the reason with %s", trouble)
              .contains("127.0.0.1:" + port)
              .containsPattern(trouble.words())
              .hasSizeLessThan(1000)
              .doesNotContain("\n");
          assertThat(retry.notBefore().toSeconds())
              .isBetween((long) trouble.leastWait(), trouble.leastWait() + 20L);
        }
        recovers(output, port, unit);
      }
      assertThat(context.testBatches().used()).isEqualTo(used);
    }
    if (!trouble.takesTime()) {
      leavesNothing(context);
    }
  }

  // ---- what the backend says

  final Stream<Answer> wholeAnswers() {
    return Stream.of(Answer.values())
        .filter(a -> owed(a) != Owed.EACH_ALONE && owed(a) != Owed.CANNOT_BE_SAID);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("wholeAnswers")
  void makesOfAnAnswerWhatIsOwed(Answer answer) throws Exception {
    TestContext context = context();
    int port = freePort();
    List<String> arrived = new CopyOnWriteArrayList<>();
    AtomicReference<@Nullable Answer> now = new AtomicReference<>();
    try (ScriptedServer server = listen(port, arrival -> judge(arrival, now.get(), arrived), null);
        Output output = create(context, local(port, PATIENT));
        Unit unit = new Unit(context, Unit.lines(3, 20))) {
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
      now.set(answer);
      Outcome outcome = send(output, unit.batches());
      if (owed(answer) == Owed.REJECTED) {
        assertThat(new Settling(this, context).settle(output, unit.lines()))
            .containsOnlyKeys(unit.lines());
      } else {
        assertThat(outcome).isInstanceOf(Outcome.Retry.class);
        Outcome.Retry retry = (Outcome.Retry) outcome;
        assertThat(retry.why()).contains("127.0.0.1:" + port).doesNotContain("\n");
        assertThat(retry.notBefore().toSeconds())
            .isEqualTo(owed(answer) == Owed.RETRY_WHEN_ASKED ? 7 : 0);
      }
      now.set(null);
      arrived.clear();
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
      assertThat(arrived).containsExactlyElementsOf(unit.lines());
      assertThat(server.complaints()).isEmpty();
    }
    leavesNothing(context);
  }

  final Stream<Answer> answersByLine() {
    return Stream.of(Answer.values()).filter(a -> owed(a) == Owed.EACH_ALONE);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("answersByLine")
  void whatIsNotItsFaultCostsNoRecordAnything(Answer answer) throws Exception {
    TestContext context = context();
    List<String> lines = new ArrayList<>();
    lines.add(Unit.POISON + 1 + " x".repeat(LONG));
    lines.add(Unit.POISON + 2 + " x".repeat(LONG));
    lines.addAll(Unit.lines(12, 30));
    lines.add(Unit.LATER + 1);
    lines.add(Unit.LATER + 2);
    List<String> arrived = new CopyOnWriteArrayList<>();
    AtomicReference<@Nullable Answer> now = new AtomicReference<>();
    int port = freePort();
    try (ScriptedServer server = listen(port, arrival -> judge(arrival, now.get(), arrived), null);
        Output output = create(context, local(port, IMPATIENT));
        Unit unit = new Unit(context, lines)) {
      // Who has taken requests before is believed when it refuses one.
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
      now.set(answer);
      arrived.clear();
      Settling settling = new Settling(this, context);
      settling.onRetry(() -> now.set(null));
      Map<String, String> rejected = settling.settle(output, lines);
      List<String> never =
          answer == Answer.DEFERS_SOME
              ? List.of()
              : lines.stream().filter(l -> l.startsWith(Unit.POISON)).toList();
      assertThat(rejected).containsOnlyKeys(never);
      assertThat(rejected.values()).allSatisfy(why -> assertThat(why).isNotBlank());
      List<String> others = new ArrayList<>(lines);
      others.removeAll(never);
      assertThat(Set.copyOf(arrived)).containsExactlyInAnyOrderElementsOf(others);
      if (answer == Answer.DEFERS_SOME) {
        assertThat(arrived).doesNotHaveDuplicates();
        assertThat(settling.retried()).allMatch(l -> l.startsWith(Unit.LATER)).isNotEmpty();
      } else {
        assertThat(settling.retried()).isEmpty();
      }
      assertThat(server.complaints()).isEmpty();
    }
    leavesNothing(context);
  }

  /** The backend's part; what it takes is added to {@code arrived}. */
  private static void judge(Arrival arrival, @Nullable Answer answer, List<String> arrived)
      throws IOException, InterruptedException {
    List<String> lines = arrival.lines();
    switch (answer) {
      case null -> {
        arrived.addAll(lines);
        arrival.accept();
      }
      case TOO_LARGE -> {
        if (lines.size() > 5 || lines.stream().anyMatch(l -> l.length() > LONG)) {
          arrival.answer(answer);
        } else {
          arrived.addAll(lines);
          arrival.accept();
        }
      }
      case REFUSES_SOME -> some(arrival, answer, Unit.POISON, arrived);
      case DEFERS_SOME -> some(arrival, answer, Unit.LATER, arrived);
      default -> arrival.answer(answer);
    }
  }

  private static void some(Arrival arrival, Answer answer, String not, List<String> arrived)
      throws IOException, InterruptedException {
    List<String> taken = arrival.lines().stream().filter(l -> !l.startsWith(not)).toList();
    if (taken.size() == arrival.lines().size()) {
      arrived.addAll(taken);
      arrival.accept();
      return;
    }
    arrival.answer(
        answer,
        line -> {
          boolean isTaken = !line.startsWith(not);
          if (isTaken) {
            arrived.add(line);
          }
          return isTaken;
        });
  }

  // ---- when the engine stops it

  /** Where a send is when it is interrupted. */
  enum Stop {
    WHILE_CONNECTING,
    WHILE_WRITING,
    WHILE_WAITING_FOR_THE_ANSWER,
    WHILE_READING_THE_ANSWER
  }

  Stream<Stop> stops() {
    return Stream.of(Stop.values());
  }

  @ParameterizedTest
  @MethodSource("stops")
  void anInterruptEndsASend(Stop stop) throws Exception {
    TestContext context = context();
    int port = freePort();
    CountDownLatch there = new CountDownLatch(1);
    List<String> lines =
        stop == Stop.WHILE_WRITING ? Unit.lines(16, LARGE / 16) : Unit.lines(3, 20);
    try (Unit unit = new Unit(context, lines);
        Output output = create(context, local(port, PATIENT))) {
      try (AutoCloseable _ = stage(stop, port, there)) {
        AtomicReference<@Nullable Object> end = new AtomicReference<>();
        Thread sender = Thread.ofVirtual().start(() -> end.set(outcome(output, unit)));
        assertThat(there.await(BOUND.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        eventually("the send to wait").until(() -> isWaiting(sender));
        sender.interrupt();
        assertThat(sender.join(BOUND)).isTrue();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
      }
      recovers(output, port, unit);
    }
    leavesNothing(context);
  }

  private AutoCloseable stage(Stop stop, int port, CountDownLatch there) throws IOException {
    return switch (stop) {
      case WHILE_CONNECTING -> {
        there.countDown();
        yield DeafServer.on(port);
      }
      case WHILE_WRITING -> {
        ScriptedServer server = listen(port, _ -> {}, null);
        server.bare(
            (in, line) -> {
              in.readNBytes(1000);
              there.countDown();
              line.silence();
            });
        yield server;
      }
      case WHILE_WAITING_FOR_THE_ANSWER, WHILE_READING_THE_ANSWER ->
          listen(
              port,
              arrival -> {
                if (stop == Stop.WHILE_READING_THE_ANSWER) {
                  arrival.line().raw(firstBytesOfAnAnswer());
                }
                there.countDown();
                arrival.line().silence();
              },
              null);
    };
  }

  private Object outcome(Output output, Unit unit) {
    try {
      return send(output, unit.batches());
    } catch (InterruptedException | RuntimeException e) {
      return e;
    }
  }

  private static boolean isWaiting(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING -> true;
      default -> false;
    };
  }

  // ---- names, TLS, connections that were kept

  @Test
  void namesAHostThatHasNoAddress() throws Exception {
    TestContext context = context();
    try (Unit unit = new Unit(context, Unit.lines(3, 20));
        Output output =
            create(context, new Target("no-such-host.invalid", 9200, IMPATIENT, null))) {
      assertThat(fail(output, unit).why()).startsWith("no-such-host.invalid:9200 has no address");
    }
  }

  @Test
  void refusesAServerThatNobodyVouchesFor() throws Exception {
    TestContext context = context();
    TestCertificates other = TestCertificates.in(directory.resolve("other"));
    other.issue("server", "dns:localhost,ip:127.0.0.1");
    int port = freePort();
    try (ScriptedServer _ = listen(port, Arrival::accept, other.server("server"));
        Unit unit = new Unit(context, Unit.lines(3, 20));
        Output output = create(context, new Target("127.0.0.1", port, IMPATIENT, trusted()))) {
      assertThat(fail(output, unit).why())
          .contains("127.0.0.1:" + port + " cannot be reached: TLS: ");
    }
  }

  @Test
  void endsAHandshakeThatIsNotAnswered() throws Exception {
    TestContext context = context();
    int port = freePort();
    try (ScriptedServer server = listen(port, Arrival::accept, null);
        Unit unit = new Unit(context, Unit.lines(3, 20));
        Output output = create(context, new Target("127.0.0.1", port, IMPATIENT, trusted()))) {
      server.bare((_, line) -> line.silence());
      assertThat(fail(output, unit).why()).contains("127.0.0.1:" + port, "TLS: ", "time");
      server.bare(
          (_, line) ->
              line.raw(
                  "HTTP/1.1 400 Bad\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      assertThat(fail(output, unit).why()).contains("127.0.0.1:" + port, "TLS: ");
    }
    leavesNothing(context);
  }

  @Test
  void doesNotNoticeThatTheServerClosesIdleConnections() throws Exception {
    TestContext context = context();
    int port = freePort();
    try (ScriptedServer server = listen(port, Arrival::accept, null);
        Unit unit = new Unit(context, Unit.lines(3, 20));
        Output output = create(context, local(port, PATIENT))) {
      for (int i = 0; i < 20; i++) {
        assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
        server.dropConnections();
      }
      assertThat(server.connections()).isEqualTo(20);
    }
    leavesNothing(context);
  }

  @Test
  void takesAFreshConnectionAfterOneThatHadDied() throws Exception {
    TestContext context = context();
    int port = freePort();
    AtomicInteger dead = new AtomicInteger(-1);
    try (ScriptedServer server =
            listen(
                port,
                arrival -> {
                  if (arrival.connection() <= dead.get()) {
                    arrival.line().silence();
                  }
                  arrival.accept();
                },
                null);
        Unit unit = new Unit(context, Unit.lines(3, 20));
        Output output = create(context, local(port, IMPATIENT))) {
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
      dead.set(0); // as when a firewall forgets it: open on both sides, and nothing comes through
      assertThat(fail(output, unit).why()).containsPattern(Fault.NEVER_ANSWERS.words());
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
      assertThat(server.connections()).isEqualTo(2);
    }
    leavesNothing(context);
  }
}
