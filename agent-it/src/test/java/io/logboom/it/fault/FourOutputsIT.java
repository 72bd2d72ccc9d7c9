package io.logboom.it.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.agent.Pods;
import io.logboom.it.agent.ServiceAccount;
import io.logboom.it.fault.Receivers.Receiver;
import io.logboom.it.node.Container;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Sequences;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One configuration with an output of each kind, of which one at a time becomes a black hole. */
class FourOutputsIT {
  private static final String NODE = "node-1";
  private static final int RATE = 1_000;
  private static final int BACKLOG = Size.of("four.backlog", 10_000, 100_000);
  private static final Duration HOLE = Size.seconds("hole.seconds", 1, 300);
  private static final int LINE = 100;

  /** Below, a rate says more of the machine than of the agent. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final double KEPT = 0.95;

  /** Less than what comes in during a long hole. */
  private static final long GROWTH = 24 << 20;

  @TempDir Path directory;

  private final Map<String, Long> written = new LinkedHashMap<>();

  /** One after the other; each alone where holes are long, since the fakes keep all in memory. */
  static Stream<List<String>> holes() {
    List<String> all = List.of("loki", "cloudwatch", "s3", "opensearch");
    return HOLE.compareTo(LONG) < 0 ? Stream.of(all) : all.stream().map(List::of);
  }

  @ParameterizedTest
  @MethodSource("holes")
  void oneThatIsABlackHoleLeavesTheOthersTheirRateAndGetsEverythingLater(List<String> holes)
      throws Exception {
    ServiceAccount account = ServiceAccount.in(directory.resolve("serviceaccount"));
    try (Stand stand = new Stand(directory);
        FakeKubernetes kubernetes = FakeKubernetes.started(account.tls()).token(account.token());
        Receivers receivers = new Receivers(directory)) {
      Setup setup =
          receivers.addTo(stand.setup().kubernetes(kubernetes.url(), account.directory(), NODE));
      AgentProcess.Launch usual = stand.launch(setup);
      try (SequenceWriter writer =
          writer(stand, kubernetes, "backlog", BACKLOG, 0, Rotation.NONE)) {
        written.put("backlog", writer.start().join());
      }
      long start = System.nanoTime();
      try (AgentProcess agent =
          new AgentProcess.Launch(
                  usual.home(), usual.configuration(), usual.directory(), receivers.environment())
              .start()) {
        for (Receiver each : receivers.all()) {
          awaitAll(agent, each);
        }
        Books.atRest(agent);
        Size.report(
            "four outputs", "a backlog of %d lines in %.1f s", BACKLOG, secondsSince(start));
        for (Receiver each : receivers.all()) {
          if (holes.contains(each.name())) {
            blackHole(stand, kubernetes, agent, receivers.all(), each);
          }
        }
        Books books = Books.atRest(agent);
        assertThat(books.read()).isEqualTo(total());
        for (Receiver each : receivers.all()) {
          assertThat(books.delivered(each.name())).as(each.name()).isEqualTo(total());
          assertEachOnce(each);
        }
      }
    }
  }

