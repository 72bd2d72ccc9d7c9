package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillLoopIT {
  private static final int RATE = 10_000;
  private static final long SEED = 20_261_122;
  private static final Duration MOST_OF_A_LIFE = Duration.ofMillis(1_500);

  @TempDir Path directory;

  private final Random random = new Random(SEED);

  /** With one worker there is one request whose answer a killed agent may not have heard. */
  @Test
  void killedAtAnyMomentItLosesNothingAndRepeatsAtMostOneRequest() throws Exception {
    int kills = Size.of("kills", 4, 100);
    try (Stand stand = new Stand(directory)) {
      Setup setup = stand.usual().with("workers", 1);
      long most = 0;
      AgentProcess agent = stand.start(setup);
      try (SequenceWriter writer = unending(stand)) {
        for (int kill = 0; kill < kills; kill++) {
          awaitDelivery(stand, agent);
          Stand.letBe(aWhile());
          agent.kill();
          long before = stand.seen().duplicates();
          agent = stand.start(setup);
          awaitDelivery(stand, agent);
          most = Math.max(most, stand.seen().duplicates() - before);
        }
        long lines = writer.stop();
        stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
        assertThat(Books.atRest(agent).lost("sink")).isZero();
        Size.report(
            "kill -9",
            "%d kills, %d lines: 0 lost, %d duplicates, at most %d by one kill, largest request %d",
            kills,
            lines,
            stand.seen().duplicates(),
            most,
            stand.sink().largestRequest());
      }
      assertThat(stand.seen().unnumbered()).isZero();
      assertThat(stand.seen().duplicates())
          .as("each kill repeats at most one request")
          .isLessThanOrEqualTo(kills * stand.sink().largestRequest());
      assertThat(most).isLessThanOrEqualTo(stand.sink().largestRequest());
    }
  }

  /** A rolling update against a receiver that takes its time. */
  @Test
  void terminatedAgainAndAgainItLosesNothingThoughTheReceiverIsSlow() throws Exception {
    int stops = Size.of("stops", 4, 100);
    try (Stand stand = new Stand(directory)) {
      stand.sink().conduct(new Conduct.Late(Duration.ofMillis(400)));
      Setup setup = stand.usual().service("grace", 2);
      Duration slowest = Duration.ZERO;
      AgentProcess agent = stand.start(setup);
      try (SequenceWriter writer = unending(stand)) {
        for (int stop = 0; stop < stops; stop++) {
          Stand.letBe(aWhile());
          long asked = System.nanoTime();
          assertThat(agent.stop(Duration.ofSeconds(10))).as(agent.log()).hasValue(0);
          Duration took = Duration.ofNanos(System.nanoTime() - asked);
          slowest = took.compareTo(slowest) > 0 ? took : slowest;
          agent = stand.start(setup);
        }
        long lines = writer.stop();
        // What waits by now is more than a receiver at this pace takes in any patience.
        stand.sink().conduct(new Conduct.Well());
        stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
        assertThat(Books.atRest(agent).lost("sink")).isZero();
        Size.report(
            "SIGTERM",
            "%d stops, %d lines: 0 lost, %d duplicates, the slowest stop took %.1f s",
            stops,
            lines,
            stand.seen().duplicates(),
            slowest.toMillis() / 1e3);
      }
      assertThat(stand.seen().unnumbered()).isZero();
    }
  }

  /** Logs at the rate until it is closed. A rotated file outlives the slowest start. */
  private static SequenceWriter unending(Stand stand) throws Exception {
    return stand
        .writer("steady", Integer.MAX_VALUE, RATE, 200, Rotation.renaming(10_000_000, 30))
        .start();
  }

  private static void awaitDelivery(Stand stand, AgentProcess agent) {
    long before = stand.seen().distinct("steady");
    Stand.waiting(agent).until(() -> stand.seen().distinct("steady") > before);
  }

  /** A time that nobody chose. */
  private Duration aWhile() {
    return Duration.ofMillis(random.nextLong(MOST_OF_A_LIFE.toMillis()));
  }
}
