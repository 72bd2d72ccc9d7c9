package io.logboom.core.assembly;

import io.logboom.api.batch.Names;
import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.OutputBuffer;
import io.logboom.core.config.OutputStage;
import io.logboom.core.config.RetryLimit;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.delivery.Rejects;
import io.logboom.core.delivery.SpoolPolicy;
import io.logboom.core.delivery.Spooler;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.spool.Spool;
import io.logboom.core.spool.SpoolBudget;
import io.logboom.core.spool.SpoolSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes each output's way out: its queue in memory, its spool, its books. */
final class Deliveries {
  /**
   * A unit of delivery is sent when its bodies have this many bytes: two full slabs, some 1,500
   * records of 300 bytes.
   */
  private static final long UNIT_BYTES = 2L * SlabPool.USUAL - 64 * 1024;

  private final SlabPool pool;
  private final Names names;
  private final StateDirectories state;
  private final Ledger ledger;
  private final @Nullable Letters letters;
  private final InstantSource clock;
  private final SpoolBudget budget;
  private final Map<String, Set<String>> addresses = new ConcurrentHashMap<>();

  Deliveries(
      ServiceConfig service,
      SlabPool pool,
      Names names,
      StateDirectories state,
      Ledger ledger,
      @Nullable Letters letters,
      InstantSource clock) {
    this.pool = pool;
    this.names = names;
    this.state = state;
    this.ledger = ledger;
    this.letters = letters;
    this.clock = clock;
    this.budget = new SpoolBudget(unlimited(service.buffer().spoolLimit().bytes()));
  }

  /**
   * How the engine treats the output.
   *
   * @param outputs how many there are in all, which share the memory
   */
  OutputSettings settings(OutputStage stage, ServiceConfig service, int outputs) {
    return new OutputSettings(
        stage.common().threads(),
        Math.max(2L * SlabPool.USUAL, pool.budget() / 2 / Math.max(1, outputs)),
        UNIT_BYTES,
        service.flush(),
        stage.common().buffer().inOrder(),
        stage.common().buffer().rateLimit().bytes(),
        retries(stage.common().retryLimit()),
        service.scheduler().base(),
        service.scheduler().cap());
  }

  /**
   * @param outputs how many there are in all, which share the memory
   */
  Delivery make(Placed<OutputStage> placed, ServiceConfig service, Output output, int outputs)
      throws StartException {
    OutputStage stage = placed.stage();
    addresses.put(placed.name(), placed.names());
    OutputStats stats = new OutputStats(placed.name(), stage.plugin().type());
    OutputAccount account = ledger.output(placed.name());
    Delivery delivery =
        new Delivery(
            stats,
            account,
            output,
            settings(stage, service, outputs),
            service.buffer().spool() ? spooler(placed, service, stats, account) : null,
            rejects(placed.name()));
    delivery.sparing(pool::isShort);
    return delivery;
  }

  /** The outputs in whose name dead letters are for the output that has this name. */
  Set<String> addresses(String name) {
    return addresses.getOrDefault(name, Set.of(name));
  }

  private @Nullable Rejects rejects(String output) {
    Letters to = letters;
    return to == null ? null : (batch, records, why) -> to.put(output, batch, records, why);
  }

  private @Nullable Spooler spooler(
      Placed<OutputStage> placed, ServiceConfig service, OutputStats stats, OutputAccount account)
      throws StartException {
    OutputBuffer buffer = placed.stage().common().buffer();
    long limit = unlimited(buffer.totalLimit().bytes());
    Path path = directory(placed);
    Spool spool;
    try {
      spool = Spool.open(path, new LocalDisk(), new SpoolSettings(limit, budget), clock);
    } catch (IOException e) {
      throw new StartException(
          "[" + placed.name() + "] the spool " + path + " cannot be opened: " + e.getMessage(), e);
    }
    try {
      return new Spooler(
          spool,
          new SpoolPolicy(buffer.ack(), buffer.overflow()),
          names,
          service.buffer().compress(),
          pool,
          stats,
          account,
          clock,
          buffer.totalLimit().bytes());
    } catch (RuntimeException e) {
      // Such as a native library that cannot be loaded.
      spool.close();
      throw new StartException("[" + placed.name() + "] " + e.getMessage(), e);
    }
  }

  /** Where the output's spool is. */
  Path directory(Placed<OutputStage> placed) throws StartException {
    return state.of(placed.directory()).resolve("spool");
  }

  private static long unlimited(long bytes) {
    return bytes == 0 ? SpoolSettings.UNLIMITED : bytes;
  }

  private static long retries(RetryLimit limit) {
    return limit.retries() == RetryLimit.UNLIMITED ? OutputSettings.UNLIMITED : limit.retries();
  }
}
