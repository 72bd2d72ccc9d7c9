package io.logboom.core.assembly;

import io.logboom.api.batch.Names;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.meter.MicrometerMeters;
import java.time.InstantSource;

/**
 * What all instances stand on, as long as the agent lives: a reload does not change it.
 *
 * @param names only ever grow: a name's bit may be in a record that waits
 */
record Foundation(
    Names names,
    SlabPool pool,
    StateDirectories state,
    MicrometerMeters meters,
    InstantSource clock,
    Ledger ledger,
    Deliveries deliveries) {
  static Foundation of(ServiceConfig service, MicrometerMeters meters, InstantSource clock) {
    Names names = new Names();
    SlabPool pool = new SlabPool(budget(service));
    StateDirectories state = new StateDirectories(service);
    Ledger ledger = new Ledger(System::nanoTime);
    return new Foundation(
        names,
        pool,
        state,
        meters,
        clock,
        ledger,
        new Deliveries(service, pool, names, state, ledger, clock));
  }

  private static long budget(ServiceConfig service) {
    long asked = service.buffer().memory().bytes();
    return asked > 0
        ? Math.max(asked, 4L * SlabPool.USUAL)
        : SlabPool.budgetFor(Runtime.getRuntime().maxMemory());
  }
}
