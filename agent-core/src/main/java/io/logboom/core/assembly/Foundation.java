package io.logboom.core.assembly;

import io.logboom.api.batch.Names;
import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.StartException;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.deadletter.DeadLetterMeters;
import io.logboom.core.deadletter.DeadLetters;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.meter.MicrometerMeters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all instances stand on, as long as the agent lives: a reload does not change it.
 *
 * @param deadLetters null where what is rejected is only counted
 * @param names only ever grow: a name's bit may be in a record that waits
 */
record Foundation(
    Names names,
    SlabPool pool,
    StateDirectories state,
    MicrometerMeters meters,
    InstantSource clock,
    Ledger ledger,
    @Nullable Letters deadLetters,
    Deliveries deliveries) {
  private static final Logger LOG = LoggerFactory.getLogger(Foundation.class);

  /**
   * @throws StartException where the dead letters cannot be opened
   */
  static Foundation of(ServiceConfig service, MicrometerMeters meters, InstantSource clock)
      throws StartException {
    Names names = new Names();
    SlabPool pool = new SlabPool(budget(service));
    StateDirectories state = new StateDirectories(service);
    Ledger ledger = new Ledger(System::nanoTime);
    Letters letters =
        service.storage().keepRejected() ? deadLetters(service, names, state, clock) : null;
    if (letters != null) {
      letters.whenOpen(open -> DeadLetterMeters.bind(meters, open));
    }
    return new Foundation(
        names,
        pool,
        state,
        meters,
        clock,
        ledger,
        letters,
        new Deliveries(service, pool, names, state, ledger, letters, clock));
  }

  private static Letters deadLetters(
      ServiceConfig service, Names names, StateDirectories state, InstantSource clock)
      throws StartException {
    // Not made here: it is for the agent's user alone, unlike the state directory.
    Path path = state.of("").resolve(service.storage().rejectedPath());
    long limit = service.storage().rejectedLimit().bytes();
    return Letters.of(
        path,
        () ->
            DeadLetters.open(
                path, new LocalDisk(), limit, new BatchCodec(names, Compression.NONE), clock));
  }

  /** What keeps the agent from keeping anything on disk, and may pass; null where nothing does. */
  @Nullable String problem() {
    String found = state.problem();
    return found == null && deadLetters != null ? deadLetters.problem() : found;
  }

  /** Ends what lives as long as the agent. */
  void close() {
    if (deadLetters != null) {
      try {
        deadLetters.close();
      } catch (IOException e) {
        LOG.warn("the dead letters did not close cleanly: {}", e.toString());
      }
    }
  }

  private static long budget(ServiceConfig service) {
    long asked = service.buffer().memory().bytes();
    return asked > 0
        ? Math.max(asked, SlabPool.LEAST)
        : SlabPool.budgetFor(Runtime.getRuntime().maxMemory());
  }
}
