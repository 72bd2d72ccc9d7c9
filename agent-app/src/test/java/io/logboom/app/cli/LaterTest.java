package io.logboom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LaterTest {
  private final AtomicInteger done = new AtomicInteger();
  private final Later later = new Later();

  @Test
  void isDoneAtOnceWhereItCanBe() {
    later.now(done::incrementAndGet);
    assertThat(done).hasValue(0);
    later.run();
    later.run();
    assertThat(done).hasValue(2);
  }

  @Test
  void isDoneOnceWhenItCanBeHoweverOftenItWasAskedFor() {
    later.run();
    later.run();
    assertThat(done).hasValue(0);
    later.now(done::incrementAndGet);
    assertThat(done).hasValue(1);
  }

  @Test
  void isNotLostWhereBothHappenAtOnce() throws Exception {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < 2_000; i++) {
        Later each = new Later();
        CyclicBarrier both = new CyclicBarrier(2);
        int before = done.get();
        Future<?> asked =
            other.submit(
                () -> {
                  both.await();
                  each.run();
                  return null;
                });
        both.await();
        each.now(done::incrementAndGet);
        asked.get();
        assertThat(done).hasValue(before + 1);
      }
    }
  }
}
