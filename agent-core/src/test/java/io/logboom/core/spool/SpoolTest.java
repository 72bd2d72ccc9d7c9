package io.logboom.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.disk.DiskLockedException;
import io.logboom.core.spool.Append.Appended;
import io.logboom.core.spool.Append.Cap;
import io.logboom.core.spool.Append.Failed;
import io.logboom.core.spool.Append.Full;
import io.logboom.core.spool.Append.Reason;
import io.logboom.core.spool.FaultyDisk.Call;
import io.logboom.core.spool.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpoolTest {
  private static final Path DIRECTORY = Path.of("/state/outputs/es.0/spool");
  private static final Path FIRST = DIRECTORY.resolve(SegmentHeader.name(1));

  private final FaultyDisk disk = new FaultyDisk(new Random(1));
  private final SpoolBudget total = new SpoolBudget(1 << 20);
  private final TestClock clock = new TestClock();

  private Spool open() throws IOException {
    return open(1000, 1 << 20);
  }

  private Spool open(long segmentBytes, long limitBytes) throws IOException {
    return Spool.open(
        DIRECTORY, disk, new SpoolSettings(segmentBytes, limitBytes, total, false, 1 << 20), clock);
  }

  private static long append(Spool spool, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ((Appended) spool.append(bytes, 0, bytes.length, text.length(), 7)).sequence();
  }

  private static long appendHeld(Spool spool, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ((Appended) spool.appendHeld(bytes, 0, bytes.length, text.length(), 7)).sequence();
  }

  private static Append tryAppend(Spool spool, int bytes) {
    return spool.append(new byte[bytes], 0, bytes, 1, 0);
  }

  /** Reads and settles all there is. */
  private static List<String> drain(Spool spool) {
    List<String> texts = new ArrayList<>();
    for (Head head = spool.next(); head != null; head = spool.next()) {
      String text = read(spool, head);
      if (text != null) {
        texts.add(text);
        spool.settle(head.sequence());
      }
    }
    return texts;
  }

  private static @Nullable String read(Spool spool, Head head) {
    byte[] bytes = new byte[head.payloadBytes()];
    return spool.read(head, bytes, 0) ? new String(bytes, StandardCharsets.UTF_8) : null;
  }

  private static Head next(Spool spool) {
    return Objects.requireNonNull(spool.next());
  }

  @Test
  void givesEntriesBackInTheirOrderWithWhatWasSaidOfThem() throws IOException {
    try (Spool spool = open()) {
      append(spool, "one");
      clock.advance(5);
      spool.sync(append(spool, "second"));

      Head first = next(spool);
      assertThat(first).isEqualTo(new Head(1, 3, 3, 7, TestClock.START));
      assertThat(read(spool, first)).isEqualTo("one");
      assertThat(next(spool)).isEqualTo(new Head(2, 6, 6, 7, TestClock.START + 5));
      assertThat(drain(spool)).containsExactly("second");
      assertThat(spool.next()).isNull();
    }
  }

  @Test
  void handsOutOnlyWhatIsDurable() throws IOException {
    try (Spool spool = open()) {
      long sequence = append(spool, "one");
      assertThat(spool.next()).isNull();
      assertThat(spool.isEmpty()).isFalse();
      assertThat(spool.dropOldest()).isNull();

      spool.sync(sequence);
      assertThat(next(spool).sequence()).isEqualTo(sequence);
    }
  }

  @Test
  void doesNotHandOutWhatTheCallerHoldsUnlessItIsGivenBack() throws IOException {
    try (Spool spool = open()) {
      long held = appendHeld(spool, "held");
      spool.sync(append(spool, "after"));
      assertThat(next(spool).sequence()).isEqualTo(held + 1);

      spool.giveBack(held);
      assertThat(drain(spool)).containsExactly("held", "after");
      assertThat(spool.isEmpty()).isTrue();
    }
  }

  @Test
  void bringsWhatWasGivenBackAtItsPlaceInTheOrder() throws IOException {
    try (Spool spool = open()) {
      for (String text : List.of("a", "b", "c", "d")) {
        spool.sync(append(spool, text));
      }
      Head a = next(spool);
      read(spool, a);
      Head b = next(spool);
      read(spool, b);
      spool.giveBack(b.sequence());
      spool.giveBack(a.sequence());
      assertThat(drain(spool)).containsExactly("a", "b", "c", "d");
    }
  }

  @Test
  void doesNotBringWhatWasSettledAgainAfterAKill() throws IOException {
    Spool spool = open();
    for (String text : List.of("a", "b", "c", "d", "e")) {
      spool.sync(append(spool, text));
    }
    for (int i = 0; i < 4; i++) {
      read(spool, next(spool));
    }
    spool.settle(4);
    spool.settle(1);
    spool.settle(2);
    disk.kill();

    try (Spool again = open()) {
      assertThat(again.usage().entries()).isEqualTo(2);
      assertThat(again.usage().records()).isEqualTo(2);
      assertThat(drain(again)).containsExactly("c", "e");
    }
  }

  @Test
  void givesNoNumberTwiceOverRestarts() throws IOException {
    try (Spool spool = open()) {
      spool.sync(append(spool, "a"));
      assertThat(drain(spool)).containsExactly("a");
    }
    assertThat(disk.list(DIRECTORY)).doesNotContain(FIRST.getFileName().toString());
    try (Spool spool = open()) {
      assertThat(append(spool, "b")).isEqualTo(2);
    }
  }

  @Test
  void deletesASegmentOnlyWhenAllOfItIsSettled() throws IOException {
    try (Spool spool = open(200, 1 << 20)) {
      for (int i = 0; i < 10; i++) {
        spool.sync(append(spool, "entry " + i));
      }
      Head first = next(spool);
      read(spool, first);
      assertThat(drain(spool)).hasSize(9);
      assertThat(disk.list(DIRECTORY)).contains(FIRST.getFileName().toString());

      spool.settle(first.sequence());
      assertThat(disk.list(DIRECTORY)).doesNotContain(FIRST.getFileName().toString());
      assertThat(spool.usage().diskBytes()).isLessThanOrEqualTo(200);
      assertThat(spool.usage().limitedBytes()).isZero();
      assertThat(total.usedBytes()).isZero();
    }
  }

  @Test
  void saysWhichLimitIsReached() throws IOException {
    try (Spool spool = open(400, 1000)) {
      assertThat(tryAppend(spool, 2000)).isEqualTo(new Full(Cap.NEVER_FITS));
      for (int i = 0; i < 6; i++) {
        assertThat(tryAppend(spool, 100)).isInstanceOf(Appended.class);
      }
      assertThat(tryAppend(spool, 100)).isEqualTo(new Full(Cap.OWN));
      assertThat(disk.usedBytes()).isLessThan(1000 + 400 + Cursor.FILE_BYTES);
      spool.sync(6);
      assertThat(spool.dropOldest()).isEqualTo(new Head(1, 100, 1, 0, TestClock.START));
      assertThat(tryAppend(spool, 100)).isInstanceOf(Appended.class);
    }
  }

  @Test
  void leavesNoMoreToOneSpoolThanAllTogetherMayHave() throws IOException {
    total.charge(total.limitBytes() - 700);
    try (Spool spool = open()) {
      for (int i = 0; i < 4; i++) {
        assertThat(tryAppend(spool, 100)).isInstanceOf(Appended.class);
      }
      assertThat(tryAppend(spool, 100)).isEqualTo(new Full(Cap.TOTAL));
      spool.sync(4);
      spool.dropOldest();
      assertThat(tryAppend(spool, 100)).isInstanceOf(Appended.class);
    }
    assertThat(total.usedBytes()).isEqualTo(total.limitBytes() - 700);
  }

  @Test
  void keepsTheFilesWithinTheLimitAndOneSegmentWhileTheOldestAreDropped() throws IOException {
    try (Spool spool = open(1000, 4000)) {
      long dropped = 0;
      for (int i = 0; i < 500; i++) {
        Append append = tryAppend(spool, 10 + i % 90);
        while (append instanceof Full) {
          spool.sync(i + 1);
          assertThat(spool.dropOldest()).isNotNull();
          dropped++;
          append = tryAppend(spool, 10 + i % 90);
        }
        assertThat(append).isInstanceOf(Appended.class);
        assertThat(disk.usedBytes()).isLessThanOrEqualTo(5000 + Cursor.FILE_BYTES);
      }
      spool.sync(500);
      assertThat(drain(spool)).hasSize((int) (500 - dropped));
    }
  }

  @Test
  void goesOnAppendingWhenAFullDiskHasRoomAgain() throws IOException {
    try (Spool spool = open()) {
      spool.sync(append(spool, "before"));
      disk.capacity(disk.usedBytes() + 60);
      assertThat(tryAppend(spool, 100))
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.reason()).isEqualTo(Reason.DISK_FULL));
      assertThat(drain(spool)).containsExactly("before");

      disk.capacity(Long.MAX_VALUE);
      spool.sync(append(spool, "after"));
      assertThat(drain(spool)).containsExactly("after");
      assertThat(total.usedBytes()).isZero();
    }
  }

  @Test
  void readsFromADiskThatHasBecomeReadOnly() throws IOException {
    try (Spool spool = open()) {
      spool.sync(append(spool, "before"));
    }
    disk.plan(
        (number, call, file) ->
            call == Call.READ || call == Call.OPEN || call == Call.OTHER
                ? Fault.NONE
                : Fault.ERROR);
    try (Spool spool = open()) {
      assertThat(tryAppend(spool, 10)).isInstanceOf(Failed.class);
      assertThat(drain(spool)).containsExactly("before");

      disk.plan((number, call, file) -> Fault.NONE);
      spool.sync(append(spool, "after"));
      assertThat(drain(spool)).containsExactly("after");
    }
  }

  @Test
  void makesEntriesVoidWhoseFlushFailed() throws IOException {
    try (Spool spool = open()) {
      spool.sync(append(spool, "durable"));
      long first = append(spool, "x");
      long second = append(spool, "y");
      failOnce(Call.FORCE);
      assertThatThrownBy(() -> spool.sync(first)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> spool.sync(second)).hasMessageContaining("void");
      assertThat(spool.usage().entries()).isEqualTo(1);

      spool.sync(append(spool, "x again"));
      assertThat(drain(spool)).containsExactly("durable", "x again");
      assertThatThrownBy(() -> spool.sync(second)).hasMessageContaining("void");
    }
  }

  @Test
  void nobodyIsToldThatAVoidEntryIsDurableWhileTheFlushFails() throws Exception {
    try (Spool spool = open(1000, 1 << 20)) {
      disk.plan((number, call, file) -> call == Call.FORCE ? Fault.ERROR : Fault.NONE);
      AtomicInteger told = new AtomicInteger();
      for (int round = 0; round < 3000; round++) {
        long sequence = append(spool, "entry");
        AtomicBoolean flushed = new AtomicBoolean();
        Thread asking =
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (!flushed.get()) {
                        told.addAndGet(isSynced(spool, sequence) ? 1 : 0);
                      }
                    });
        told.addAndGet(isSynced(spool, sequence) ? 1 : 0);
        flushed.set(true);
        asking.join();
      }
      assertThat(told).hasValue(0);
    }
  }

  private static boolean isSynced(Spool spool, long sequence) {
    try {
      spool.sync(sequence);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void doesNotBringVoidEntriesAgainThoughTheyCouldNotBeCutOff() throws IOException {
    Spool spool = open(200, 1 << 20);
    spool.sync(append(spool, "durable"));
    long last = 0;
    for (int i = 0; i < 9; i++) {
      last = append(spool, "void " + i);
    }
    long unsynced = last;
    disk.plan(
        (number, call, file) ->
            call == Call.FORCE || call == Call.TRUNCATE || call == Call.DELETE
                ? Fault.ERROR
                : Fault.NONE);
    assertThatThrownBy(() -> spool.sync(unsynced)).isInstanceOf(IOException.class);
    disk.plan((number, call, file) -> Fault.NONE);
    spool.sync(append(spool, "again"));
    disk.kill();

    try (Spool again = open()) {
      assertThat(again.usage().entries()).isEqualTo(2);
      assertThat(drain(again)).containsExactly("durable", "again");
      assertThat(again.usage().damage()).isEqualTo(Usage.Damage.NONE);
    }
  }

  @Test
  void triesAnUnreadableDiskAgainBeforeItCallsAnythingDamaged() throws IOException {
    try (Spool spool = open()) {
      append(spool, "one");
      spool.sync(append(spool, "two"));
      disk.plan((number, call, file) -> call == Call.READ ? Fault.ERROR : Fault.NONE);
      assertThat(spool.next()).isNull();
      for (int i = 0; i < 100; i++) {
        clock.advance(60_000);
        assertThat(spool.next()).isNull();
      }
      disk.plan((number, call, file) -> Fault.NONE);
      clock.advance(120_000);
      assertThat(drain(spool)).containsExactly("one", "two");
      assertThat(spool.usage().damage()).isEqualTo(Usage.Damage.NONE);
    }
  }

  @Test
  void doesNotHangOnAPlaceThatCannotBeRead() throws IOException {
    try (Spool spool = open()) {
      for (String text : List.of("one", "two", "three")) {
        spool.sync(append(spool, text));
      }
      Head first = next(spool);
      disk.plan(
          (number, call, file) -> call == Call.READ && number == 1 ? Fault.ERROR : Fault.NONE);
      int tries = 0;
      while (read(spool, first) == null && spool.usage().damage().entries() == 0) {
        clock.advance(100_000);
        disk.plan(
            (number, call, file) -> call == Call.READ && number == 1 ? Fault.ERROR : Fault.NONE);
        tries++;
      }
      assertThat(tries).isEqualTo(6);
      disk.plan((number, call, file) -> Fault.NONE);
      assertThat(drain(spool)).containsExactly("two", "three");
      assertThat(spool.usage().damage().records()).isEqualTo("one".length());
    }
  }

  @Test
  void letsNobodyElseOpenIt() throws IOException {
    Spool spool = open();
    assertThatThrownBy(this::open).isInstanceOf(DiskLockedException.class);
    spool.close();
    open().close();
  }

  @Test
  void flushesOnceForThoseWhoAskTogether() throws Exception {
    try (Spool spool = open(1 << 20, 1 << 20)) {
      int callers = 16;
      CountDownLatch inFlush = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      List<Call> forces = new ArrayList<>();
      spool.sync(append(spool, "first"));
      disk.plan(
          (number, call, file) -> {
            if (call == Call.FORCE && file.equals(FIRST)) {
              forces.add(call);
            }
            return Fault.NONE;
          });
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      long sequence = append(spool, "entry");
                      inFlush.countDown();
                      try {
                        assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
                        spool.sync(sequence);
                      } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                      }
                    }));
      }
      assertThat(inFlush.await(10, TimeUnit.SECONDS)).isTrue();
      while (spool.usage().entries() < callers + 1) {
        Thread.onSpinWait();
      }
      goOn.countDown();
      for (Thread thread : threads) {
        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
      }
      assertThat(forces).hasSize(1);
      assertThat(drain(spool)).hasSize(callers + 1);
    }
  }

  @Test
  void syncsEachAppendWhereThatIsWanted() throws IOException {
    SpoolSettings settings = new SpoolSettings(1000, 1 << 20, total, true, 0);
    append(Spool.open(DIRECTORY, disk, settings, clock), "one");
    disk.losePower();
    try (Spool spool = open()) {
      assertThat(drain(spool)).containsExactly("one");
    }
  }

  private void failOnce(Call failing) {
    boolean[] done = new boolean[1];
    disk.plan(
        (number, call, file) -> {
          if (call == failing && !done[0]) {
            done[0] = true;
            return Fault.ERROR;
          }
          return Fault.NONE;
        });
  }
}
