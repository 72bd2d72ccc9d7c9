package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.LocalDisk;
import io.logboom.core.config.OutputBuffer.Ack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OutputQueueTest {
  @TempDir Path directory;
  private final Rig rig = new Rig();

  @Test
  void asksTheOthersWithoutKeepingThemFromAskingIt() throws Exception {
    OutputStats stats = new OutputStats("out", "test");
    OutputQueue queue = queue(stats);
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    queue.othersStarve(
        full -> {
          // As another output's queue does, in its own thread, at the same moment.
          Thread other = Thread.ofVirtual().start(queue::isIdle);
          answered.complete(joined(other));
          return true;
        });
    Thread source = Thread.ofVirtual().start(() -> fill(queue, stats));
    assertThat(answered.get(30, TimeUnit.SECONDS)).as("the other queue got its answer").isTrue();
    source.interrupt();
    source.join();
    queue.close(System.nanoTime());
  }

  @Test
  void whoWaitsLooksUpWhereItIsEnough() throws Exception {
    OutputQueue queue = queue(new OutputStats("out", "test"));
    CountDownLatch asked = new CountDownLatch(1);
    AtomicBoolean enough = new AtomicBoolean();
    FutureTask<Boolean> empty =
        new FutureTask<>(
            () ->
                queue.take(
                        TimeUnit.HOURS.toNanos(1),
                        () -> {
                          asked.countDown();
                          return enough.get();
                        })
                    == null);
    Thread.ofVirtual().start(empty);
    asked.await();
    enough.set(true);
    queue.lookUp();
    assertThat(empty.get(30, TimeUnit.SECONDS)).isTrue();
    queue.close(System.nanoTime());
  }

  private static boolean joined(Thread other) {
    try {
      return other.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Puts what the queue has no room for, with an output that gets on. */
  private void fill(OutputQueue queue, OutputStats stats) {
    try {
      for (int i = 0; i < 100; i++) {
        Batch batch = rig.batch();
        stats.lastProgressNanos = System.nanoTime();
        queue.put(batch, rig.holder(batch), batch.bytes().length, System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private OutputQueue queue(OutputStats stats) throws IOException {
    Spooler spooler = rig.spooler(directory, new LocalDisk(), Ack.SPOOLED, stats);
    return new OutputQueue(64 << 10, stats, rig.ledger.output("out"), spooler);
  }
}
