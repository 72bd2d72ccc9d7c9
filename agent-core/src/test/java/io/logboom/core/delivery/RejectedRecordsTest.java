package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.disk.DiskFullException;
import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.Outcome;
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
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of rejected records while the disk of the dead letters does not take them. */
class RejectedRecordsTest {
  @TempDir Path directory;
  private final Names names = new Names();
  private final SlabPool pool = new SlabPool(32L * SlabPool.USUAL);
  private final ConcurrentLinkedQueue<Settlement> told = new ConcurrentLinkedQueue<>();
  private final Letters letters = new Letters();
  private final ScriptedOutput output = new ScriptedOutput();
  private Ledger ledger = new Ledger(System::nanoTime);
  private OutputStats stats = new OutputStats("out", "test");
  private Delivery delivery;

  /** A place for letters that is full for as long as it is told. */
  private static final class Letters implements Rejects {
    final List<String> kept = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger refusals = new AtomicInteger();
    volatile boolean full = true;

    @Override
    public void keep(Batch batch, BitSet records, IntFunction<String> why) throws IOException {
      if (full) {
        refusals.incrementAndGet();
        throw new DiskFullException("full", new IOException("no space left on device"));
      }
      for (int i = records.nextSetBit(0); i >= 0; i = records.nextSetBit(i + 1)) {
        kept.add(body(batch, i) + ": " + why.apply(i));
      }
    }
  }

  private static String body(Batch batch, int i) {
    return new String(batch.bytes(), batch.offset(i), batch.length(i), StandardCharsets.UTF_8);
  }

  private Delivery open(@Nullable Spooler spooler, long retryLimit) {
    OutputSettings settings =
        new OutputSettings(
            1,
            1 << 20,
            1 << 20,
            Duration.ofMillis(5),
            true,
            0,
            retryLimit,
            Duration.ofMillis(2),
            Duration.ofMillis(20));
    delivery = new Delivery(stats, ledger.output("out"), output, settings, spooler, letters);
    delivery.start();
    return delivery;
  }

  private Spooler spooler(Ack ack) throws IOException {
    long limit = 1 << 30;
    return new Spooler(
        Spool.open(
            directory.resolve("spool"),
            new LocalDisk(),
            new SpoolSettings(limit, new SpoolBudget(limit)),
            InstantSource.system()),
        new SpoolPolicy(ack, Overflow.BLOCK),
        names,
        Compression.NONE,
        pool,
        stats,
        ledger.output("out"),
        InstantSource.system(),
        limit);
  }

  @AfterEach
  void nothingLeaks() {
    delivery.close(System.nanoTime());
    assertThat(pool.used()).isZero();
  }

  private void put(String... lines) throws InterruptedException {
    Batch batch = pool.open();
    int origin = batch.origin(Origin.builder(names, "tag").build());
    for (String line : lines) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      batch.add(origin, batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
    }
    delivery.put(
        batch,
        new Holder() {
          @Override
          public void tell(Settlement settlement) {
            told.add(settlement);
          }

          @Override
          public void free() {
            pool.release(batch);
          }
        },
        batch.bytes().length,
        System.nanoTime());
  }

