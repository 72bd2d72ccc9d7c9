package io.logboom.core.delivery;

import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.OutputRow;
import io.logboom.core.ledger.SourceRow;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a delivery enters in its output's books, on the ways that are not usual. */
@Timeout(120)
final class BooksTest {
  @TempDir Path directory;
  private Way way;

  @BeforeEach
  void begin() {
    way = new Way(directory);
  }

  @AfterEach
  void end() {
    way.close(Duration.ZERO);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private OutputRow row() {
    return way.account.row();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(40));
  }

  @Test
  void whatArrivedIsEnteredOnceThoughAStopCameWhileTheOthersWereBeingKept()
      throws InterruptedException {
    BitSet none = new BitSet();
    AtomicInteger tries = new AtomicInteger();
    way.openInMemory(
        new ScriptedOutput()
            .then(
                new Outcome.Mixed(
                    none, List.of(new Outcome.Rejection(2, "mapping")), "", Duration.ZERO)),
        (_, _, _) -> {
          tries.incrementAndGet();
          throw new IOException("the disk of the letters is full");
        });
    way.put("a", List.of("zero", "one", "two"));
    await().until(() -> tries.get() > 0);
    way.close(Duration.ZERO);
    assertThat(row().of(Fate.DELIVERED)).isEqualTo(2);
    assertThat(row().of(Fate.AGAIN)).isEqualTo(1);
    assertThat(row().inFlight()).isZero();
    assertThat(way.ledger.differences()).isEmpty();
  }

  @Test
  void ofWhatIsRefusedTogetherWhatIsKeptIsEnteredAndTheRestComesAgain()
      throws InterruptedException {
    AtomicInteger kept = new AtomicInteger();
    CountDownLatch queued = new CountDownLatch(1);
    way.openInMemory(
        new ScriptedOutput()
            .then(
                _ -> {
                  awaitQuietly(queued);
                  return Outcome.DELIVERED;
                })
            .then(new Outcome.Rejected("mapping")),
        (_, _, _) -> {
          if (kept.incrementAndGet() > 1) {
            throw new IOException("the disk of the letters is full");
          }
        });
    way.put("a", List.of("first"));
    await().until(() -> way.stats.requests() == 1);
    way.put("a", List.of("zero"));
    way.put("b", List.of("one", "two"));
    queued.countDown();
    await().until(() -> kept.get() > 1);
    way.close(Duration.ZERO);
    assertThat(row().of(Fate.DELIVERED)).isEqualTo(1);
    assertThat(row().of(Fate.REJECTED_KEPT)).isEqualTo(1);
    assertThat(row().of(Fate.AGAIN)).isEqualTo(2);
    assertThat(row().inFlight()).isZero();
    assertThat(way.ledger.differences()).isEmpty();
  }

  @Test
  void anOutputThatIsRemovedAndBackAgainHasItsSpooledRecordsInTheBooksOnce()
      throws InterruptedException, IOException {
    Receiver receiver = new Receiver();
    receiver.become(Receiver.State.DOWN);
    Delivery first = way.open(receiver, Ack.SPOOLED, null);
    way.put(10, "a", "b");
    first.spill();
    await().until(() -> way.told.size() == 10);
    way.close(Duration.ofSeconds(5));
    assertThat(row().of(Fate.LEFT)).isEqualTo(10 * Way.LINES);
    assertThat(way.account.outstanding()).isZero();
    assertThat(way.ledger.differences()).isEmpty();

    // As a reload does that is refused: it is opened, and closed without having been used.
    way.open(receiver, Ack.SPOOLED, null);
    assertThat(way.account.earlier() + row().inFlight()).isEqualTo(10 * Way.LINES);
    way.close(Duration.ZERO);
    assertThat(way.account.outstanding()).isZero();

    receiver.become(Receiver.State.UP);
    Delivery third = way.open(receiver, Ack.SPOOLED, null);
    way.put(1, "a");
    await().until(third::isIdle);
    await().until(() -> way.account.outstanding() == 0);
    assertThat(receiver.arrived()).hasSize(11 * Way.LINES);
    assertThat(row().of(Fate.DELIVERED)).isEqualTo(11 * Way.LINES);
    assertThat(row().routed()).isEqualTo(11 * Way.LINES);
    assertThat(row().recovered()).isEqualTo(row().of(Fate.LEFT));
    assertThat(way.account.earlier()).isZero();
    assertAddsUpAtRest();
  }

