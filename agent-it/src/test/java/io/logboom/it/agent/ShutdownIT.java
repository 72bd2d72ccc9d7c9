package io.logboom.it.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.it.node.Container;
import io.logboom.it.node.ContainerLog;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.BulkSink;
import io.logboom.it.sink.Sequences;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShutdownIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void aTerminatedAgentDrainsAndTheNextOneGoesOnWhereItStopped() throws Exception {
    long lines = 20_000;
    Sequences seen = new Sequences();
    try (Rig rig = new Rig(directory);
        BulkSink sink = new BulkSink(seen::note)) {
      AgentProcess.Launch launch = rig.example2(Rig.loopback(sink.port()));
      Container pod = rig.pod(Container.of("shop", "orders-7d9c5b6f4-abcde", "web"));
      try (SequenceWriter writer = writer(rig, pod, "before", lines, 5_000)) {
        AgentProcess first = launch.start();
        await().atMost(PATIENCE).until(() -> sink.count() > 0);
        assertThat(first.stop(Duration.ofSeconds(20))).as(first.log()).hasValue(0);
        assertThat(writer.join()).isEqualTo(lines);
      }
      try (SequenceWriter writer = writer(rig, pod, "after", lines, 0);
          AgentProcess second = launch.start()) {
        assertThat(writer.join()).isEqualTo(lines);
        await()
            .atMost(PATIENCE)
            .failFast(() -> Rig.assertAlive(second))
            .until(() -> seen.distinct("before") + seen.distinct("after") >= 2 * lines);
      }

      assertThat(seen.firstMissing("before", lines)).isEqualTo(-1);
      assertThat(seen.firstMissing("after", lines)).isEqualTo(-1);
      assertThat(seen.duplicates()).as("what was delivered was also remembered").isZero();
    }
  }

  /** Writes at the end of the container's file, which is not rotated. */
  private static SequenceWriter writer(
      Rig rig, Container pod, String prefix, long lines, double linesPerSecond) throws IOException {
    ContainerLog log = rig.node().start(pod, LogFormat.CRI, Rotation.NONE);
    return new SequenceWriter(log, prefix, lines, linesPerSecond, 200).start();
  }

  /** A backend that is away must not keep the node from going down. */
  @Test
  void aTerminatedAgentEndsInTimeAlsoWhereNothingCanBeDelivered() throws Exception {
    try (Rig rig = new Rig(directory)) {
      int nobody;
      try (BulkSink gone = new BulkSink(document -> {})) {
        nobody = gone.port();
      }
      Container pod = rig.pod(Container.of("shop", "orders-7d9c5b6f4-abcde", "web"));
      try (SequenceWriter writer = writer(rig, pod, "orders", 20_000, 0)) {
        assertThat(writer.join()).isEqualTo(20_000);
      }
      AgentProcess.Launch launch = rig.example2(Rig.loopback(nobody));
      AgentProcess agent = launch.start();
      await().atMost(PATIENCE).until(() -> agent.answers("/readyz"));

      assertThat(agent.stop(Duration.ofSeconds(25))).as(agent.log()).isPresent();

      Sequences seen = new Sequences();
      try (BulkSink back = new BulkSink(seen::note);
          AgentProcess next = rig.example2(Rig.loopback(back.port())).start()) {
        await()
            .atMost(PATIENCE)
            .failFast(() -> Rig.assertAlive(next))
            .until(() -> seen.distinct("orders") >= 20_000);
      }
      assertThat(seen.firstMissing("orders", 20_000)).isEqualTo(-1);
    }
  }
}
