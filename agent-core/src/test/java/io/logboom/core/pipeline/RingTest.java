package io.logboom.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RingTest {
  @Test
  void isBoundedInBytes() {
    Ring<Integer> ring = new Ring<>(64, 100, Integer::longValue);
    assertThat(ring.offer(60)).isTrue();
    assertThat(ring.offer(60)).isFalse();
    assertThat(ring.offer(40)).isTrue();
    assertThat(ring.bytes()).isEqualTo(100);
    assertThat(ring.poll()).isEqualTo(60);
    assertThat(ring.offer(60)).isTrue();
  }

  @Test
  void isBoundedInSlots() {
    Ring<Integer> ring = new Ring<>(2, Long.MAX_VALUE, _ -> 1);
    assertThat(ring.offer(1)).isTrue();
    assertThat(ring.offer(2)).isTrue();
    assertThat(ring.offer(3)).isFalse();
    assertThat(ring.bytes()).isEqualTo(2);
  }

  @Test
  void takesOneElementHoweverLarge() {
    Ring<Integer> ring = new Ring<>(8, 100, Integer::longValue);
    assertThat(ring.offer(1000)).isTrue();
    assertThat(ring.offer(1)).isFalse();
    ring.poll();
    assertThat(ring.offer(1)).isTrue();
  }

  @Test
  void tellsWhoeverWaitsForRoomOnce() {
    Ring<Integer> ring = new Ring<>(8, 10, Integer::longValue);
    ring.offer(10);
    AtomicInteger calls = new AtomicInteger();
    ring.onRoom(calls::incrementAndGet);
    assertThat(calls).hasValue(0);
    ring.poll();
    assertThat(calls).hasValue(1);
    ring.poll();
    assertThat(calls).hasValue(1);
  }

  @Test
  void tellsAllWhoWaitForRoom() {
    Ring<Integer> ring = new Ring<>(8, 10, Integer::longValue);
    ring.offer(10);
    AtomicInteger calls = new AtomicInteger();
    ring.onRoom(calls::incrementAndGet);
    ring.onRoom(calls::incrementAndGet);
    ring.poll();
    assertThat(calls).hasValue(2);
  }

  @Test
  void tellsNobodyBeforeSomethingIsTakenThoughThereIsSomeRoom() {
    Ring<Integer> ring = new Ring<>(8, 10, Integer::longValue);
    ring.offer(6);
    assertThat(ring.offer(6)).isFalse();
    AtomicInteger calls = new AtomicInteger();
    ring.onRoom(calls::incrementAndGet);
    assertThat(calls).hasValue(0);
    ring.poll();
    assertThat(calls).hasValue(1);
    ring.onRoom(calls::incrementAndGet);
    assertThat(calls).hasValue(2);
  }

  @Test
  void losesNothingAndKeepsEachProducersOrderUnderContention() throws InterruptedException {
    Ring<long[]> ring = new Ring<>(16, 40, _ -> 8);
    int producers = 3;
    int each = 20_000;
    AtomicLong taken = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      long id = p;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (long n = 0; n < each; n++) {
                        ring.put(new long[] {id, n});
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    long[] next = new long[producers];
    while (taken.get() < (long) producers * each) {
      long[] element = ring.poll(TimeUnit.SECONDS.toNanos(10));
      assertThat(element).as("something comes while producers live").isNotNull();
      assertThat(element[1]).isEqualTo(next[(int) element[0]]++);
      taken.incrementAndGet();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ring.bytes()).isZero();
    assertThat(ring.isEmpty()).isTrue();
  }

  @Test
  void aSleepingTakerWakesForWhatComes() {
    Ring<Integer> ring = new Ring<>(8, 100, Integer::longValue);
    AtomicInteger got = new AtomicInteger();
    Thread taker =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    Integer element = ring.poll(TimeUnit.SECONDS.toNanos(30));
                    got.set(element == null ? -1 : element);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    Awaitility.await().until(() -> taker.getState() == Thread.State.TIMED_WAITING);
    ring.offer(7);
    Awaitility.await().untilAtomic(got, org.hamcrest.Matchers.is(7));
  }
}
