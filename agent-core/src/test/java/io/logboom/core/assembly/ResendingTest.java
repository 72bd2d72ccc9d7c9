package io.logboom.core.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.config.OutputBuffer.Overflow;
import io.logboom.core.deadletter.DeadLetters;
import io.logboom.core.deadletter.IdSet;
import io.logboom.core.deadletter.Letter;
import io.logboom.core.deadletter.LetterBox;
import io.logboom.core.deadletter.Request;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.delivery.SpoolPolicy;
import io.logboom.core.delivery.Spooler;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.spool.Spool;
import io.logboom.core.spool.SpoolBudget;
import io.logboom.core.spool.SpoolSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters on a real disk on their way through real deliveries. */
@Timeout(60)
class ResendingTest {
  @TempDir Path directory;
  private final Names names = new Names();
  private final SlabPool pool = new SlabPool(32L * SlabPool.USUAL);
  private final Ledger ledger = new Ledger(System::nanoTime);
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private DeadLetters letters;
  private Resending resending;

  /** An output that does as it is told and notes what has arrived. */
  private static final class Far implements Output {
    final ConcurrentLinkedQueue<String> arrived = new ConcurrentLinkedQueue<>();
    final AtomicReference<Outcome> answer = new AtomicReference<>(Outcome.DELIVERED);
    final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));

    @Override
    public Outcome send(List<Batch> batches) throws InterruptedException {
      gate.get().await();
      Outcome now = answer.get();
      if (now instanceof Outcome.Delivered) {
        batches.forEach(batch -> arrived.addAll(bodies(batch)));
      }
      return now;
    }
  }

  private static List<String> bodies(Batch batch) {
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      bodies.add(
          new String(batch.bytes(), batch.offset(i), batch.length(i), StandardCharsets.UTF_8));
    }
    return bodies;
  }

  @BeforeEach
  void open() throws IOException {
    letters =
        DeadLetters.open(
            directory.resolve("letters"),
            new LocalDisk(),
            64 << 20,
            new BatchCodec(names, Compression.NONE),
            InstantSource.system());
  }

  @AfterEach
  void close() throws IOException {
    resending.stop();
    deliveries.forEach(each -> each.close(System.nanoTime()));
    letters.close();
    assertThat(pool.used()).isZero();
  }

  private void start(Supplier<? extends Collection<Delivery>> which) {
    resending = new Resending(letters, pool, which, Set::of);
    resending.start();
  }

  private Delivery delivery(String name, Output output, long ringBytes, long retryLimit) {
    return delivery(name, output, ringBytes, retryLimit, null);
  }

  private Delivery delivery(
      String name, Output output, long ringBytes, long retryLimit, @Nullable Spooler spooler) {
    OutputSettings settings =
        new OutputSettings(
            1,
            ringBytes,
            1,
            Duration.ofMillis(5),
            true,
            0,
            retryLimit,
            Duration.ofMillis(2),
            Duration.ofMillis(20));
    Delivery made =
        new Delivery(
            new OutputStats(name, "far"),
            ledger.output(name),
            output,
            settings,
            spooler,
            (batch, records, why) -> letters.put(name, batch, records, why));
    made.start();
    deliveries.add(made);
    return made;
  }

  private void letter(String output, String... lines) throws IOException {
    Batch batch = pool.overdraw(64 << 10);
    int origin = batch.origin(Origin.builder(names, "tag").build());
    for (String line : lines) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      batch.add(origin, batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
    }
    BitSet all = new BitSet();
    all.set(0, lines.length);
    letters.put(output, batch, all, _ -> "bad");
    pool.release(batch);
  }

  private LetterBox box() {
    return new LetterBox(directory.resolve("letters"), new LocalDisk(), names);
  }

  private void replay(String ids) throws IOException {
    box().ask(new Request(Request.Action.REPLAY, IdSet.parse(ids)));
  }

  private List<String> left() {
    List<String> left = new ArrayList<>();
    try {
      box().read((Letter letter) -> left.addAll(bodies(letter.record())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return left;
  }

  @Test
  void aQuietOutputThatGaveUpOnceGetsItsLettersWhenItIsAskedFor() throws Exception {
    Far far = new Far();
    Delivery out = delivery("out", far, 1 << 20, 0);
    letter("out", "a", "b", "c");
    far.answer.set(new Outcome.Retry("503"));
    start(() -> deliveries);
    replay("1");
    await().until(() -> left().equals(List.of("b", "c", "a")));
    assertThat(out.stats().problem()).as("nothing has arrived since").isEqualTo("503");
    far.answer.set(Outcome.DELIVERED);
    replay("2-4");
    await().until(() -> left().isEmpty());
    assertThat(far.arrived).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(out.stats().problem()).isNull();
  }

  @Test
  void anOutputWhoseQueueIsFullHoldsUpNoOther() throws Exception {
    Far stuck = new Far();
    Far free = new Far();
    stuck.gate.set(new CountDownLatch(1));
    delivery("a", stuck, 1, OutputSettings.UNLIMITED);
    delivery("b", free, 1 << 20, OutputSettings.UNLIMITED);
    letter("a", "1", "2", "3", "4", "5");
    letter("b", "6", "7");
    start(() -> deliveries);
    replay("1-7");
    await().until(() -> free.arrived.size() == 2);
    assertThat(stuck.arrived).isEmpty();
    stuck.gate.get().countDown();
    await().until(() -> left().isEmpty());
    assertThat(stuck.arrived).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void thousandsOnTheirWayTakeNotMuchMoreMemoryThanTheyWeighInTheQueue() throws Exception {
    int count = 2_000;
    Far stuck = new Far();
    stuck.gate.set(new CountDownLatch(1));
    Delivery out = delivery("out", stuck, 64 << 20, OutputSettings.UNLIMITED);
    String[] lines = new String[count];
    for (int i = 0; i < count; i++) {
      lines[i] = "line " + i;
    }
    letter("out", lines);
    start(() -> deliveries);
    long before = heap();
    replay("1-" + count);
    await().until(() -> out.waitingBatches() + out.stats().inFlight() == count);
    assertThat(heap() - before).isLessThan(2 * out.waitingBytes());
    stuck.gate.get().countDown();
    await().until(() -> left().isEmpty());
    assertThat(stuck.arrived).containsExactly(lines);
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void anOutputThatIsTakenAwayGivesItsLettersBackAndTheRequestEnds() throws Exception {
    Far stuck = new Far();
    stuck.gate.set(new CountDownLatch(1));
    Delivery gone = delivery("a", stuck, 1, OutputSettings.UNLIMITED);
    letter("a", "1", "2", "3");
    start(() -> deliveries);
    replay("1-3");
    await().until(() -> gone.stats().inFlight() == 1 && gone.waitingBatches() == 1);
    deliveries.remove(gone);
    gone.close(System.nanoTime());
    await().until(() -> requests().isEmpty());
    assertThat(left()).containsExactly("1", "2", "3");
    Far far = new Far();
    delivery("a", far, 1, OutputSettings.UNLIMITED);
    replay("1-3");
    await().until(() -> left().isEmpty());
    assertThat(far.arrived).containsExactly("1", "2", "3");
  }

  private List<String> requests() {
    String[] names = directory.resolve("letters").toFile().list((_, n) -> n.endsWith(".request"));
    return List.of(names);
  }

  @Test
  void aDefectEndsNoReplayAndIsCounted() throws Exception {
    Far far = new Far();
    delivery("out", far, 1 << 20, OutputSettings.UNLIMITED);
    letter("out", "a");
    AtomicInteger calls = new AtomicInteger();
    start(
        () -> {
          if (calls.incrementAndGet() <= 2) {
            throw new IllegalStateException("planted");
          }
          return deliveries;
        });
    replay("1");
    await().until(() -> left().isEmpty());
    assertThat(far.arrived).containsExactly("a");
    assertThat(letters.failures()).isEqualTo(2);
  }

  @Test
  void aLetterThatTheOverflowPolicyDropsStays() throws Exception {
    Far far = new Far();
    far.gate.set(new CountDownLatch(1));
    OutputStats stats = new OutputStats("out", "far");
    // Nothing ever fits into it.
    SpoolSettings tiny = new SpoolSettings(1, new SpoolBudget(1));
    Spooler spooler =
        new Spooler(
            Spool.open(directory.resolve("spool"), new LocalDisk(), tiny, InstantSource.system()),
            new SpoolPolicy(Ack.SPOOLED, Overflow.DROP_NEWEST),
            names,
            Compression.NONE,
            pool,
            stats,
            ledger.output("out"),
            InstantSource.system(),
            1);
    Delivery out = delivery("out", far, 1 << 20, OutputSettings.UNLIMITED, spooler);
    letter("out", "a", "b", "c");
    start(() -> deliveries);
    replay("1-3");
    await().until(() -> ledger.output("out").row().replayed() == 3);
    out.spill();
    await().until(() -> ledger.output("out").row().of(Fate.AGAIN) > 0);
    assertThat(left()).containsExactly("a", "b", "c");
    assertThat(stats.overflowRecords()).isZero();
    assertThat(ledger.output("out").row().of(Fate.OVERFLOW_NEWEST)).isZero();
    far.gate.get().countDown();
    await().until(() -> left().isEmpty());
    assertThat(far.arrived).contains("a", "b", "c");
  }
}
