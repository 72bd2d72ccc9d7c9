package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.codec.Compression;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.config.OutputBuffer.Overflow;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.ledger.OutputRow;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.Holder;
import io.logboom.core.spool.Spool;
import io.logboom.core.spool.SpoolBudget;
import io.logboom.core.spool.SpoolSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A delivery with a real spool on a real disk, in front of a receiver that comes and goes. */
class SpillingTest {
  private static final int LINES = 50;

  @TempDir Path directory;
  private final Receiver receiver = new Receiver();
  private final ConcurrentLinkedQueue<Settlement> told = new ConcurrentLinkedQueue<>();
  private Names names;
  private SlabPool pool;
  private Ledger ledger;
  private OutputStats stats;
  private Spooler spooler;
  private Delivery delivery;
  private int next;

  @BeforeEach
  void begin() throws IOException {
    open(Ack.SPOOLED, Overflow.BLOCK, 1L << 30);
  }

  @AfterEach
  void end() {
    close(Duration.ZERO);
  }

  private void open(Ack ack, Overflow overflow, long limit) throws IOException {
    names = new Names();
    pool = new SlabPool(32L * SlabPool.USUAL);
    ledger = new Ledger(System::nanoTime);
    stats = new OutputStats("out", "test");
    Spool spool =
        Spool.open(
            directory.resolve("spool"),
            new LocalDisk(),
            new SpoolSettings(limit, new SpoolBudget(limit)),
            InstantSource.system());
    spooler =
        new Spooler(
            spool,
            new SpoolPolicy(ack, overflow),
            names,
            Compression.NONE,
            pool,
            stats,
            ledger.output("out"),
            InstantSource.system(),
            limit);
    OutputSettings settings =
        new OutputSettings(
            3,
            64 << 10,
            16 << 10,
            Duration.ofMillis(5),
            true,
            0,
            OutputSettings.UNLIMITED,
            Duration.ofMillis(20),
            Duration.ofMillis(40));
    delivery = new Delivery(stats, ledger.output("out"), receiver, settings, spooler, null);
    delivery.start();
  }

  private void close(Duration grace) {
    delivery.close(System.nanoTime() + grace.toNanos());
  }

  @Test
  void whatADeadReceiverDoesNotTakeIsSafeOnDiskAndSettled() throws InterruptedException {
    receiver.become(Receiver.State.DOWN);
    put(40);
    await().until(() -> told.size() == 40);
    assertThat(told).containsOnly(Settlement.DONE);
    assertThat(spooler.records()).isEqualTo(40L * LINES);
    assertThat(receiver.arrived()).isEmpty();
    holds(40L * LINES);
  }

  @Test
  void whenTheReceiverIsBackEverythingArrivesOnceAndInOrder() throws InterruptedException {
    receiver.become(Receiver.State.DOWN);
    put(40);
    await().until(() -> told.size() == 40);
    receiver.become(Receiver.State.UP);
    put(10);
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(lines(0, 50 * LINES));
    assertThat(told).hasSize(50).containsOnly(Settlement.DONE);
    assertThat(pool.used()).isZero();
    holds(0);
  }

  @Test
  void aReceiverThatAnswersIsNeverSpilledFor() throws InterruptedException {
    put(200);
    await().until(() -> delivery.isIdle());
    assertThat(spooler.writtenBytes()).isZero();
    assertThat(receiver.arrived()).isEqualTo(lines(0, 200 * LINES));
  }

  @Test
  void whatWasSpooledArrivesAfterARestartInOrder() throws InterruptedException, IOException {
    receiver.become(Receiver.State.DOWN);
    put(40);
    await().until(() -> told.size() == 40);
    close(Duration.ofSeconds(5));
    receiver.become(Receiver.State.UP);
    open(Ack.SPOOLED, Overflow.BLOCK, 1L << 30);
    put(5);
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(lines(0, 45 * LINES));
    assertThat(stats.recoveredRecords()).isEqualTo(40L * LINES);
    holds(0);
  }

  @Test
  void aStopPutsWhatIsLeftOnDisk() throws InterruptedException, IOException {
    receiver.become(Receiver.State.HOLDING);
    put(3);
    await().until(() -> receiver.sends() > 0);
    assertThat(told).isEmpty();
    close(Duration.ofSeconds(5));
    assertThat(told).hasSize(3).containsOnly(Settlement.DONE);
    assertThat(pool.used()).isZero();
    assertThat(ledger.output("out").row().of(Fate.LEFT)).isEqualTo(3L * LINES);
    holds(0);
    receiver.become(Receiver.State.UP);
    open(Ack.SPOOLED, Overflow.BLOCK, 1L << 30);
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(lines(0, 3 * LINES));
  }

