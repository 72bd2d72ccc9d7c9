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
  private static final long BUDGET = 4L * SlabPool.USUAL;

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
    pool.charge(3L * SlabPool.USUAL);
    assertThat(pool.used()).isEqualTo(BUDGET);
    assertThat(pool.tryOpen()).isNull();
    pool.charge(SlabPool.USUAL); // overdraws, and does not wait
    assertThat(pool.used()).isEqualTo(BUDGET + SlabPool.USUAL);
    pool.charge(-4L * SlabPool.USUAL);
    assertThat(pool.used()).isEqualTo(SlabPool.USUAL);
    assertThat(pool.tryOpen()).isNotNull();
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
    assertThat(pool.used()).isEqualTo(4096);
    assertThat(new String(batch.bytes(), batch.offset(0), batch.length(0), StandardCharsets.UTF_8))
        .isEqualTo("hello");
  }

  @Test
  void aBatchThatGrowsIsChargedAndGivenBackWhole() throws InterruptedException {
    SlabPool pool = new SlabPool(BUDGET);
    Batch batch = pool.open();
    batch.room(SlabPool.USUAL + 1);
    assertThat(pool.used()).isEqualTo(batch.bytes().length);
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
      assertThat(pool.used()).isEqualTo(held.stream().mapToLong(b -> b.bytes().length).sum());
    }
  }
}
