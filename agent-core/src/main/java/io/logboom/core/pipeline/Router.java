package io.logboom.core.pipeline;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.ledger.Ledger;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each output the records whose tag it takes. A tag is matched once per origin; a batch is
 * copied only where origins differ.
 */
final class Router {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final List<Route> routes;
  private final LongAdder unrouted;
  private final Ledger ledger;

  /** At most 64 routes: a set of them is one long. */
  Router(List<Route> routes, LongAdder unrouted, Ledger ledger) {
    if (routes.size() > Long.SIZE) {
      throw new IllegalArgumentException(
          routes.size() + " outputs; at most " + Long.SIZE + " are supported");
    }
    this.routes = routes;
    this.unrouted = unrouted;
    this.ledger = ledger;
  }

  /**
   * Puts the shipment into the queues, waiting where one is full, and gives up the caller's hold on
   * it.
   */
  void route(Shipment shipment) throws InterruptedException {
    Batch batch = shipment.batch();
    Settlement own = Settlement.AGAIN;
    long given = 0;
    try {
      long any = 0;
      long all = -1L;
      for (int i = 0; i < batch.origins(); i++) {
        long set = routesOf(batch.origin(i));
        any |= set;
        all &= set;
      }
      for (int r = 0; r < routes.size(); r++) {
        long bit = 1L << r;
        if ((any & bit) == 0) {
          continue;
        }
        Batch part = (all & bit) != 0 ? batch : part(batch, bit);
        if (part.liveRecords() == 0) {
          continue;
        }
        given |= bit;
        shipment.hold();
        try {
          routes.get(r).delivery().put(part, shipment, shipment.weight(), shipment.takenNanos());
        } catch (InterruptedException e) {
          shipment.settle(Settlement.AGAIN);
          throw e;
        }
      }
      own = Settlement.DONE;
    } finally {
      if (own == Settlement.AGAIN) {
        long got = given;
        ledger.withheld(batch, origin -> Long.bitCount(routesOf(origin) & ~got));
      }
      shipment.settle(own);
    }
  }

  private long routesOf(Origin origin) {
    return origin.memo(this, this::match);
  }

  private Long match(Origin origin) {
    long set = 0;
    for (int r = 0; r < routes.size(); r++) {
      if (routes.get(r).match().matches(origin.tag())) {
        set |= 1L << r;
      }
    }
    if (set == 0) {
      LOG.warn("no output takes the tag {}; its records are counted and dropped", origin.tag());
    }
    return set;
  }

  private Batch part(Batch batch, long bit) {
    BitSet keep = new BitSet(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isDropped(i) && (routesOf(batch.originOf(i)) & bit) != 0) {
        keep.set(i);
      }
    }
    return batch.subset(keep);
  }

  /** How many outputs take the records of an origin. */
  int outputs(Origin origin) {
    return Long.bitCount(routesOf(origin));
  }

  /** Counts records that no output takes. */
  void countUnrouted(Batch batch) {
    for (int i = 0; i < batch.origins(); i++) {
      if (routesOf(batch.origin(i)) == 0) {
        int records = 0;
        for (int k = 0; k < batch.size(); k++) {
          if (batch.originIndex(k) == i && !batch.isDropped(k)) {
            records++;
          }
        }
        unrouted.add(records);
      }
    }
  }
}