  @Test
  void withAckDeliveredOnlyTheReceiversAnswerSettles() throws InterruptedException, IOException {
    close(Duration.ZERO);
    open(Ack.DELIVERED, Overflow.BLOCK, 1L << 30);
    receiver.become(Receiver.State.DOWN);
    put(40);
    await().until(() -> spooler.records() > 20L * LINES);
    assertThat(told).isEmpty();
    receiver.become(Receiver.State.UP);
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(lines(0, 40 * LINES));
    await().until(() -> told.size() == 40);
    assertThat(told).containsOnly(Settlement.DONE);
    holds(0);
  }

  @Test
  void withAckDeliveredTheSourceBringsWhatAStopLeft() throws InterruptedException, IOException {
    close(Duration.ZERO);
    open(Ack.DELIVERED, Overflow.BLOCK, 1L << 30);
    receiver.become(Receiver.State.DOWN);
    put(40);
    await().until(() -> spooler.records() > 20L * LINES);
    close(Duration.ofSeconds(5));
    assertThat(told).hasSize(40).containsOnly(Settlement.AGAIN);
    told.clear();
    receiver.become(Receiver.State.UP);
    open(Ack.DELIVERED, Overflow.BLOCK, 1L << 30);
    next = 0;
    put(40);
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(lines(0, 40 * LINES));
  }

  @Test
  void dropOldestKeepsTheNewestAndCountsTheRest() throws InterruptedException, IOException {
    List<String> arrived = overflow(Overflow.DROP_OLDEST);
    List<String> all = lines(0, 200 * LINES);
    assertThat(arrived).endsWith(all.getLast());
    assertThat(all).containsAll(arrived);
  }

  @Test
  void dropNewestKeepsTheOldestAndCountsTheRest() throws InterruptedException, IOException {
    List<String> arrived = overflow(Overflow.DROP_NEWEST);
    List<String> all = lines(0, 200 * LINES);
    assertThat(arrived).startsWith(all.getFirst());
    assertThat(all).containsAll(arrived);
  }

  private List<String> overflow(Overflow policy) throws InterruptedException, IOException {
    close(Duration.ZERO);
    open(Ack.SPOOLED, policy, 256 << 10);
    receiver.become(Receiver.State.DOWN);
    put(200);
    await().until(() -> told.size() == 200);
    assertThat(spooler.bytes()).isLessThanOrEqualTo(2L * (256 << 10));
    receiver.become(Receiver.State.UP);
    await().until(() -> delivery.isIdle());
    List<String> arrived = receiver.arrived();
    assertThat(arrived).doesNotHaveDuplicates().isSorted();
    assertThat(stats.overflowRecords()).isEqualTo(200L * LINES - arrived.size()).isPositive();
    holds(0);
    return arrived;
  }

  @Test
  void blockMakesTheSourceWaitAndLosesNothing() throws InterruptedException, IOException {
    close(Duration.ZERO);
    open(Ack.SPOOLED, Overflow.BLOCK, 256 << 10);
    receiver.become(Receiver.State.DOWN);
    Thread source = Thread.ofVirtual().start(() -> putQuietly(200));
    await().until(() -> spooler.problem() != null);
    assertThat(source.isAlive()).isTrue();
    assertThat(stats.droppedRecords()).isZero();
    receiver.become(Receiver.State.UP);
    source.join();
    await().until(() -> delivery.isIdle());
    assertThat(receiver.arrived()).isEqualTo(lines(0, 200 * LINES));
    assertThat(spooler.problem()).isNull();
    holds(0);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(40));
  }

  /** The books say that this many records are held, in memory or on disk. */
  private void holds(long records) {
    await()
        .untilAsserted(
            () -> {
              OutputRow row = ledger.output("out").row();
              assertThat(row.inFlight() + row.spooled()).as("%s", row).isEqualTo(records);
              assertThat(row.inFlight()).isNotNegative();
              assertThat(row.spooled()).isNotNegative();
            });
  }

  private void putQuietly(int batches) {
    try {
      put(batches);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void put(int batches) throws InterruptedException {
    for (int i = 0; i < batches; i++) {
      Batch batch = pool.open();
      int origin = batch.origin(Origin.builder(names, "tag").build());
      for (int k = 0; k < LINES; k++) {
        byte[] line = line(next++).getBytes(StandardCharsets.UTF_8);
        batch.add(origin, batch.append(line, 0, line.length), line.length, 0, next);
      }
      pool.fit(batch);
      delivery.put(batch, new Source(batch), batch.bytes().length, System.nanoTime());
    }
  }

  private final class Source implements Holder {
    private final Batch batch;

    Source(Batch batch) {
      this.batch = batch;
    }

    @Override
    public void tell(Settlement settlement) {
      told.add(settlement);
    }

    @Override
    public void free() {
      pool.release(batch);
    }
  }

  private static String line(int number) {
    return "line-" + (1_000_000 + number) + " with something to say";
  }

  private static List<String> lines(int from, int to) {
    return new ArrayList<>(IntStream.range(from, to).mapToObj(SpillingTest::line).toList());
  }
}
