package io.logboom.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.codec.Compression;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.config.OutputBuffer.Overflow;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.Holder;
import io.logboom.core.spool.Spool;
import io.logboom.core.spool.SpoolBudget;
import io.logboom.core.spool.SpoolSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way out to the output {@code out} with its spool, several times one after the other: as a
 * reload that removes an output and brings it back, with one set of books for all of them.
 */
final class Way {
  static final int LINES = 50;

  final Names names = new Names();
  final SlabPool pool = new SlabPool(64L * SlabPool.USUAL);
  final Ledger ledger = new Ledger(System::nanoTime);
  final OutputAccount account = ledger.output("out");
  final ConcurrentLinkedQueue<Settlement> told = new ConcurrentLinkedQueue<>();
  private final Map<String, Origin> origins = new HashMap<>();
  private final Path directory;
  final SlowDisk disk = new SlowDisk();
  OutputStats stats = new OutputStats("out", "test");
  @Nullable Spooler spooler;
  @Nullable Delivery delivery;
  private int next;

  Way(Path directory) {
    this.directory = directory;
  }

  Path spoolDirectory() {
    return directory.resolve("spool");
  }

  /** With one worker, which takes batch after batch. */
  Delivery open(Output output, Ack ack, @Nullable Rejects rejects) throws IOException {
    stats = new OutputStats("out", "test");
    Spool spool =
        Spool.open(
            spoolDirectory(),
            disk,
            new SpoolSettings(1L << 30, new SpoolBudget(1L << 30)),
            InstantSource.system());
    spooler =
        new Spooler(
            spool,
            new SpoolPolicy(ack, Overflow.BLOCK),
            names,
            Compression.NONE,
            pool,
            stats,
            account,
            InstantSource.system(),
            1L << 30);
    return begin(output, spooler, rejects);
  }

  /** Without a spool. */
  Delivery openInMemory(Output output, @Nullable Rejects rejects) {
    stats = new OutputStats("out", "test");
    spooler = null;
    return begin(output, null, rejects);
  }

  /** The way to another output, {@code more}, which has no spool and two workers. */
  Delivery beside(Output output) {
    OutputStats others = new OutputStats("more", "test");
    return new Delivery(others, ledger.output("more"), output, settings(2), null, null);
  }

  private static OutputSettings settings(int workers) {
    return new OutputSettings(
        workers,
        64 << 10,
        16 << 10,
        Duration.ofMillis(5),
        true,
        0,
        OutputSettings.UNLIMITED,
        Duration.ofMillis(20),
        Duration.ofMillis(40));
  }

  private Delivery begin(Output output, @Nullable Spooler behind, @Nullable Rejects rejects) {
    Delivery opened = new Delivery(stats, account, output, settings(1), behind, rejects);
    opened.start();
    delivery = opened;
    return opened;
  }

  void close(Duration grace) {
    Delivery open = delivery;
    if (open != null) {
      open.close(System.nanoTime() + grace.toNanos());
    }
  }

  /** Batches of {@link #LINES} records, of the sources in turn. */
  void put(int batches, String... sources) throws InterruptedException {
    for (int i = 0; i < batches; i++) {
      List<String> bodies = new ArrayList<>();
      for (int k = 0; k < LINES; k++) {
        bodies.add("line-" + (1_000_000 + next++) + " with something to say");
      }
      put(sources[i % sources.length], bodies);
    }
  }

  /** One batch, as routing would bring it. */
  void put(String source, List<String> bodies) throws InterruptedException {
    Batch batch = pool.open();
    Origin origin =
        origins.computeIfAbsent(source, s -> Origin.builder(names, "tag").source(s).build());
    for (String body : bodies) {
      byte[] bytes = body.getBytes(UTF_8);
      batch.add(batch.origin(origin), batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
    }
    pool.fit(batch);
    Delivery open = delivery;
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    ledger.reading(batch).taken();
    ledger.routed(batch, batch.size(), _ -> 1);
    open.put(batch, new Source(batch), batch.bytes().length, System.nanoTime());
    ledger.handedOn();
  }

  private final class Source implements Holder {
    private final Batch batch;

    Source(Batch batch) {
      this.batch = batch;
    }

    @Override
    public void tell(Settlement settlement) {
      told.add(settlement);
    }

    @Override
    public void free() {
      pool.release(batch);
    }
  }
}
