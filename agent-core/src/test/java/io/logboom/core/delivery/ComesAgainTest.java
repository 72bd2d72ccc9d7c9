package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.ledger.OutputRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A defect of the agent's own makes a unit come again: nothing of it is lost, doubled or late. */
@Timeout(90)
class ComesAgainTest {
  @TempDir Path directory;
  private final Rig rig = new Rig();
  private final ConcurrentLinkedQueue<String> arrived = new ConcurrentLinkedQueue<>();
  private final AtomicInteger defects = new AtomicInteger();
  private volatile boolean down = true;
  private volatile boolean refusing;
  private Spooler spooler;
  private Delivery delivery;

  @AfterEach
  void end() {
    delivery.close(System.nanoTime());
  }

  private void open(Ack ack, int workers) throws IOException {
    OutputStats stats = new OutputStats("out", "test");
    spooler = rig.spooler(directory, new LocalDisk(), ack, stats);
    Rejects rejects =
        (batch, records, why) -> {
          if (defects.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("planted");
          }
          arrived.addAll(bodies(batch, records));
        };
    Output output = this::send;
    delivery =
        new Delivery(
            stats, rig.ledger.output("out"), output, rig.settings(workers), spooler, rejects);
    delivery.start();
  }

  /** Takes all but the first record of a send, which it refuses for good. */
  private Outcome send(List<Batch> batches) {
    if (down) {
      return new Outcome.Retry("down");
    }
    BitSet first = new BitSet();
    for (int i = 0, base = 0; i < batches.size(); base += batches.get(i).size(), i++) {
      Batch batch = batches.get(i);
      BitSet taken = new BitSet();
      taken.set(0, batch.size());
      if (refusing && i == 0) {
        taken.clear(0);
        first.set(base);
      }
      arrived.addAll(bodies(batch, taken));
    }
    return first.isEmpty()
        ? Outcome.DELIVERED
        : new Outcome.Mixed(
            new BitSet(), List.of(new Outcome.Rejection(0, "refused")), "", Duration.ZERO);
  }

  private static List<String> bodies(Batch batch, BitSet records) {
    return records.stream()
        .filter(i -> !batch.isDropped(i))
        .mapToObj(
            i ->
                new String(batch.bytes(), batch.offset(i), batch.length(i), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void whatCameBackToTheSpoolIsReadAgainThoughNothingElseIsSpooled() throws Exception {
    open(Ack.SPOOLED, 3);
    rig.put(delivery, 10);
    await().until(() -> spooler.records() == 10L * Rig.LINES);
    // So that the entries are on disk alone, as those of an earlier run.
    delivery.close(System.nanoTime() + Duration.ofSeconds(5).toNanos());
    rig.restart();
    down = false;
    refusing = true;
    defects.set(1);
    open(Ack.SPOOLED, 1);
    await().until(() -> delivery.isIdle());
    assertThat(spooler.records()).isZero();
    assertThat(arrived)
        .containsExactlyInAnyOrderElementsOf(Rig.lines(0, 10 * Rig.LINES))
        .doesNotHaveDuplicates();
    booksAreEmpty();
  }

  @Test
  void whatIsYoungerStaysBehindWhatComesAgain() throws Exception {
    open(Ack.SPOOLED, 3);
    rig.put(delivery, 10);
    await().until(() -> spooler.records() == 10L * Rig.LINES);
    delivery.close(System.nanoTime() + Duration.ofSeconds(5).toNanos());
    rig.restart();
    down = false;
    WholeRejects whole = new WholeRejects();
    OutputStats stats = new OutputStats("out", "test");
    spooler = rig.spooler(directory, new LocalDisk(), Ack.SPOOLED, stats);
    delivery =
        new Delivery(stats, rig.ledger.output("out"), whole, rig.settings(3), spooler, whole::keep);
    delivery.start();
    await().until(() -> whole.failed.get() > 0);
    rig.put(delivery, 20);
    await().until(() -> delivery.isIdle());
    assertThat(arrived).containsExactlyElementsOf(Rig.lines(0, 30 * Rig.LINES));
    booksAreEmpty();
  }

  /** Refuses its first send as a whole, which cannot be noted at first. */
  private final class WholeRejects implements Output {
    private final AtomicInteger failed = new AtomicInteger();

    @Override
    public Outcome send(List<Batch> batches) {
      if (failed.get() == 0) {
        return new Outcome.Rejected("refused");
      }
      return ComesAgainTest.this.send(batches);
    }

    void keep(Batch batch, BitSet records, java.util.function.IntFunction<String> why) {
      failed.incrementAndGet();
      throw new IllegalStateException("planted");
    }
  }

  @Test
  void aSourceThatWaitsForTheReceiverIsToldOnceByTheReceiver() throws Exception {
    open(Ack.DELIVERED, 2);
    rig.put(delivery, 10);
    Thread more =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    rig.put(delivery, 30);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    await().until(() -> spooler.records() >= 20L * Rig.LINES);
    refusing = true;
    defects.set(3);
    down = false;
    more.join();
    await().until(() -> delivery.isIdle() && rig.told.size() >= 40);
    assertThat(spooler.records()).isZero();
    long again = rig.told.stream().filter(Settlement.AGAIN::equals).count();
    assertThat(rig.told).hasSize(40);
    // What was in memory alone goes back to its source, which is told so; nothing else does.
    assertThat(arrived).doesNotHaveDuplicates();
    assertThat(arrived).hasSizeGreaterThanOrEqualTo((int) (40 - again) * Rig.LINES);
    assertThat(again).isLessThanOrEqualTo(10);
  }

  private void booksAreEmpty() {
    await()
        .untilAsserted(
            () -> {
              OutputRow row = rig.ledger.output("out").row();
              assertThat(row.inFlight()).as("%s", row).isZero();
              assertThat(row.spooled()).as("%s", row).isZero();
            });
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(40));
  }
}
