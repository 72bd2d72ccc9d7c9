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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RotationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  /**
   * The container starts when the agent runs already, and at once logs as fast as nodes ever see.
   */
  @Test
  void losesNothingOfAContainerThatLogsSixtyThousandLinesASecondAndRotates() throws Exception {
    long lines = 600_000;
    Sequences seen = new Sequences();
    try (Rig rig = new Rig(directory);
        BulkSink sink = new BulkSink(seen::note);
        AgentProcess agent = rig.example2(Rig.loopback(sink.port())).start()) {
      await().atMost(PATIENCE).until(() -> agent.answers("/readyz"));
      Container busy = rig.pod(Container.of("shop", "busy-7d9c5b6f4-abcde", "web"));
      Rotation rotation = Rotation.renaming(10_000_000, 5);
      try (SequenceWriter writer =
          new SequenceWriter(
                  rig.node().start(busy, LogFormat.CRI, rotation), "busy", lines, 60_000, 200)
              .start()) {
        assertThat(writer.join()).isEqualTo(lines);
        assertThat(writer.rotations()).isGreaterThanOrEqualTo(10);
      }

      await().atMost(PATIENCE).until(() -> seen.distinct("busy") >= lines);

      assertThat(seen.firstMissing("busy", lines)).isEqualTo(-1);
      assertThat(seen.duplicates()).isZero();
      assertThat(seen.unnumbered()).isZero();
    }
  }

  /** What the kubelet has compressed since is read as well; what was copied and emptied too. */
  @ParameterizedTest
  @EnumSource(Rotation.How.class)
  void losesNothingAtAModestPaceHoweverItIsRotated(Rotation.How how) throws Exception {
    long lines = 20_000;
    Sequences seen = new Sequences();
    try (Rig rig = new Rig(directory);
        BulkSink sink = new BulkSink(seen::note);
        AgentProcess agent = rig.example2(Rig.loopback(sink.port())).start()) {
      await().atMost(PATIENCE).until(() -> agent.answers("/readyz"));
      Container calm = rig.pod(Container.of("shop", "calm-7d9c5b6f4-abcde", "web"));
      boolean compress = how == Rotation.How.RENAME;
      Rotation rotation = new Rotation(1_000_000, 5, how, compress);
      try (SequenceWriter writer =
          new SequenceWriter(
                  rig.node().start(calm, LogFormat.CRI, rotation), "calm", lines, 4_000, 200)
              .start()) {
        assertThat(writer.join()).isEqualTo(lines);
        assertThat(writer.rotations()).isGreaterThanOrEqualTo(4);
      }

      await().atMost(PATIENCE).until(() -> seen.distinct("calm") >= lines);

      assertThat(seen.firstMissing("calm", lines)).isEqualTo(-1);
      assertThat(seen.unnumbered()).isZero();
    }
  }
}
