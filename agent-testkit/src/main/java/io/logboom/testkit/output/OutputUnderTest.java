package io.logboom.testkit.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** An output, its backend, and what tests of the two share. */
public abstract class OutputUnderTest {
  /** Soon over, and yet time enough for a send that works on a busy machine. */
  static final Limits IMPATIENT =
      new Limits(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

  static final Limits PATIENT =
      new Limits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(40));

  static final int LARGE = 16 << 20;

  /** Far from the limits above, for machines that are busy, and far from hanging. */
  static final Duration BOUND = Duration.ofSeconds(20);

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  @TempDir static Path directory;

  /**
   * How long an output waits.
   *
   * @param connect for a connection
   * @param silence for a sign of the peer
   * @param total for a request and its answer in all
   */
  public record Limits(Duration connect, Duration silence, Duration total) {}

  /**
   * Where an output sends to.
   *
   * @param authority whom to trust, with TLS; null without it
   */
  public record Target(String host, int port, Limits limits, @Nullable Path authority) {
    /** As options of an output: where it sends to, its time-outs, and TLS. */
    public List<String> options(String... more) {
      List<String> options = new ArrayList<>(List.of(more));
      options.addAll(
          List.of(
              "host",
              host,
              "port",
              Integer.toString(port),
              "net.connect_timeout",
              Long.toString(limits.connect().toSeconds()),
              "net.io_timeout",
              Long.toString(limits.silence().toSeconds()),
              "net.request_timeout",
              Long.toString(limits.total().toSeconds())));
      if (authority != null) {
        options.addAll(List.of("tls", "on", "tls.ca_file", authority.toString()));
      }
      return options;
    }
  }

  // ---- what an output's test says

  /** An output whose requests may have 32 MB. */
  protected abstract Output create(TestContext context, Target target) throws Exception;

  /**
   * Opens a server of the protocol.
   *
   * @param conduct plays its part of each request
   */
  protected abstract ScriptedServer listen(
      int port, Arrival.Conduct conduct, @Nullable SSLContext tls) throws IOException;

  /** What the output makes of an answer. */
  protected abstract Owed owed(Answer answer);

  /** As many bytes of a good answer as leave open whether it is one. */
  protected abstract byte[] firstBytesOfAnAnswer();

  /** Bytes of buffers that the process has taken for the network and not given back. */
  protected abstract long heldBytes();

  /** Has the output send, and waits for what comes of it. */
  protected Outcome send(Output output, List<Batch> batches) throws InterruptedException {
    return output.send(batches);
  }

  // ---- what the tests share

  final Outcome.Retry fail(Output output, Unit unit) throws InterruptedException {
    long start = System.nanoTime();
    Outcome outcome = send(output, unit.batches());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    return (Outcome.Retry) outcome;
  }

  /** It works again, over one connection. */
  final void recovers(Output output, int port, Unit unit) throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (ScriptedServer good =
        listen(
            port,
            arrival -> {
              requests.incrementAndGet();
              arrival.accept();
            },
            null)) {
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
      assertThat(send(output, unit.batches())).isEqualTo(Outcome.DELIVERED);
      assertThat(requests).hasPositiveValue();
      assertThat(good.connections()).isEqualTo(1);
      assertThat(good.complaints()).isEmpty();
    }
  }

  final void leavesNothing(TestContext context) {
    assertThat(context.testBatches().used()).isZero();
    eventually("all buffers to be given back").until(() -> heldBytes() == 0);
  }

  /** A context whose clock stands a minute behind the records. */
  static TestContext context() {
    return new TestContext(Path.of("unused"), 256 * 1024, 256 << 20)
        .clock(InstantSource.fixed(Instant.parse("2026-11-22T08:05:00Z")));
  }

  static Target local(int port, Limits limits) {
    return new Target("127.0.0.1", port, limits, null);
  }

  static ConditionFactory eventually(String what) {
    return Awaitility.await(what)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(BOUND);
  }

  /** Something to do with each of several things. */
  interface Work<T> {
    void on(T each) throws Exception;
  }

  /** Does it with all of them at the same time, and tells all that went wrong. */
  static <T> void inParallel(Stream<T> all, Work<T> work) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running =
          all.<Future<?>>map(
                  each ->
                      executor.submit(
                          () -> {
                            work.on(each);
                            return null;
                          }))
              .toList();
      assertAll(running.stream().map(future -> future::get));
    }
  }

  /** An authority that no server here has a certificate of. */
  static Path trusted() throws Exception {
    Path home = directory.resolve("trusted");
    return Files.exists(home.resolve("ca.pem"))
        ? home.resolve("ca.pem")
        : TestCertificates.in(home).authority();
  }

  /** A port that was free a moment ago, and is given once. */
  static int freePort() throws IOException {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      }
    }
  }
}
