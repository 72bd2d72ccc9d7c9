package io.logboom.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
  private static final long BUDGET = SlabPool.LEAST;

  @Test
  void givesNoMoreThanItsBudgetAndTellsSoWithoutWaiting() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    List<Batch> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(pool.open());
    }
    assertThat(pool.tryOpen()).isNull();
    pool.release(all.removeFirst());
    assertThat(pool.tryOpen()).isNotNull();
    assertThat(pool.peak()).isEqualTo(BUDGET);
  }

  @Test
  void whatIsNoBatchCountsTowardsTheBudgetToo() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    pool.open();
    pool.open();
    pool.charge(2L * SlabPool.USUAL_BATCH);
    assertThat(pool.used()).isEqualTo(BUDGET);
    assertThat(pool.tryOpen()).isNull();
    pool.charge(SlabPool.USUAL); // overdraws, and does not wait
    assertThat(pool.used()).isEqualTo(BUDGET + SlabPool.USUAL);
    pool.charge(-2L * SlabPool.USUAL_BATCH - SlabPool.USUAL);
    assertThat(pool.used()).isEqualTo(2L * SlabPool.USUAL_BATCH);
    assertThat(pool.tryOpen()).isNotNull();
  }

  /** Such as what many outputs keep for their requests. */
  @Test
  void whateverIsChargedTwoBatchesAndALargeOneGetOn() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    pool.charge(10 * BUDGET);
    Batch first = pool.open();
    Batch second = pool.open();
    assertThat(pool.isShort()).isTrue();
    assertThat(pool.tryOpen()).isNull();
    Batch readBack = pool.borrow(4096);
    assertThat(readBack).isNotNull();
    pool.release(readBack);
    pool.release(first);
    assertThat(pool.tryOpen()).isNotNull();
    pool.release(second);
    assertThat(pool.open(pool.largest())).isNotNull();
  }

  @Test
  void thousandsOfSmallBatchesTakeNoMoreThanTheyCount() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    List<Batch> all = new ArrayList<>();
    Batch next = pool.tryOpen();
    while (next != null) {
      pool.fit(next);
      all.add(next);
      next = pool.tryOpen();
    }
    assertThat(all).hasSizeGreaterThan(150);
    assertThat(all.stream().mapToLong(SlabPoolTest::bytes).sum())
        .isEqualTo(pool.used())
        .isLessThanOrEqualTo(BUDGET);
  }

  private static long bytes(Batch batch) {
    return batch.bytes().length + batch.indexBytes();
  }

  /** One that asks again at once, beside one that is slow to wake up. */
  @Test
  void whoWaitsGetsMemoryInTurn() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    List<Batch> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(pool.open());
    }
    BlockingQueue<Batch> quick = new LinkedBlockingQueue<>();
    BlockingQueue<Batch> slow = new LinkedBlockingQueue<>();
    Thread hog = Thread.ofPlatform().start(() -> openAll(pool, quick));
    Awaitility.await().until(() -> pool.waiting() == 1);
    Thread other = Thread.ofVirtual().start(() -> openAll(pool, slow));
    Awaitility.await().until(() -> pool.waiting() == 2);
    for (int i = 0; i < 4; i++) {
      int taken = i + 1;
      pool.release(all.removeFirst());
      Awaitility.await().until(() -> quick.size() + slow.size() == taken && pool.waiting() == 2);
      assertThat(pool.tryOpen()).isNull();
    }
    assertThat(quick).hasSize(2);
    assertThat(slow).hasSize(2);
    hog.interrupt();
    other.interrupt();
    hog.join();
    other.join();
    pool.release(quick.remove());
    assertThat(pool.tryOpen()).as("who has given up is not waited for").isNotNull();
  }

  private static void openAll(SlabPool pool, BlockingQueue<Batch> to) {
    try {
      while (true) {
        to.add(pool.open());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aThreadThatWaitsForMemoryGoesOnWhenSomeIsGivenBack() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    Batch first = pool.open();
    for (int i = 0; i < 3; i++) {
      pool.open();
    }
    AtomicReference<Batch> got = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    got.set(pool.open());
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  done.countDown();
                });
    Awaitility.await().until(() -> pool.waiting() == 1);
    assertThat(got.get()).isNull();
    pool.release(first);
    done.await();
    waiter.join();
    assertThat(got.get()).isNotNull();
  }

  @Test
  void movesAMostlyEmptyBatchToASmallSlabWithItsBytes() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    Batch batch = pool.open();
    Names names = new Names();
    byte[] line = "hello".getBytes(StandardCharsets.UTF_8);
    int at = batch.append(line, 0, line.length);
    batch.add(batch.origin(Origin.builder(names, "t").build()), at, line.length, 1, 0);
    pool.fit(batch);
    assertThat(batch.bytes()).hasSize(4096);
    assertThat(pool.used()).isEqualTo(4096L + Batch.indexBytes(1));
    assertThat(new String(batch.bytes(), batch.offset(0), batch.length(0), StandardCharsets.UTF_8))
        .isEqualTo("hello");
  }

  @Test
  void aBatchThatGrowsIsChargedAndGivenBackWhole() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    Batch batch = pool.open();
    batch.room(SlabPool.USUAL + 1);
    for (int i = 0; i < 1025; i++) {
      batch.add(0, 0, 0, 0, 0);
    }
    assertThat(batch.indexBytes()).isGreaterThan(Batch.indexBytes(1024));
    assertThat(pool.used()).isEqualTo(bytes(batch));
    pool.release(batch);
    assertThat(pool.used()).isZero();
  }

  @Test
  void refusesWhatCouldNeverBeGiven() {
    SlabPool pool = new SlabPool(BUDGET);
    assertThatThrownBy(() -> pool.open(pool.largest() + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("budget allows");
  }

  @Test
  void accountsExactlyThroughRandomUse() throws InterruptedException {
    Random random = new Random(42);
    SlabPool pool = new SlabPool(16L * SlabPool.USUAL);
    List<Batch> held = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (held.size() < 6 && random.nextInt(3) > 0) {
        Batch batch =
            random.nextInt(10) == 0
                ? pool.open(1 + random.nextInt(2 * SlabPool.USUAL))
                : pool.open();
        batch.advance(random.nextInt(batch.free()));
        held.add(batch);
        if (random.nextBoolean()) {
          pool.fit(batch);
        }
        if (random.nextInt(5) == 0) {
          batch.room(random.nextInt(100_000));
        }
      } else if (!held.isEmpty()) {
        pool.release(held.remove(random.nextInt(held.size())));
      }
      assertThat(pool.used()).isEqualTo(held.stream().mapToLong(SlabPoolTest::bytes).sum());
    }
  }
}