  @Test
  void withAckDeliveredWhatARemovedOutputLeavesComesAgainFromItsInput()
      throws InterruptedException, IOException {
    Receiver receiver = new Receiver();
    receiver.become(Receiver.State.DOWN);
    way.open(receiver, Ack.DELIVERED, null);
    way.put(40, "a", "b");
    await().until(() -> row().spooled() > 20 * Way.LINES);
    way.close(Duration.ofSeconds(5));
    assertThat(row().of(Fate.AGAIN)).isEqualTo(40 * Way.LINES);
    assertThat(way.account.outstanding()).isZero();

    receiver.become(Receiver.State.UP);
    Delivery next = way.open(receiver, Ack.DELIVERED, null);
    way.put(1, "a");
    await().until(next::isIdle);
    await().until(() -> way.account.outstanding() == 0);
    assertThat(row().of(Fate.DELIVERED)).isEqualTo(Way.LINES);
    assertAddsUpAtRest();
  }

  @Test
  void anEntryOfWhichSomeHadArrivedComesInOnceMoreAsAWhole()
      throws InterruptedException, IOException {
    BitSet odd = new BitSet();
    odd.set(1);
    odd.set(3);
    ScriptedOutput out =
        new ScriptedOutput().then(new Outcome.Mixed(odd, List.of(), "429", Duration.ZERO));
    for (int i = 0; i < 1000; i++) {
      out.then(new Outcome.Retry("down"));
    }
    Delivery first = way.open(out, Ack.SPOOLED, null);
    way.put("a", List.of("zero", "one", "two", "three", "four"));
    await().until(() -> row().of(Fate.DELIVERED) == 3);
    first.spill();
    await().until(() -> way.told.size() == 1);
    way.close(Duration.ofSeconds(5));
    assertThat(row().of(Fate.LEFT)).as("those that had not arrived").isEqualTo(2);
    assertThat(row().inFlight()).isZero();

    Delivery second = way.open(new ScriptedOutput(), Ack.SPOOLED, null);
    await().until(second::isIdle);
    await().until(() -> way.account.outstanding() == 0);
    assertThat(row().of(Fate.DELIVERED)).isEqualTo(8);
    assertAddsUpAtRest();
  }

  @Test
  void whatIsFoundDamagedInTheSpoolIsLostByItsSource() throws InterruptedException, IOException {
    Receiver receiver = new Receiver();
    receiver.become(Receiver.State.DOWN);
    Delivery delivery = way.open(receiver, Ack.SPOOLED, null);
    way.put(4, "a");
    delivery.spill();
    await().until(() -> way.told.size() == 4);
    way.put(1, "b");
    await().until(() -> way.told.size() == 5);
    damageTheLastEntry();
    receiver.become(Receiver.State.UP);
    await().until(delivery::isIdle);
    await().until(() -> way.account.outstanding() == 0);
    assertThat(receiver.arrived()).hasSize(4 * Way.LINES);
    assertAddsUpAtRest();
    List<SourceRow> sources = way.ledger.sources();
    assertThat(sources).extracting(source -> source.name().source()).containsExactly("a", "b");
    assertThat(sources.getLast().outputs().get("out").of(Fate.DAMAGED)).isEqualTo(Way.LINES);
  }

