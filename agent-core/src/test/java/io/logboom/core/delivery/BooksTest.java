package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.OutputRow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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
  void whatIsRefusedTogetherIsEnteredTogetherOrComesAgainTogether() throws InterruptedException {
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
    assertThat(row().of(Fate.REJECTED_KEPT)).isZero();
    assertThat(row().of(Fate.AGAIN)).isEqualTo(3);
    assertThat(row().inFlight()).isZero();
    assertThat(way.ledger.differences()).isEmpty();
  }
}
