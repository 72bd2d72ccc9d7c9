package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.disk.Disk;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.codec.Compression;
import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.config.OutputBuffer.Overflow;
import io.logboom.core.ledger.Ledger;
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
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** What a delivery stands on, and a source that numbers its lines. */
final class Rig {
  static final int LINES = 50;
  static final long UNLIMITED = 1L << 30;

  final Names names = new Names();
  final SlabPool pool;
  Ledger ledger = new Ledger(System::nanoTime);
  final ConcurrentLinkedQueue<Settlement> told = new ConcurrentLinkedQueue<>();
  private int next;

  Rig(SlabPool pool) {
    this.pool = pool;
  }

  Rig() {
    this(new SlabPool(32L * SlabPool.USUAL));
  }

  OutputSettings settings(int workers) {
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

  Spooler spooler(Path directory, Disk disk, Ack ack, OutputStats stats) throws IOException {
    Spool spool =
        Spool.open(
            directory,
            disk,
            new SpoolSettings(UNLIMITED, new SpoolBudget(UNLIMITED)),
            InstantSource.system());
    return new Spooler(
        spool,
        new SpoolPolicy(ack, Overflow.BLOCK),
        names,
        Compression.NONE,
        pool,
        stats,
        ledger.output(stats.name()),
        InstantSource.system(),
        UNLIMITED);
  }

  /** As after a restart: the books begin anew. */
  void restart() {
    ledger = new Ledger(System::nanoTime);
    told.clear();
  }

  /** A batch with the next lines. */
  Batch batch() throws InterruptedException {
    Batch batch = pool.open();
    int origin = batch.origin(Origin.builder(names, "tag").build());
    for (int k = 0; k < LINES; k++) {
      byte[] line = line(next++).getBytes(StandardCharsets.UTF_8);
      batch.add(origin, batch.append(line, 0, line.length), line.length, 0, next);
    }
    pool.fit(batch);
    return batch;
  }

  void put(Delivery delivery, int batches) throws InterruptedException {
    for (int i = 0; i < batches; i++) {
      Batch batch = batch();
      delivery.put(batch, holder(batch), batch.bytes().length, System.nanoTime());
    }
  }

  Holder holder(Batch batch) {
    return new Holder() {
      @Override
      public void tell(Settlement settlement) {
        told.add(settlement);
      }

      @Override
      public void free() {
        pool.release(batch);
      }
    };
  }

  static String line(int number) {
    return "line-" + (1_000_000 + number) + " with something to say";
  }

  static List<String> lines(int from, int to) {
    return new ArrayList<>(IntStream.range(from, to).mapToObj(Rig::line).toList());
  }
}
