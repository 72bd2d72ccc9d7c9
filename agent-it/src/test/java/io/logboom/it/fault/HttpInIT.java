package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.sink.Conduct;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is answered with success over HTTP arrives, whatever happens to the agent. */
class HttpInIT {
  private static final long SEED = 20_261_126;
  private static final Duration MOST_OF_A_LIFE = Duration.ofMillis(3_000);

  @TempDir Path directory;

  private final Random random = new Random(SEED);

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void killedAgainAndAgainItLosesNothingThatItAcknowledged() throws Exception {
    int kills = Size.of("http.kills", 3, 60);
    int port = freePort();
    try (Stand stand = new Stand(directory)) {
      Setup setup = stand.usual().http(port);
      AgentProcess agent = stand.start(setup);
      try (Posting posting = new Posting(port, Size.of("http.clients", 8, 32))) {
        for (int kill = 0; kill < kills; kill++) {
          awaitAcknowledgement(agent, posting);
          // Each third life has a receiver that is away: what is acknowledged is in the spool
          // alone.
          stand.sink().conduct(kill % 3 == 1 ? new Conduct.Away() : new Conduct.Well());
          Stand.letBe(Duration.ofMillis(random.nextLong(MOST_OF_A_LIFE.toMillis())));
          agent.kill();
          agent = stand.start(setup);
        }
        stand.sink().conduct(new Conduct.Well());
        awaitAcknowledgement(agent, posting);
        posting.stop();
        Stand.waiting(agent).until(() -> posting.missing(stand.seen()) == 0);
        Size.report(
            "HTTP, kill -9",
            "%d kills, %d records acknowledged: 0 missing, %d duplicates, %d requests sent again",
            kills,
            posting.acknowledged(),
            stand.seen().duplicates(),
            posting.again());
        assertThat(posting.missing(stand.seen())).isZero();
      }
      assertThat(Books.atRest(agent).lost("sink")).isZero();
      assertThat(stand.seen().unnumbered()).isZero();
    }
  }

  /** A rolling update: who is not answered sends again, and finds the next agent. */
  @Test
  void terminatedItAnswersWhatItHasTakenAndLosesNothing() throws Exception {
    int stops = Size.of("http.stops", 2, 30);
    int port = freePort();
    try (Stand stand = new Stand(directory)) {
      Setup setup = stand.usual().http(port);
      AgentProcess agent = stand.start(setup);
      try (Posting posting = new Posting(port, 8)) {
        for (int stop = 0; stop < stops; stop++) {
          awaitAcknowledgement(agent, posting);
          assertThat(agent.stop(Duration.ofSeconds(20))).as(agent.log()).hasValue(0);
          agent = stand.start(setup);
        }
        awaitAcknowledgement(agent, posting);
        posting.stop();
        Stand.waiting(agent).until(() -> posting.missing(stand.seen()) == 0);
        Size.report(
            "HTTP, SIGTERM",
            "%d stops, %d records acknowledged: 0 missing, %d duplicates, %d requests sent again",
            stops,
            posting.acknowledged(),
            stand.seen().duplicates(),
            posting.again());
      }
    }
  }

  private static void awaitAcknowledgement(AgentProcess agent, Posting posting) {
    long before = posting.acknowledged();
    Stand.waiting(agent).until(() -> posting.acknowledged() > before);
  }
}
