package io.logboom.testkit.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every output over HTTP has to stand. Whatever the backend does, a send ends in bounded time,
 * loses nothing, says why in a sentence with the address, leaves no connection and no buffer
 * behind, and the next one works as soon as the backend does.
 */
@Timeout(50)
public abstract class OutputFaults {
  /** Soon over, and yet time enough for a send that works on a busy machine. */
  private static final Limits IMPATIENT =
      new Limits(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5));

  private static final Limits PATIENT =
      new Limits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(40));

  private static final int LARGE = 16 << 20;

  /** Far from the limits above, for machines that are busy, and far from hanging. */
  private static final Duration BOUND = Duration.ofSeconds(20);

  @TempDir private static Path directory;

  private final TestContext context = new TestContext(Path.of("unused"), 256 * 1024, 256 << 20);

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
  public record Target(String host, int port, Limits limits, @Nullable Path authority) {}

  /** An output whose requests may have 32 MB. */
  protected abstract Output create(TestContext context, Target target) throws Exception;

  /** The server's part where all is well. */
  protected abstract void accept(Received request, Line line) throws IOException;

  /** Bytes of buffers that the process has taken for the network and not given back. */
  protected abstract long heldBytes();

  @ParameterizedTest
  @EnumSource(Fault.class)
  void endsInTimeLosesNothingAndRecovers(Fault fault) throws Exception {
    int port = freePort();
    List<Batch> unit = fault.size() == Fault.Size.LARGE ? unit(16, LARGE / 16) : unit(3, 20);
    long used = context.testBatches().used();
    try (Output output = create(context, local(port, IMPATIENT))) {
      try (AutoCloseable _ = fault.stage().open(port)) {
        Outcome.Retry retry = fail(output, unit);
        assertThat(retry.why()).contains("127.0.0.1:" + port).containsPattern(fault.words());
        assertThat(retry.why()).hasSizeLessThan(1000).doesNotContain("\n");
        assertThat(retry.notBefore().toSeconds())
            .isBetween((long) fault.leastWait(), fault.leastWait() + 20L);
      }
      recovers(output, port, unit);
    }
    leavesNothing(used);
  }

  private static Outcome.Retry fail(Output output, List<Batch> unit) throws InterruptedException {
    long start = System.nanoTime();
    Outcome outcome = output.send(unit);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    return (Outcome.Retry) outcome;
  }

  private void recovers(Output output, int port, List<Batch> unit) throws Exception {
    try (ScriptedServer good = ScriptedServer.on(port, this::accept, null, false)) {
      assertThat(output.send(unit)).isEqualTo(Outcome.DELIVERED);
      assertThat(output.send(unit)).isEqualTo(Outcome.DELIVERED);
      assertThat(good.connections()).isEqualTo(1);
      assertThat(good.complaints()).isEmpty();
    }
  }

  private void leavesNothing(long used) {
    assertThat(context.testBatches().used()).isEqualTo(used);
    Awaitility.await("all buffers to be given back").until(() -> heldBytes() == 0);
  }

  @Test
  void namesAHostThatHasNoAddress() throws Exception {
    try (Output output =
        create(context, new Target("no-such-host.invalid", 9200, IMPATIENT, null))) {
      assertThat(fail(output, unit(3, 20)).why())
          .startsWith("no-such-host.invalid:9200 has no address");
    }
  }

  @Test
  void refusesAServerThatNobodyVouchesFor() throws Exception {
    TestCertificates other = TestCertificates.in(directory.resolve("other"));
    other.issue("server", "dns:localhost,ip:127.0.0.1");
    int port = freePort();
    try (ScriptedServer _ = ScriptedServer.on(port, this::accept, other.server("server"), false);
        Output output = create(context, new Target("127.0.0.1", port, IMPATIENT, trusted()))) {
      assertThat(fail(output, unit(3, 20)).why())
          .contains("127.0.0.1:" + port + " cannot be reached: TLS: ");
    }
  }

  @Test
  void endsAHandshakeThatIsNotAnswered() throws Exception {
    int port = freePort();
    try (ScriptedServer server = ScriptedServer.on(port, this::accept, null, false);
        Output output = create(context, new Target("127.0.0.1", port, IMPATIENT, trusted()))) {
      server.bare((_, line) -> line.silence());
      assertThat(fail(output, unit(3, 20)).why()).contains("127.0.0.1:" + port, "TLS: ", "time");
      server.bare(
          (_, line) -> line.raw("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(fail(output, unit(3, 20)).why()).contains("127.0.0.1:" + port, "TLS: ");
    }
    leavesNothing(context.testBatches().used());
  }

  @Test
  void doesNotNoticeThatTheServerClosesIdleConnections() throws Exception {
    int port = freePort();
    try (ScriptedServer server = ScriptedServer.on(port, this::accept, null, false);
        Output output = create(context, local(port, PATIENT))) {
      for (int i = 0; i < 20; i++) {
        assertThat(output.send(unit(3, 20))).isEqualTo(Outcome.DELIVERED);
        server.dropConnections();
      }
      assertThat(server.connections()).isEqualTo(20);
    }
  }

  @Test
  void takesAFreshConnectionAfterOneThatHadDied() throws Exception {
    int port = freePort();
    AtomicInteger dead = new AtomicInteger(-1);
    try (ScriptedServer server =
            ScriptedServer.on(
                port,
                (request, line) -> {
                  if (request.connection() <= dead.get()) {
                    line.silence();
                  }
                  accept(request, line);
                },
                null,
                false);
        Output output = create(context, local(port, IMPATIENT))) {
      assertThat(output.send(unit(3, 20))).isEqualTo(Outcome.DELIVERED);
      dead.set(0); // as when a firewall forgets it: open on both sides, and nothing comes through
      assertThat(fail(output, unit(3, 20)).why()).contains("silent for 2000 ms");
      assertThat(output.send(unit(3, 20))).isEqualTo(Outcome.DELIVERED);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  private static Target local(int port, Limits limits) {
    return new Target("127.0.0.1", port, limits, null);
  }

  /** An authority that no server here has a certificate of. */
  private static Path trusted() throws Exception {
    Path home = directory.resolve("trusted");
    return Files.exists(home.resolve("ca.pem"))
        ? home.resolve("ca.pem")
        : TestCertificates.in(home).authority();
  }

  private List<Batch> unit(int records, int bytesEach) throws InterruptedException {
    Batch batch = context.batches().open();
    int origin = batch.origin(Origin.builder(context.names(), "app").sourceId("file").build());
    byte[] body = "x".repeat(bytesEach).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < records; i++) {
      int at = batch.append(body, 0, body.length);
      batch.add(origin, at, body.length, 1_795_334_645_000_000_000L + i, i);
    }
    return List.of(batch);
  }

  /** A port that was free a moment ago. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