  /** Refuses the poison in it, and nothing else. */
  private static Outcome judge(List<String> bodies, String... again) {
    BitSet retry = new BitSet();
    List<Outcome.Rejection> rejected = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      if (bodies.get(i).startsWith("poison")) {
        rejected.add(new Outcome.Rejection(i, "bad " + bodies.get(i)));
      } else if (List.of(again).contains(bodies.get(i))) {
        retry.set(i);
      }
    }
    return new Outcome.Mixed(retry, rejected, "some", Duration.ZERO);
  }

  private OutputRow row() {
    return ledger.output("out").row();
  }

  @Test
  void waitForTheDiskHoweverLongAndAreKeptThenWhileWhatHasArrivedIsNotSentAgain() throws Exception {
    open(null, OutputSettings.UNLIMITED);
    output.then(bodies -> judge(bodies, "c"));
    put("a", "poison 1", "b");
    put("poison 2", "c");
    // Five failed tries, a second apart, were the end of it once.
    await().atMost(Duration.ofSeconds(30)).until(() -> letters.refusals.get() > 5);
    assertThat(stats.lettersProblem()).isEqualTo("the disk is full");
    assertThat(stats.droppedRecords()).isZero();
    assertThat(told).as("nothing that is not kept is settled").isEmpty();
    assertThat(row().of(Fate.DELIVERED)).isEqualTo(2);

    letters.full = false;
    await().until(() -> told.size() == 2);
    assertThat(told).containsOnly(Settlement.DONE);
    assertThat(stats.lettersProblem()).isNull();
    assertThat(letters.kept).containsExactly("poison 1: bad poison 1", "poison 2: bad poison 2");
    assertThat(output.sends())
        .containsExactly(List.of("a", "poison 1", "b", "poison 2", "c"), List.of("c"));
    assertThat(row().of(Fate.REJECTED_KEPT)).isEqualTo(2);
    assertThat(row().inFlight()).isZero();
  }

  @Test
  void comeAgainAloneWhereTheDeliveryStopsMeanwhile() throws Exception {
    open(spooler(Ack.SPOOLED), OutputSettings.UNLIMITED);
    output.then(bodies -> judge(bodies));
    put("a", "poison", "b");
    await().until(() -> letters.refusals.get() > 0);
    delivery.close(System.nanoTime() + Duration.ofSeconds(10).toNanos());
    assertThat(told).as("it is in the spool").containsExactly(Settlement.DONE);
    assertThat(letters.kept).isEmpty();
    assertThat(stats.droppedRecords()).isZero();
    assertThat(row().of(Fate.DELIVERED)).isEqualTo(2);
    assertThat(row().of(Fate.LEFT)).isEqualTo(1);
    assertThat(row().inFlight()).isZero();

    letters.full = false;
    ledger = new Ledger(System::nanoTime);
    stats = new OutputStats("out", "test");
    output.then(bodies -> judge(bodies));
    open(spooler(Ack.SPOOLED), OutputSettings.UNLIMITED);
    await().until(() -> delivery.isIdle());
    assertThat(output.sends()).containsExactly(List.of("a", "poison", "b"), List.of("poison"));
    assertThat(letters.kept).containsExactly("poison: bad poison");
  }

  @Test
  void whatComesBehindThemGoesToTheSpoolSoThatRoutingDoesNotWait() throws Exception {
    open(spooler(Ack.SPOOLED), OutputSettings.UNLIMITED);
    output.then(new Outcome.Rejected("all of it"));
    put("poison");
    await().until(() -> letters.refusals.get() > 0);
    List<String> behind = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      behind.add("line " + i);
      // Of four the queue is full.
      put("line " + i);
    }
    await().until(() -> told.size() == 21);
    assertThat(told).containsOnly(Settlement.DONE);
    assertThat(output.sends()).containsExactly(List.of("poison"));
    letters.full = false;
    await().until(() -> delivery.isIdle());
    assertThat(letters.kept).containsExactly("poison: all of it");
    assertThat(output.sends().stream().skip(1).flatMap(List::stream))
        .containsExactlyElementsOf(behind);
    assertThat(row().inFlight() + row().spooled()).isZero();
  }

  @Test
  void withoutASpoolTheSourceBringsThemAgainAfterAStop() throws Exception {
    open(null, OutputSettings.UNLIMITED);
    output.then(new Outcome.Rejected("all of it"));
    put("a", "b");
    await().until(() -> letters.refusals.get() > 0);
    delivery.close(System.nanoTime());
    assertThat(told).containsExactly(Settlement.AGAIN);
    assertThat(row().of(Fate.AGAIN)).isEqualTo(2);
    assertThat(row().inFlight()).isZero();
  }

  @Test
  void waitAlsoWhereTheyAreOutOfRetriesOrTooLarge() throws Exception {
    open(null, 0);
    output.then(new Outcome.Retry("503")).then(new Outcome.TooLarge("413"));
    put("given up");
    await().until(() -> letters.refusals.get() > 0);
    put("large");
    letters.full = false;
    await().until(() -> told.size() == 2);
    assertThat(letters.kept).hasSize(2).last().isEqualTo("large: 413");
    assertThat(letters.kept.getFirst()).startsWith("given up: given up after 0 retries");
    assertThat(stats.droppedRecords()).isZero();
  }
}
