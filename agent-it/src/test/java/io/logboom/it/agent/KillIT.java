package io.logboom.it.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.it.node.Container;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.BulkSink;
import io.logboom.it.sink.Sequences;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int RATE = 10_000;
  private static final long LINES = 20L * RATE;

  @TempDir Path directory;

  @Test
  void losesNothingWhenItIsKilledEveryThreeSeconds() throws Exception {
    Sequences seen = new Sequences();
    try (Rig rig = new Rig(directory);
        BulkSink sink = new BulkSink(seen::note)) {
      AgentProcess.Launch launch = rig.example2(Rig.loopback(sink.port()));
      Container steady = rig.pod(Container.of("shop", "steady-7d9c5b6f4-abcde", "web"));
      Rotation rotation = Rotation.renaming(10_000_000, 5);
      int kills = 0;
      AgentProcess first = launch.start();
      await().atMost(PATIENCE).until(() -> first.answers("/readyz"));
      try (SequenceWriter writer =
          new SequenceWriter(
                  rig.node().start(steady, LogFormat.CRI, rotation), "steady", LINES, RATE, 200)
              .start()) {
        for (long next = 3 * RATE; next < LINES; next += 3 * RATE) {
          AgentProcess agent = kills == 0 ? first : launch.start();
          long until = next;
          await().atMost(PATIENCE).until(() -> writer.written() >= until);
          agent.kill();
          kills++;
        }
        assertThat(writer.join()).isEqualTo(LINES);
      }
      assertThat(kills).isEqualTo(6);
      assertThat(sink.count()).as("the agent delivered between its deaths").isPositive();

      try (AgentProcess last = launch.start()) {
        await()
            .atMost(PATIENCE)
            .failFast(() -> Rig.assertAlive(last))
            .until(() -> seen.distinct("steady") >= LINES);
      }

      assertThat(seen.firstMissing("steady", LINES)).isEqualTo(-1);
      assertThat(seen.unnumbered()).isZero();
    }
  }
}
