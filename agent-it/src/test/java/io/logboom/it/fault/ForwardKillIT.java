package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.sink.Conduct;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client has the acknowledgement of arrives, whatever becomes of the agent. */
class ForwardKillIT {
  private static final int CONNECTIONS = 6;
  private static final int RATE = 20_000;

  @TempDir Path directory;

  /** How one agent makes room for the next. */
  private interface End {
    void of(AgentProcess agent) throws Exception;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void acknowledgedIsArrived(String scenario, int records, End end) throws Exception {
    Duration life = Duration.ofMillis(Size.of("forward.millis", 1000, 3000));
    int ends = 0;
    try (Stand stand = new Stand(directory)) {
      int port = freePort();
      Setup setup = stand.usual().forward(port).service("grace", 5);
      AgentProcess agent = stand.start(setup);
      try (ForwardSender sender = new ForwardSender(port, "fwd", records, RATE, CONNECTIONS)) {
        while (!sender.isDone()) {
          // Where the receiver takes its time, more is under way.
          stand
              .sink()
              .conduct(
                  ends % 2 == 0 ? new Conduct.Well() : new Conduct.Late(Duration.ofMillis(100)));
          long until = System.nanoTime() + life.toNanos();
          while (!sender.isDone() && until - System.nanoTime() > 0) {
            Stand.letBe(Duration.ofMillis(20));
          }
          if (!sender.isDone()) {
            end.of(agent);
            ends++;
            agent = stand.start(setup);
          }
        }
        // Acknowledged is what has arrived, or what the spool has: of that nobody sends again.
        end.of(agent);
        stand.sink().conduct(new Conduct.Well());
        agent = stand.start(setup);
        stand.awaitAll(agent, Stand.PATIENCE, "fwd", sender.acknowledged());
        assertThat(Books.atRest(agent).lost("sink")).isZero();
        Size.report(
            scenario,
            "%d times, %d records acknowledged: 0 of them missing, %d sent again, %d arrived twice",
            ends + 1,
            sender.acknowledged(),
            sender.sentAgain(),
            stand.seen().duplicates());
        assertThat(sender.acknowledged()).isEqualTo(records);
      }
      assertThat(stand.seen().unnumbered()).isZero();
      assertThat(ends).isPositive();
    }
  }

  @Test
  void whatWasAcknowledgedBeforeAKillIsNotMissing() throws Exception {
    acknowledgedIsArrived(
        "forward, kill -9", Size.of("forward.records", 60_000, 1_000_000), AgentProcess::kill);
  }

  @Test
  void whatWasAcknowledgedBeforeAStopIsNotMissing() throws Exception {
    acknowledgedIsArrived(
        "forward, SIGTERM",
        Size.of("forward.records", 60_000, 1_000_000),
        agent -> assertThat(agent.stop(Duration.ofSeconds(15))).as(agent.log()).hasValue(0));
  }
}
