package io.logboom.core.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

/** Whatever outputs do, and whenever the agent stops, the books add up and say what happened. */
class LedgerProperties {
  private static final String[] SOURCES = {"a/1", "a/2", "b/1", "b/2", "c/1"};
  private static final String[] MATCHES = {"*", "a*", "b*"};

  /** Feeds the pipeline, and again what was not delivered. */
  private static final class Feed implements Input {
    final Names names = new Names();
    final SlabPool pool = new SlabPool(24L * SlabPool.USUAL);
    final Map<String, Origin> origins = new HashMap<>();
    final Map<String, Long> read = new HashMap<>();
    final Map<String, Long> begins = new HashMap<>();
    final ConcurrentLinkedQueue<Map<String, List<String>>> again = new ConcurrentLinkedQueue<>();
    final AtomicInteger open = new AtomicInteger();
    volatile @Nullable Intake intake;

    @Override
    public void start(Intake given) {
      intake = given;
    }

    @Override
    public void quiesce() {}

    @Override
    public void close() {}

    void put(Map<String, List<String>> lines) throws InterruptedException {
      Batch batch = pool.open();
      lines.forEach((source, bodies) -> bodies.forEach(body -> add(batch, source, body)));
      open.incrementAndGet();
      Intake to = intake;
      if (to == null) {
        throw new IllegalStateException("not started");
      }
      to.put(
          batch,
          settlement -> {
            if (settlement == Settlement.AGAIN) {
              again.add(lines);
            }
            open.decrementAndGet();
          });
    }

    private void add(Batch batch, String source, String body) {
      Origin origin =
          origins.computeIfAbsent(source, s -> Origin.builder(names, s).source(s).build());
      byte[] bytes = body.getBytes(UTF_8);
      batch.add(batch.origin(origin), batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
      read.merge(source, 1L, Long::sum);
      begins.merge(source + body.charAt(0), 1L, Long::sum);
    }
  }

  /** One run with everything in it drawn from a seed. */
  private static final class Run {
    final Random random;
    final Ledger ledger = new Ledger(System::nanoTime);
    final Feed feed = new Feed();
    final Map<String, Moody> outputs = new LinkedHashMap<>();
    final Map<String, TagMatch> matches = new HashMap<>();
    final Pipeline pipeline;

    Run(long seed, boolean hangs) {
      random = new Random(seed);
      List<Route> routes = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        String name = "out." + i;
        Moody output = new Moody(random.nextLong(), hangs);
        TagMatch match = TagMatch.glob(MATCHES[random.nextInt(MATCHES.length)]);
        outputs.put(name, output);
        matches.put(name, match);
        routes.add(new Route(delivery(name, output), match));
      }
      pipeline =
          new Pipeline(
              feed.pool,
              List.of(new FilterStep("f.0", "f", filter(), TagMatch.glob("*"))),
              routes,
              ledger);
      pipeline.add("in.0", "hand", feed);
    }

    private Delivery delivery(String name, Moody output) {
      OutputSettings settings =
          new OutputSettings(
              1 + random.nextInt(3),
              2L * SlabPool.USUAL,
              1 + random.nextInt(200),
              Duration.ofMillis(random.nextInt(3)),
              random.nextBoolean(),
              0,
              random.nextBoolean() ? OutputSettings.UNLIMITED : random.nextInt(3),
              Duration.ofNanos(1000),
              Duration.ofMillis(1));
      return new Delivery(
          new OutputStats(name, "moody"), ledger.output(name), output, settings, null, null);
    }

    /** Takes out what begins with d; puts in one more behind what begins with p. */
    private static Filter filter() {
      return (batch, _) -> {
        int size = batch.size();
        for (int i = 0; i < size; i++) {
          byte first = batch.bytes()[batch.offset(i)];
          if (first == 'd') {
            batch.drop(i);
          } else if (first == 'p') {
            batch.add(batch.originIndex(i), batch.offset(i), batch.length(i), 0, 0);
          }
        }
      };
    }

    Map<String, List<String>> lines() {
      Map<String, List<String>> lines = new LinkedHashMap<>();
      for (String source : SOURCES) {
        List<String> bodies = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          bodies.add("dpxyz".charAt(random.nextInt(5)) + "-" + random.nextInt(1000));
        }
        lines.put(source, bodies);
      }
      return lines;
    }

    void check() {
      assertThat(ledger.differences()).isEmpty();
      for (SourceRow row : ledger.sources()) {
        String source = row.name().source();
        assertThat(row.read()).as(source).isEqualTo(feed.read.get(source));
        assertThat(row.waiting()).as(source + " waiting").isZero();
        row.outputs().forEach((output, at) -> check(source, output, at));
      }
      outputs.forEach(
          (name, output) -> {
            OutputRow row = ledger.output(name).row();
            assertThat(row.of(Fate.DELIVERED)).isEqualTo(output.seen("delivered"));
            assertThat(row.of(Fate.DISCARDED)).isEqualTo(output.seen("discarded"));
            assertThat(row.of(Fate.REJECTED)).isEqualTo(output.seen("rejected"));
            assertThat(row.inFlight()).as(name + " in flight").isZero();
          });
    }

    /** Where each record was read once. */
    void checkFilters() {
      for (SourceRow row : ledger.sources()) {
        String source = row.name().source();
        long out = feed.begins.getOrDefault(source + 'd', 0L);
        long in = feed.begins.getOrDefault(source + 'p', 0L);
        boolean taken = matches.values().stream().anyMatch(match -> match.matches(source));
        assertThat(row.filtered()).as(source).isEqualTo(out);
        assertThat(row.added()).as(source).isEqualTo(in);
        assertThat(taken ? row.routed() : row.unrouted())
            .as(source)
            .isEqualTo(row.read() - out + in);
        assertThat(taken ? row.unrouted() : row.routed()).as(source).isZero();
      }
    }

    private void check(String source, String output, OutputRow at) {
      Moody truth = outputs.get(output);
      String where = source + " at " + output;
      assertThat(matches.get(output).matches(source)).as(where).isTrue();
      assertThat(at.of(Fate.DELIVERED)).as(where).isEqualTo(truth.seen(source, "delivered"));
      assertThat(at.of(Fate.DISCARDED)).as(where).isEqualTo(truth.seen(source, "discarded"));
      assertThat(at.of(Fate.REJECTED)).as(where).isEqualTo(truth.seen(source, "rejected"));
      assertThat(at.inFlight()).as(where + " in flight").isZero();
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void addUpWhenAllIsThrough(@ForAll long seed) throws InterruptedException {
    Run run = new Run(seed, false);
    run.pipeline.start();
    try {
      for (int i = 0; i < 30; i++) {
        run.feed.put(run.lines());
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> run.feed.open.get() == 0);
      run.check();
      run.checkFilters();
      assertThat(run.feed.again).isEmpty();
    } finally {
      run.pipeline.stop(Duration.ZERO);
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void addUpWheneverTheAgentStops(@ForAll long seed) throws InterruptedException {
    Run run = new Run(seed, true);
    run.pipeline.start();
    Thread feeding =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      run.feed.put(run.lines());
                      Map<String, List<String>> again = run.feed.again.poll();
                      if (again != null) {
                        run.feed.put(again);
                      }
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> run.pipeline.handledBatches() > Math.floorMod(seed, 50));
    feeding.interrupt();
    feeding.join();
    run.pipeline.stop(Duration.ZERO);
    assertThat(run.feed.open).hasValue(0);
    run.check();
  }
}
