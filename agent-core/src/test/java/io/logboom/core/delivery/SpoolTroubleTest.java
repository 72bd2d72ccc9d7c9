package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.core.config.OutputBuffer.Ack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a delivery does, and says, while its spool's disk is in trouble and afterwards. */
@Timeout(90)
class SpoolTroubleTest {
  @TempDir Path directory;
  private final Rig rig = new Rig();
  private final StubbornDisk disk = new StubbornDisk();
  private final Receiver receiver = new Receiver();
  private Spooler spooler;
  private Delivery delivery;

  @BeforeEach
  void begin() throws IOException {
    OutputStats stats = new OutputStats("out", "test");
    spooler = rig.spooler(directory, disk, Ack.SPOOLED, stats);
    delivery =
        new Delivery(stats, rig.ledger.output("out"), receiver, rig.settings(1), spooler, null);
    delivery.start();
  }

  @AfterEach
  void end() {
    delivery.close(System.nanoTime());
  }

  @Test
  void aFullDiskIsToldUntilNothingWaitsForItAnyMore() throws Exception {
    disk.full = true;
    receiver.become(Receiver.State.DOWN);
    Thread source = put(40);
    await().until(() -> spooler.problem() != null);
    assertThat(spooler.problem()).isEqualTo("the disk is full");
    // Nothing has got on: it holds.
    await().during(Duration.ofSeconds(3)).until(() -> spooler.problem() != null);
    // The disk stays full; but the receiver takes all that memory has.
    receiver.become(Receiver.State.UP);
    source.join();
    await().until(() -> delivery.isIdle());
    await().atMost(Duration.ofSeconds(5)).until(() -> spooler.problem() == null);
    assertThat(receiver.arrived()).isEqualTo(Rig.lines(0, 40 * Rig.LINES));
  }

  @Test
  void aDiskThatHasRoomAgainIsUsedAgain() throws Exception {
    disk.full = true;
    receiver.become(Receiver.State.DOWN);
    Thread source = put(40);
    await().until(() -> spooler.problem() != null);
    disk.full = false;
    await().until(() -> spooler.problem() == null && spooler.records() > 0);
    source.join();
    receiver.become(Receiver.State.UP);
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(Rig.lines(0, 40 * Rig.LINES));
  }

  @Test
  void goesOnWritingAfterDefects() throws Exception {
    disk.defects.set(3);
    receiver.become(Receiver.State.DOWN);
    Thread source = put(40);
    await().until(() -> delivery.stats().defects() == 3);
    await().until(() -> rig.told.size() == 40);
    source.join();
    assertThat(spooler.problem()).isNull();
    assertThat(delivery.isWorking()).isTrue();
    assertThat(spooler.records()).isEqualTo(40L * Rig.LINES);
    receiver.become(Receiver.State.UP);
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(Rig.lines(0, 40 * Rig.LINES));
  }

  @Test
  void aDefectThatStaysHoldsUpTheSourceAndLosesNothing() throws Exception {
    disk.defects.set(Integer.MAX_VALUE);
    receiver.become(Receiver.State.DOWN);
    Thread source = put(40);
    await().until(() -> spooler.problem() != null);
    assertThat(spooler.problem())
        .isEqualTo(
            "a defect keeps the spool from being written: java.lang.IllegalStateException:"
                + " planted");
    assertThat(source.isAlive()).isTrue();
    receiver.become(Receiver.State.UP);
    source.join();
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(Rig.lines(0, 40 * Rig.LINES));
    await().until(() -> spooler.problem() == null);
  }

  @Test
  void anErrorThatEndsTheWriterNeedsARestart() throws Exception {
    disk.defect = new LinkageError("planted");
    disk.defects.set(1);
    receiver.become(Receiver.State.DOWN);
    Thread source = put(40);
    await().dontCatchUncaughtExceptions().until(() -> !delivery.isWorking());
    assertThat(spooler.problem()).endsWith("java.lang.LinkageError: planted");
    source.interrupt();
    source.join();
  }

  private Thread put(int batches) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                rig.put(delivery, batches);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(40));
  }
}
