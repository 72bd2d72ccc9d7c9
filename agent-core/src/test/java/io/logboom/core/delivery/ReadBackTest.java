package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.memory.SlabPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is read back from spools: as little as it takes to go on. */
@Timeout(120)
class ReadBackTest {
  private static final int OUTPUTS = 3;
  private static final int SPOOLED = 40;

  @TempDir Path directory;

  /** An output with its spool, whose receiver is there or not. */
  private final class End {
    private final AtomicBoolean up = new AtomicBoolean();
    private final AtomicLong arrived = new AtomicLong();
    private final StubbornDisk disk = new StubbornDisk();
    private final Delivery delivery;
    private final Spooler spooler;

    End(Rig rig, int number) throws Exception {
      this(rig, number, Ack.SPOOLED);
    }

    End(Rig rig, int number, Ack ack) throws Exception {
      OutputStats stats = new OutputStats("out." + number, "test");
      spooler = rig.spooler(directory.resolve("spool" + number), disk, ack, stats);
      OutputSettings settings =
          new OutputSettings(
              4,
              2L * SlabPool.USUAL,
              450 << 10,
              Duration.ofMillis(5),
              true,
              0,
              OutputSettings.UNLIMITED,
              Duration.ofMillis(20),
              Duration.ofMillis(40));
      delivery =
          new Delivery(stats, rig.ledger.output(stats.name()), this::send, settings, spooler, null);
      delivery.start();
    }

    private Outcome send(List<Batch> batches) {
      if (!up.get()) {
        return new Outcome.Retry("down");
      }
      batches.forEach(batch -> arrived.addAndGet(batch.liveRecords()));
      return Outcome.DELIVERED;
    }
  }

  /** A batch that fills most of a slab. */
  private static Batch large(Rig rig) throws InterruptedException {
    Batch batch = rig.pool.open();
    int origin = batch.origin(Origin.builder(rig.names, "tag").build());
    byte[] line = "x".repeat(2000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int i = 0; i < 100; i++) {
      batch.add(origin, batch.append(line, 0, line.length), line.length, 0, i);
    }
    return batch;
  }

  private static Thread fill(Rig rig, End end, int batches) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 0; i < batches; i++) {
                  Batch batch = large(rig);
                  end.delivery.put(
                      batch, rig.holder(batch), batch.bytes().length, System.nanoTime());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Test
  void aFullPoolIsDrainedByEveryOutputThatGetsOnAndTheReserveIsKeptTo() throws Exception {
    spoolMuch();
    Rig rig = new Rig(new SlabPool(8L * SlabPool.USUAL));
    List<End> ends = new ArrayList<>();
    List<Thread> sources = new ArrayList<>();
    try {
      for (int i = 0; i < OUTPUTS; i++) {
        End end = new End(rig, i);
        // What is in memory stays there.
        end.disk.full = true;
        ends.add(end);
        sources.add(fill(rig, end, 20));
      }
      await().until(() -> rig.pool.waiting() > 0 && rig.pool.tryOpen() == null);
      ends.get(1).up.set(true);
      ends.get(2).up.set(true);
      for (End end : ends.subList(1, OUTPUTS)) {
        await().until(() -> end.arrived.get() >= SPOOLED * 100L);
      }
      assertThat(ends.getFirst().arrived).hasValue(0);
      ends.getFirst().up.set(true);
      for (Thread source : sources) {
        source.join();
      }
      for (End end : ends) {
        await().until(() -> end.delivery.isIdle());
        assertThat(end.arrived).hasValue((SPOOLED + 20) * 100L);
      }
      assertThat(rig.pool.peak())
          .isLessThanOrEqualTo(
              rig.pool.budget() + rig.pool.reserve() + (long) OUTPUTS * SlabPool.USUAL);
    } finally {
      ends.forEach(end -> end.delivery.close(System.nanoTime()));
    }
  }

  @Test
  void sourcesThatWaitForTheReceiverAreNoMoreThanMemoryIsMeantFor() throws Exception {
    Rig rig = new Rig();
    End end = new End(rig, 0, Ack.DELIVERED);
    int batches = Spooler.MOST_UNTOLD + 1000;
    Thread source =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    rig.put(end.delivery, batches);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      await().until(() -> end.spooler.problem() != null);
      assertThat(end.spooler.problem()).contains("ack: delivered");
      assertThat(end.spooler.entries()).isEqualTo(Spooler.MOST_UNTOLD);
      assertThat(source.isAlive()).isTrue();
      assertThat(rig.told).isEmpty();
      end.up.set(true);
      source.join();
      await().until(() -> end.delivery.isIdle() && rig.told.size() == batches);
      assertThat(rig.told).containsOnly(Settlement.DONE);
      assertThat(end.arrived).hasValue((long) batches * Rig.LINES);
      await().until(() -> end.spooler.problem() == null);
    } finally {
      end.delivery.close(System.nanoTime());
    }
  }

  /** Each output's spool has many more batches than the pool. */
  private void spoolMuch() throws Exception {
    Rig rig = new Rig();
    for (int i = 0; i < OUTPUTS; i++) {
      End end = new End(rig, i);
      fill(rig, end, SPOOLED).join();
      end.delivery.close(System.nanoTime() + Duration.ofSeconds(20).toNanos());
    }
    assertThat(rig.told).hasSize(OUTPUTS * SPOOLED);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }
}
