package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Conduct;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskIT {
  private static final int RATE = 20_000;

  @TempDir Path directory;

  /** The receiver is away and the spool fills the disk: inputs wait, and nothing else happens. */
  @Test
  void aFullDiskMakesItWaitAndItGoesOnByItselfWhenThereIsRoom() throws Exception {
    try (LimitedDisk disk = LimitedDisk.mounted(directory, Size.of("disk.mib", 24, 256) << 20);
        Stand stand = new Stand(directory.resolve("work"), disk.path().resolve("state"))) {
      long lines = 3 * disk.freeBytes() / 200;
      Setup setup = stand.usual().service("buffer.spool_limit", "0");
      AgentProcess agent = stand.start(setup);
      stand.sink().conduct(new Conduct.Away());
      try (SequenceWriter writer = stand.writer("flood", lines, 0, 200).start()) {
        assertThat(writer.join()).isEqualTo(lines);
      }
      Stand.waiting(agent).until(() -> disk.freeBytes() < 2 << 20);
      Stand.waiting(agent).until(() -> agent.get("/log").body().contains("the disk is full"));
      assertThat(agent.answers("/livez")).as("a restart would not help").isTrue();

      stand.sink().conduct(new Conduct.Well());
      stand.awaitAll(agent, Duration.ofMinutes(3), "flood", lines);
      assertThat(Books.atRest(agent).lost("sink")).isZero();
      Stand.waiting(agent).until(() -> agent.answers("/readyz"));
      Size.report("full disk", "%d lines, 0 lost, %d duplicates", lines, stand.seen().duplicates());
    }
  }

  /** Something else takes the disk, also that for checkpoints, while records flow. */
  @Test
  void aDiskFilledByOthersStopsNothingWhileTheReceiverIsThere() throws Exception {
    try (LimitedDisk disk = LimitedDisk.mounted(directory, 24 << 20);
        Stand stand = new Stand(directory.resolve("work"), disk.path().resolve("state"))) {
      int lines = 3 * RATE;
      AgentProcess agent = stand.start(stand.usual());
      try (SequenceWriter writer = stand.writer("steady", lines, RATE, 200).start()) {
        Stand.waiting(agent).until(() -> writer.written() >= lines / 3);
        disk.fill();
        assertThat(writer.join()).isEqualTo(lines);
        stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
      } finally {
        disk.free();
      }
      assertThat(stand.seen().duplicates()).isZero();
    }
  }

  @Test
  void aDiskThatRefusesWritesMakesItWaitAndItGoesOnByItselfWhenItTakesThemAgain() throws Exception {
    try (LimitedDisk disk = LimitedDisk.mounted(directory, 64 << 20);
        Stand stand = new Stand(directory.resolve("work"), disk.path().resolve("state"))) {
      int lines = Size.of("refused.lines", 100_000, 1_000_000);
      AgentProcess agent = stand.start(stand.usual());
      try (SequenceWriter writer = stand.writer("steady", lines, RATE, 200).start()) {
        Stand.waiting(agent).until(() -> writer.written() >= lines / 4);
        stand.sink().conduct(new Conduct.Away());
        disk.refuseWrites();
        assertThat(writer.join()).isEqualTo(lines);
        assertThat(agent.answers("/livez")).isTrue();
        disk.allowWrites();
        stand.sink().conduct(new Conduct.Well());
        stand.awaitAll(agent, Stand.PATIENCE, "steady", lines);
      }
      assertThat(Books.atRest(agent).lost("sink")).isZero();
      Size.report(
          "read-only disk", "%d lines, 0 lost, %d duplicates", lines, stand.seen().duplicates());
    }
  }

  @Test
  void startsOnAFullDiskAndUsesItWhenThereIsRoom() throws Exception {
    try (LimitedDisk disk = LimitedDisk.mounted(directory, 24 << 20);
        Stand stand = new Stand(directory.resolve("work"), disk.path().resolve("state"))) {
      disk.fill();
      startsWithoutTheDisk(stand, "No space left on device", disk::free);
    }
  }

  @Test
  void startsOnAReadOnlyDiskAndUsesItWhenItTakesWrites() throws Exception {
    try (LimitedDisk disk = LimitedDisk.mounted(directory, 24 << 20);
        Stand stand = new Stand(directory.resolve("work"), disk.path().resolve("state"))) {
      disk.readOnly();
      startsWithoutTheDisk(stand, "Read-only file system", disk::writable);
    }
  }

  /** What mends the disk. */
  @FunctionalInterface
  private interface Mending {
    void run() throws Exception;
  }

  private void startsWithoutTheDisk(Stand stand, String why, Mending mending) throws Exception {
    int lines = RATE;
    AgentProcess agent = stand.start(stand.usual());
    Stand.waiting(agent).until(() -> agent.get("/readyz").body().contains(why));
    assertThat(agent.get("/readyz").body()).contains("the state directory ");
    try (SequenceWriter writer = stand.writer("before", lines, RATE, 200).start()) {
      assertThat(writer.join()).isEqualTo(lines);
    }
    stand.awaitAll(agent, Stand.PATIENCE, "before", lines);
    assertThat(agent.answers("/livez")).isTrue();
    assertThat(agent.answers("/readyz")).isFalse();

    mending.run();
    Stand.waiting(agent).until(() -> agent.answers("/readyz"));
    stand.sink().conduct(new Conduct.Away());
    try (SequenceWriter writer = stand.writer("after", lines, RATE, 200).start()) {
      assertThat(writer.join()).isEqualTo(lines);
    }
    Stand.waiting(agent)
        .until(() -> !agent.get("/api/v1/status").body().contains("\"records\":0,\"oldest"));
    stand.sink().conduct(new Conduct.Well());
    stand.awaitAll(agent, Stand.PATIENCE, "after", lines);
    assertThat(Books.atRest(agent).lost("sink")).isZero();
  }
}
