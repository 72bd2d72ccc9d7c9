package io.logboom.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LedgerTest {
  private static final String ID = "-0123456789abcdef.log";

  private final AtomicLong now = new AtomicLong();
  private final Ledger ledger = new Ledger(now::get, 3);
  private final OutputAccount es = ledger.output("es.0");
  private final Records records = new Records();
  private final Origin a = records.origin("/a");
  private final Origin b = records.origin("/b");

  private SourceRow row(String source) {
    return ledger.sources().stream()
        .filter(row -> row.name().source().equals(source))
        .findFirst()
        .orElseThrow();
  }

  private List<String> names() {
    return ledger.sources().stream().map(row -> row.name().source()).toList();
  }

  private void read(Batch batch) {
    ledger.reading(batch).taken();
  }

  /** Reads it and brings it to the output. */
  private Batch underWay(Batch batch) {
    read(batch);
    ledger.routed(batch, batch.size(), _ -> 1);
    es.routed(batch);
    ledger.handedOn();
    return batch;
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void streamsRotationsAndRestartsOfAContainerHaveOneAccount() {
    read(
        records.batch(
            4,
            records.origin("/var/log/containers/web_shop_nginx" + ID),
            records.origin("/var/log/containers/web_shop_nginx" + ID),
            records.origin("/var/log/containers/web_shop_nginx-fedcba9876543210.log"),
            records.origin("/var/log/pods/shop_web_uid/nginx/0.log")));
    assertThat(names()).containsExactly("shop/web/nginx");
    assertThat(row("shop/web/nginx").read()).isEqualTo(4);
    assertThat(row("shop/web/nginx").readBytes()).isEqualTo(12);
  }

  @Test
  void tellsWhatFiltersTookOutAndPutInAndWhatHasNoWayOut() {
    Batch batch = records.batch(6, a, b);
    read(batch);
    assertThat(row("/a").waiting()).isEqualTo(3);
    batch.drop(0);
    batch.drop(1);
    Records.add(batch, "more", a);
    Records.add(batch, "more", a);
    batch.drop(7);
    ledger.routed(batch, 6, origin -> origin == a ? 1 : 0);
    assertThat(row("/a"))
        .extracting(
            SourceRow::read,
            SourceRow::added,
            SourceRow::filtered,
            SourceRow::routed,
            SourceRow::unrouted,
            SourceRow::waiting)
        .containsExactly(3L, 2L, 2L, 3L, 0L, 0L);
    assertThat(row("/b"))
        .extracting(
            SourceRow::read,
            SourceRow::added,
            SourceRow::filtered,
            SourceRow::routed,
            SourceRow::unrouted,
            SourceRow::waiting)
        .containsExactly(3L, 0L, 1L, 0L, 2L, 0L);
    assertThat(ledger.differences()).isEmpty();
  }

  @Test
  void whatGoesBackBeforeItIsRoutedIsCountedAsComingAgain() {
    Batch batch = records.batch(5, a);
    read(batch);
    ledger.returned(batch, 5);
    assertThat(row("/a").again()).isEqualTo(5);
    assertThat(row("/a").waiting()).isZero();
  }

  @Test
  void everyRecordIsInOnePlaceOnItsWayOut() {
    Batch first = underWay(records.batch(6, a, b));
    assertThat(es.row().inFlight()).isEqualTo(6);
    BitSet refused = new BitSet();
    refused.set(1);
    es.settled(Fate.REJECTED_KEPT, List.of(first), refused);
    BitSet arrived = new BitSet();
    arrived.set(0);
    arrived.set(2);
    es.settled(Fate.DELIVERED, List.of(first), arrived);
    assertThat(es.row().inFlight()).isEqualTo(3);
    Batch second = underWay(records.batch(4, b));
    es.spooled(second);
    assertThat(es.row().spooled()).isEqualTo(4);
    assertThat(es.row().inFlight()).isEqualTo(3);
    es.unspooled(second);
    es.settled(Fate.EXHAUSTED, second);

    OutputRow atA = row("/a").outputs().get("es.0");
    assertThat(atA.routed()).isEqualTo(3);
    assertThat(atA.of(Fate.DELIVERED)).isEqualTo(2);
    assertThat(atA.deliveredBytes()).isEqualTo(6);
    assertThat(atA.inFlight()).isEqualTo(1);
    OutputRow atB = row("/b").outputs().get("es.0");
    assertThat(atB.routed()).isEqualTo(7);
    assertThat(atB.of(Fate.Kind.KEPT)).isEqualTo(1);
    assertThat(atB.of(Fate.Kind.LOST)).isEqualTo(4);
    assertThat(atB.inFlight()).isEqualTo(2);
    assertThat(es.row()).isEqualTo(atA.plus(atB));
    assertThat(es.answers()).isEqualTo(3);
    assertThat(es.outstanding()).isEqualTo(3);
    assertThat(ledger.differences()).isEmpty();
  }

  @Test
  void numbersRunThroughAllBatchesOfASend() {
    Batch first = underWay(records.batch(3, a));
    Batch second = underWay(records.batch(3, b));
    BitSet numbers = new BitSet();
    numbers.set(2, 5);
    es.settled(Fate.REJECTED, List.of(first, second), numbers);
    assertThat(row("/a").outputs().get("es.0").of(Fate.REJECTED)).isEqualTo(1);
    assertThat(row("/b").outputs().get("es.0").of(Fate.REJECTED)).isEqualTo(2);
  }

  @Test
  void recordsThatAFilterTookOutNeverCountAtAnOutput() {
    Batch batch = records.batch(3, a);
    batch.drop(1);
    es.routed(batch);
    es.settled(Fate.DELIVERED, batch);
    assertThat(es.row().routed()).isEqualTo(2);
    assertThat(es.row().of(Fate.DELIVERED)).isEqualTo(2);
    assertThat(es.row().deliveredBytes()).isEqualTo(6);
  }

  @Test
  void whatAnEarlierRunLeftIsEnteredAsItIsRead() {
    es.found(10);
    assertThat(es.outstanding()).isEqualTo(10);
    Batch batch = records.batch(7, a);
    es.recovered(batch);
    es.settled(Fate.DELIVERED, batch);
    es.settledUnseen(Fate.DAMAGED, 3, true);
    assertThat(es.earlier()).isZero();
    assertThat(es.row().recovered()).isEqualTo(10);
    assertThat(es.row().inFlight()).isZero();
    assertThat(row(Ledger.UNKNOWN).outputs().get("es.0").of(Fate.DAMAGED)).isEqualTo(3);
    assertThat(es.outstanding()).isZero();
    assertThat(ledger.differences()).isEmpty();
  }

  @Test
  void whatIsLostInTheSpoolUnreadIsEnteredUnderItsSourceOnceTheSpoolIsEmpty() {
    Batch lost = underWay(records.batch(5, a));
    Batch read = underWay(records.batch(4, a, b));
    es.spooled(lost);
    es.spooled(read);
    es.settledUnseen(Fate.DAMAGED, 5, false);
    assertThat(es.row().spooled()).isEqualTo(4);
    assertThat(es.row().inFlight()).isZero();
    assertThat(es.row().of(Fate.Kind.LOST)).isEqualTo(5);
    assertThat(row(Ledger.UNKNOWN).outputs().get("es.0").of(Fate.DAMAGED)).isEqualTo(5);
    assertThat(ledger.differences()).isEmpty();
    es.unspooled(read);
    es.settled(Fate.DELIVERED, read);
    assertThat(row("/a").outputs().get("es.0").of(Fate.DAMAGED)).isEqualTo(5);
    assertThat(row("/a").outputs().get("es.0").spooled()).isZero();
    assertThat(row("/a").outputs().get("es.0").inFlight()).isZero();
    assertThat(row("/b").outputs().get("es.0").of(Fate.DAMAGED)).isZero();
    assertThat(es.row().of(Fate.DAMAGED)).isEqualTo(5);
    assertThat(names()).containsExactly("/a", "/b");
    assertThat(ledger.differences()).isEmpty();
    pass(Ledger.PATIENCE);
    ledger.expire(_ -> false);
    assertThat(names()).containsExactly(Ledger.GONE);
  }

  /** What an output says that it holds. */
  private static final class Told implements Holdings {
    final AtomicLong memory = new AtomicLong();
    final AtomicLong spool = new AtomicLong();
    volatile boolean over;

    @Override
    public long memory() {
      return memory.get();
    }

    @Override
    public long spool() {
      return spool.get();
    }

    @Override
    public boolean isOver() {
      return over;
    }
  }

  @Test
  void noticesARecordThatEndsTwiceAndOneThatTheQueueDoesNotHave() {
    Batch batch = underWay(records.batch(2, a));
    es.settled(Fate.DELIVERED, batch);
    Told told = new Told();
    es.holds(told);
    assertThat(ledger.differences()).isEmpty();
    told.memory.set(1);
    assertThat(ledger.differences())
        .containsExactly("es.0: 1 record(s) are in flight and in no account");
    told.memory.set(0);
    underWay(records.batch(3, b));
    told.spool.set(2);
    assertThat(ledger.differences())
        .containsExactly(
            "es.0: 3 record(s) said to be in flight are not there",
            "es.0: 2 record(s) are spooled and in no account");
    told.memory.set(3);
    told.spool.set(0);
    es.settled(Fate.DELIVERED, batch);
    assertThat(ledger.differences())
        .anySatisfy(
            s -> assertThat(s).startsWith("/a at es.0: 2 record(s) less than nothing are in fl"));
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      ledger.look();
    }
  }

  @Test
  void aDifferenceIsToldWhenItStaysWhileNothingMoves() {
    Told told = new Told();
    es.holds(told);
    underWay(records.batch(3, a));
    look(Looks.AT_REST - 1);
    assertThat(ledger.discrepancies()).isEmpty();
    assertThat(ledger.discrepancyRecords()).isZero();
    look(1);
    assertThat(ledger.discrepancies())
        .containsExactly("es.0: 3 record(s) said to be in flight are not there");
    assertThat(ledger.discrepancyRecords()).isEqualTo(3);
    told.memory.set(3);
    look(1);
    assertThat(ledger.discrepancies()).isEmpty();
  }

  @Test
  void aDifferenceIsToldByItsLeastSizeWhenItStaysThoughTheAccountIsInUse() {
    Told told = new Told();
    es.holds(told);
    Batch lost = underWay(records.batch(2, a));
    for (int i = 1; i < Looks.IN_USE; i++) {
      Batch batch = underWay(records.batch(1 + i % 5, a));
      look(1);
      assertThat(ledger.discrepancies()).isEmpty();
      es.settled(Fate.DELIVERED, batch);
      records.release(batch);
    }
    look(1);
    assertThat(ledger.discrepancies())
        .containsExactly("es.0: 2 record(s) said to be in flight are not there");
    assertThat(lost.size()).isEqualTo(2);
  }

  @Test
  void whatMovesBetweenTwoLooksIsNoDifference() {
    Told told = new Told();
    es.holds(told);
    for (int i = 0; i < 2 * Looks.IN_USE; i++) {
      told.memory.set(i % 3 == 0 ? 0 : i % 3 == 1 ? 4 : -4);
      look(1);
      assertThat(ledger.discrepancies()).isEmpty();
    }
  }

  @Test
  void aWayOutThatIsClosedIsAskedUntilItIsEmpty() {
    Told before = new Told();
    es.holds(before);
    Batch batch = underWay(records.batch(3, a));
    before.memory.set(3);
    before.over = true;
    es.holds(new Told());
    look(1);
    assertThat(ledger.differences()).isEmpty();
    es.settled(Fate.AGAIN, batch);
    before.memory.set(0);
    look(1);
    before.memory.set(7);
    assertThat(ledger.differences()).isEmpty();
  }

  @Test
  void noticesWhereAnOutputDidNotGetWhatWasRoutedToIt() {
    OutputAccount out = ledger.output("out");
    Batch batch = records.batch(4, a, b);
    read(batch);
    ledger.routed(batch, 4, _ -> 2);
    es.routed(batch);
    assertThat(ledger.differences()).as("while it is being routed").isEmpty();
    ledger.handedOn();
    assertThat(ledger.differences())
        .containsExactly(
            "/a: 2 record(s) were routed and have not come to their outputs",
            "/b: 2 record(s) were routed and have not come to their outputs");
    out.routed(batch);
    assertThat(ledger.differences()).isEmpty();
    out.routed(batch);
    assertThat(ledger.differences())
        .containsExactly(
            "/a: 2 record(s) have come to outputs to which they were not routed",
            "/b: 2 record(s) have come to outputs to which they were not routed");
  }

  @Test
  void whatIsWithheldFromAnOutputIsNotMissed() {
    Batch batch = records.batch(4, a);
    read(batch);
    ledger.routed(batch, 4, _ -> 3);
    es.routed(batch);
    es.settled(Fate.AGAIN, batch);
    ledger.withheld(batch, _ -> 2);
    ledger.handedOn();
    assertThat(ledger.differences()).isEmpty();
  }

  @Test
  void aVanishedSourceLosesItsRowAndKeepsItsSums() {
    es.settled(Fate.DELIVERED, underWay(records.batch(4, a)));
    pass(Duration.ofMinutes(5));
    es.settled(Fate.DELIVERED, underWay(records.batch(4, b)));
    pass(Duration.ofMinutes(5));
    ledger.expire(_ -> false);
    assertThat(names()).containsExactly("/b", Ledger.GONE);
    assertThat(row(Ledger.GONE).read()).isEqualTo(4);
    assertThat(row(Ledger.GONE).outputs().get("es.0").of(Fate.DELIVERED)).isEqualTo(4);
    assertThat(es.row().of(Fate.DELIVERED)).isEqualTo(8);
    assertThat(ledger.differences()).isEmpty();
  }

  @Test
  void aSourceThatIsStillOpenOrUnderWayKeepsItsRow() {
    es.settled(Fate.DELIVERED, underWay(records.batch(1, a)));
    es.spooled(underWay(records.batch(1, b)));
    pass(Duration.ofHours(5));
    ledger.expire(source -> source.equals("/a"));
    assertThat(names()).containsExactly("/a", "/b");
    pass(Duration.ofHours(5));
    ledger.expire(_ -> false);
    assertThat(names()).containsExactly("/b", Ledger.GONE);
  }

  @Test
  void aSourceThatComesBackIsCountedFromNothingAgain() {
    es.settled(Fate.DELIVERED, underWay(records.batch(1, a)));
    pass(Ledger.PATIENCE);
    ledger.expire(_ -> false);
    assertThat(names()).containsExactly(Ledger.GONE);
    es.settled(Fate.DELIVERED, underWay(records.batch(2, a)));
    assertThat(row("/a").read()).isEqualTo(2);
    pass(Ledger.PATIENCE);
    ledger.expire(_ -> false);
    // By another origin first, and then by the one that still knows the account that was closed.
    es.settled(Fate.DELIVERED, underWay(records.batch(3, records.origin("/a"))));
    es.settled(Fate.DELIVERED, underWay(records.batch(4, a)));
    assertThat(row("/a").read()).isEqualTo(7);
    assertThat(row("/a").outputs().get("es.0").of(Fate.DELIVERED)).isEqualTo(7);
    assertThat(row(Ledger.GONE).read()).isEqualTo(3);
    assertThat(es.row().of(Fate.DELIVERED)).isEqualTo(10);
    assertThat(ledger.differences()).isEmpty();
  }

  @Test
  void sourcesBeyondTheLimitShareARow() {
    for (int i = 0; i < 10; i++) {
      es.settled(Fate.DELIVERED, underWay(records.batch(1, records.origin("/" + i))));
    }
    assertThat(names()).containsExactly("/0", "/1", "/2", Ledger.OTHER);
    assertThat(row(Ledger.OTHER).read()).isEqualTo(7);
    assertThat(ledger.differences()).isEmpty();
  }

  @Test
  void anOutputKeepsItsAccountThroughAReload() {
    assertThat(ledger.output("es.0")).isSameAs(es);
    assertThat(ledger.output("es.1")).isNotSameAs(es);
  }

  @Test
  @Timeout(60)
  void nothingThatIsCountedWhileAccountsCloseAndOpenGoesMissing() throws Exception {
    int threads = 4;
    int rounds = 20_000;
    CountDownLatch done = new CountDownLatch(threads);
    List<Batch> batches = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      batches.add(records.batch(3, a, b, records.origin("/own" + t)));
    }
    for (Batch batch : batches) {
      Thread.ofPlatform()
          .start(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  es.settled(Fate.DELIVERED, underWay(batch));
                }
                done.countDown();
              });
    }
    while (!done.await(100, TimeUnit.MICROSECONDS)) {
      pass(Ledger.PATIENCE);
      ledger.expire(_ -> false);
    }
    assertThat(ledger.sources().stream().mapToLong(SourceRow::read).sum())
        .isEqualTo(3L * threads * rounds);
    assertThat(ledger.sources().stream().mapToLong(SourceRow::waiting)).containsOnly(0L);
    assertThat(es.row().of(Fate.DELIVERED)).isEqualTo(3L * threads * rounds);
    assertThat(ledger.differences()).isEmpty();
  }
}