  private void damageTheLastEntry() throws IOException {
    Path segment;
    try (Stream<Path> files = Files.list(way.spoolDirectory())) {
      segment =
          files
              .filter(file -> file.toString().endsWith(".segment"))
              .max(naturalOrder())
              .orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      long at = file.length() - 10;
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ 1);
    }
  }

  @Test
  void droppedIsWhatIsLostAndRejectedIsWhatTheReceiverRefusedKeptOrNot()
      throws InterruptedException {
    Outcome one =
        new Outcome.Mixed(
            new BitSet(), List.of(new Outcome.Rejection(0, "mapping")), "", Duration.ZERO);
    Delivery keeping = way.openInMemory(new ScriptedOutput().then(one), (_, _, _) -> {});
    way.put("a", List.of("kept", "good"));
    await().until(keeping::isIdle);
    assertThat(way.stats.rejectedRecords()).isEqualTo(1);
    assertThat(way.stats.droppedRecords()).isZero();
    assertThat(row().of(Fate.Kind.KEPT)).isEqualTo(1);
    assertThat(row().keptBytes()).isEqualTo("kept".length());
    way.close(Duration.ZERO);

    Delivery losing = way.openInMemory(new ScriptedOutput().then(one), null);
    way.put("a", List.of("refused", "good"));
    await().until(losing::isIdle);
    assertThat(way.stats.rejectedRecords()).isEqualTo(1);
    assertThat(way.stats.droppedRecords()).isEqualTo(1);
    assertThat(row().of(Fate.Kind.LOST)).isEqualTo(1);
    assertThat(row().lostBytes()).isEqualTo("refused".length());
    assertAddsUpAtRest();
  }

  @Test
  void whatWaitsForRoomIsNotMissed() throws InterruptedException {
    Receiver receiver = new Receiver();
    receiver.become(Receiver.State.HOLDING);
    Delivery delivery = way.openInMemory(receiver, null);
    Thread source = putting(200);
    await().until(() -> receiver.sends() == 1 && delivery.waitingBytes() > 48 << 10);
    Awaitility.await().during(Duration.ofMillis(300)).until(() -> true);
    assertThat(source.isAlive()).isTrue();
    assertNothingIsMissed();
    receiver.become(Receiver.State.UP);
    source.join();
    await().until(delivery::isIdle);
    assertAddsUpAtRest();
  }

  @Test
  void whatADiskTakesItsTimeToFlushOrToReadIsNotMissed() throws InterruptedException, IOException {
    Receiver receiver = new Receiver();
    receiver.become(Receiver.State.DOWN);
    Delivery delivery = way.open(receiver, Ack.SPOOLED, null);
    way.put(20, "a", "b");
    way.disk.become(SlowDisk.Stuck.FLUSH);
    delivery.spill();
    await().until(way.disk::isWaitedFor);
    assertNothingIsMissed();
    way.disk.become(SlowDisk.Stuck.NOTHING);
    await().until(() -> way.told.size() == 20);
    assertNothingIsMissed();
    way.disk.become(SlowDisk.Stuck.READ);
    receiver.become(Receiver.State.UP);
    await().until(way.disk::isWaitedFor);
    Awaitility.await().during(Duration.ofMillis(300)).until(() -> true);
    assertNothingIsMissed();
    way.disk.become(SlowDisk.Stuck.NOTHING);
    await().until(delivery::isIdle);
    await().until(() -> way.account.outstanding() == 0);
    assertAddsUpAtRest();
  }

  private Thread putting(int batches) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                way.put(batches, "a");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** However long it stays like this. */
  private void assertNothingIsMissed() {
    assertThat(way.account.outstanding()).isPositive();
    for (int look = 0; look < 20; look++) {
      way.ledger.look();
      assertThat(way.ledger.discrepancies()).isEmpty();
    }
    assertThat(way.ledger.differences()).isEmpty();
  }

  /** Nothing is under way, and each source and all together come out even. */
  private void assertAddsUpAtRest() {
    assertThat(way.ledger.differences()).isEmpty();
    assertThat(row().inFlight()).isZero();
    assertThat(row().spooled()).isZero();
    for (SourceRow source : way.ledger.sources()) {
      OutputRow at = source.outputs().get("out");
      assertThat(at.inFlight()).as("%s in flight", source.name()).isZero();
      assertThat(at.spooled()).as("%s spooled", source.name()).isZero();
    }
  }
}