  /** The others have all lines while the hole is there, and it has them afterwards. */
  private void blackHole(
      Stand stand, FakeKubernetes kubernetes, AgentProcess agent, List<Receiver> all, Receiver hole)
      throws Exception {
    Memory before = Memory.of(agent);
    long start = System.nanoTime();
    Memory first;
    Memory second;
    hole.relay().swallow();
    try (SequenceWriter writer =
        writer(
                stand,
                kubernetes,
                hole.name(),
                Integer.MAX_VALUE,
                RATE,
                Rotation.renaming(10_000_000, 30))
            .start()) {
      first = Memory.most(agent, HOLE.dividedBy(2));
      second = Memory.most(agent, HOLE.dividedBy(2));
      written.put(hole.name(), writer.stop());
    }
    double writing = secondsSince(start);
    for (Receiver each : all) {
      if (!each.name().equals(hole.name())) {
        awaitAll(agent, each);
      }
    }
    double complete = secondsSince(start);
    long missing = total() - hole.count();
    long spooled = Metrics.of(agent).sum("logboom_output_spool_records", name(hole));
    assertThat(missing).as("in the hole").isPositive();
    Stand.waiting(agent)
        .alias("something sent to " + hole.name())
        .until(() -> hole.relay().swallowed() > 0);
    hole.relay().giveOn();
    long back = System.nanoTime();
    awaitAll(agent, hole);
    double after = secondsSince(back);
    Books.atRest(agent);
    Memory end = Memory.of(agent);
    Size.report(
        "four outputs, " + hole.name() + " a black hole",
        "%d lines in %.1f s, the others had all of them %.1f s later (%.1f %% of the rate); %d"
            + " waited, %d of them in the spool, and were there %.1f s after its end; memory"
            + " before %s, first half %s, second half %s, afterwards %s",
        written.get(hole.name()),
        writing,
        complete - writing,
        100 * writing / complete,
        missing,
        spooled,
        after,
        before,
        first,
        second,
        end);
    assertThat(second.resident - first.resident).as("growth of RSS").isLessThan(GROWTH);
    assertThat(second.records).isLessThanOrEqualTo(second.budget);
    assertThat(end.records).as("memory of records at rest").isLessThan(end.budget / 4);
    if (HOLE.compareTo(LONG) >= 0) {
      assertThat(writing / complete).as("rate kept").isGreaterThanOrEqualTo(KEPT);
    }
  }

  private static String name(Receiver receiver) {
    return "name=\"" + receiver.name() + '"';
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static SequenceWriter writer(
      Stand stand, FakeKubernetes kubernetes, String prefix, int lines, int rate, Rotation rotation)
      throws IOException {
    kubernetes.put(Pods.of(Container.of("shop", pod(prefix), "web"), NODE));
    return stand.writer(prefix, lines, rate, LINE, rotation);
  }

  /** As the stand calls the pod whose lines have that prefix. */
  private static String pod(String prefix) {
    return prefix + "-7d9c5b6f4-abcde";
  }

  private long total() {
    return written.values().stream().mapToLong(Long::longValue).sum();
  }

  private void awaitAll(AgentProcess agent, Receiver receiver) {
    Stand.waiting(agent)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(receiver.count())
                    .as("lines in %s", receiver.name())
                    .isGreaterThanOrEqualTo(total()));
  }

  private void assertEachOnce(Receiver receiver) throws Exception {
    Sequences seen = new Sequences();
    AtomicLong named = new AtomicLong();
    receiver.forEach(
        record -> {
          seen.note(record);
          String text = new String(record, UTF_8);
          String prefix = text.replaceFirst("(?s).*seq=([a-z0-9]+)-.*", "$1");
          named.addAndGet(text.contains(pod(prefix)) ? 1 : 0);
        });
    written.forEach(
        (prefix, lines) ->
            assertThat(seen.firstMissing(prefix, lines))
                .as("the first of %s that is missing in %s", prefix, receiver.name())
                .isEqualTo(-1));
    assertThat(seen.duplicates()).as("double in %s", receiver.name()).isZero();
    assertThat(receiver.known()).as("sent twice to %s", receiver.name()).isZero();
    assertThat(seen.unnumbered()).isZero();
    assertThat(named.get()).as("with their pod's name in %s", receiver.name()).isEqualTo(total());
  }

  /** Memory in bytes: the process's, and the records' with their budget. */
  private record Memory(long resident, long records, long budget) {
    static Memory of(AgentProcess agent) throws IOException, InterruptedException {
      Metrics metrics = Metrics.of(agent);
      return new Memory(
          agent.residentBytes().orElse(0),
          metrics.sum("logboom_memory_used_bytes") - metrics.sum("logboom_memory_requests_bytes"),
          metrics.sum("logboom_memory_budget_bytes"));
    }

    /** The most of each during that time. */
    static Memory most(AgentProcess agent, Duration time) throws IOException, InterruptedException {
      long until = System.nanoTime() + time.toNanos();
      Memory most = of(agent);
      while (until - System.nanoTime() > 0) {
        Stand.letBe(Duration.ofMillis(250));
        Memory now = of(agent);
        most =
            new Memory(
                Math.max(most.resident, now.resident),
                Math.max(most.records, now.records),
                now.budget);
      }
      return most;
    }

    @Override
    public String toString() {
      return (resident >> 20) + " MiB (records " + (records >> 10) + " KiB)";
    }
  }
}
