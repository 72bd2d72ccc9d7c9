package io.logboom.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.ledger.Fate;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The books are compared with what is really held, all the time and under load. */
@Timeout(180)
final class BooksUnderLoadTest {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int LOOKS = 80;

  @TempDir Path directory;

  /** An input that gives batches as fast as they are taken. */
  private static final class Feed implements Input {
    private final Way way;
    private final List<Origin> origins = new ArrayList<>();
    final AtomicLong records = new AtomicLong();
    private @Nullable Thread thread;

    Feed(Way way) {
      this.way = way;
      for (int i = 0; i < 8; i++) {
        origins.add(Origin.builder(way.names, "tag." + i).source("/source/" + i).build());
      }
    }

    @Override
    public void start(Intake intake) {
      thread = Thread.ofPlatform().name("feed").start(() -> run(intake));
    }

    private void run(Intake intake) {
      try {
        for (int number = 0; ; number++) {
          Batch batch = way.pool.open();
          for (int i = 0; i < 40; i++) {
            byte[] line = ("line " + number + '.' + i).getBytes(UTF_8);
            Origin origin = origins.get((number + i) % origins.size());
            int at = batch.append(line, 0, line.length);
            batch.add(batch.origin(origin), at, line.length, 0, 0);
          }
          records.addAndGet(40);
          intake.put(batch, _ -> {});
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void quiesce() throws InterruptedException {
      Thread running = thread;
      if (running != null) {
        running.interrupt();
        running.join();
      }
    }

    @Override
    public void close() {}
  }

  /** Takes some, refuses some, some later; is away now and then. */
  private static final class Fickle implements Output {
    private final Random random = new Random(20_261_125);
    volatile boolean away;

    @Override
    public synchronized Outcome send(List<Batch> batches) {
      if (away) {
        return new Outcome.Retry("away");
      }
      BitSet again = new BitSet();
      List<Outcome.Rejection> refused = new ArrayList<>();
      int number = 0;
      for (Batch batch : batches) {
        for (int i = 0; i < batch.size(); i++, number++) {
          switch (random.nextInt(200)) {
            case 0 -> again.set(number);
            case 1 -> refused.add(new Outcome.Rejection(number, "mapping"));
            default -> {}
          }
        }
      }
      return new Outcome.Mixed(again, refused, "429", Duration.ZERO);
    }
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  @Test
  void noLookSeesAnythingAmissWhateverMovesAndALostRecordIsSeen()
      throws InterruptedException, IOException {
    Way way = new Way(directory);
    Fickle fickle = new Fickle();
    Delivery spooling = way.open(fickle, Ack.SPOOLED, (_, _, _) -> {});
    Delivery plain = way.beside(new Fickle());
    Feed feed = new Feed(way);
    TagMatch all = TagMatch.glob("*");
    Pipeline pipeline =
        new Pipeline(
            way.pool,
            List.of(),
            List.of(new Route(spooling, all), new Route(plain, TagMatch.glob("tag.1"))),
            way.ledger);
    pipeline.add("in.0", "feed", feed);
    pipeline.start();
    try {
      for (int look = 0; look < LOOKS; look++) {
        // Away for three seconds of four at the end: long enough for it to be spilled.
        fickle.away = look >= LOOKS / 4 && look % 40 > 10;
        LockSupport.parkNanos(LOOK_NANOS);
        way.ledger.look();
        assertThat(way.ledger.discrepancies()).isEmpty();
      }
      assertThat(way.account.row().of(Fate.DELIVERED)).isPositive();
      assertThat(Objects.requireNonNull(spooling.spool()).writtenBytes())
          .as("spilled")
          .isPositive();

      // At rest, with records in the spool and with some being tried again and again.
      fickle.away = true;
      feed.quiesce();
      await().until(() -> plain.isIdle() && pipeline.inbound().size() == 0);
      await().untilAsserted(() -> assertThat(way.ledger.differences()).isEmpty());
      assertThat(way.account.outstanding()).isPositive();

      Batch lost = way.pool.open();
      lost.add(lost.origin(feed.origins.get(1)), lost.append(new byte[] {'x'}, 0, 1), 1, 0, 0);
      way.ledger.reading(lost).taken();
      way.ledger.routed(lost, 1, _ -> 1);
      way.ledger.handedOn();
      way.account.routed(lost);
      for (int look = 0; look < 10; look++) {
        assertThat(way.ledger.discrepancies()).isEmpty();
        way.ledger.look();
      }
      assertThat(way.ledger.discrepancies())
          .containsExactly("out: 1 record(s) said to be in flight are not there");
      way.account.settled(Fate.AGAIN, lost);

      fickle.away = false;
      await().until(() -> way.account.outstanding() == 0);
      way.ledger.look();
      assertThat(way.ledger.discrepancies()).isEmpty();
      assertThat(way.ledger.differences()).isEmpty();
    } finally {
      pipeline.stop(Duration.ZERO);
    }
    assertThat(way.ledger.differences()).isEmpty();
  }
}
