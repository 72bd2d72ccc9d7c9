package io.logboom.input.tail;

import io.logboom.api.plugin.Settlement;
import java.util.ArrayDeque;

/**
 * How far one file is settled: the end of the stretch from its start of which every batch is DONE.
 * Batches may settle in any order; only the contiguous prefix counts. A stretch that must come
 * again stops the ledger for good: the file goes on with a new one, from {@link #settled}. Safe for
 * all threads.
 */
final class Ledger {
  private final ArrayDeque<Stretch> underWay = new ArrayDeque<>();
  private Place settled;
  private boolean failed;

  /** One batch's part of the file: from the end of the stretch before it to its own. */
  static final class Stretch {
    private final Ledger ledger;
    private final Place end;
    private boolean done;

    private Stretch(Ledger ledger, Place end) {
      this.ledger = ledger;
      this.end = end;
    }

    /** Whether the file is settled further than before by it. */
    boolean settle(Settlement settlement) {
      return ledger.settle(this, settlement);
    }
  }

  Ledger(Place settled) {
    this.settled = settled;
  }

  /** A batch goes off that takes the file up to {@code end}. */
  synchronized Stretch sent(Place end) {
    Stretch stretch = new Stretch(this, end);
    underWay.addLast(stretch);
    return stretch;
  }

  private synchronized boolean settle(Stretch stretch, Settlement settlement) {
    if (settlement == Settlement.AGAIN) {
      failed = true;
      return false;
    }
    stretch.done = true;
    Place before = settled;
    Stretch first = underWay.peekFirst();
    while (first != null && first.done) {
      settled = first.end;
      underWay.removeFirst();
      first = underWay.peekFirst();
    }
    return !settled.equals(before);
  }

  /** What is under way must come again, whatever becomes of it. */
  synchronized void fail() {
    failed = true;
  }

  /** The place up to which nothing need be read again. */
  synchronized Place settled() {
    return settled;
  }

  /** Whether something must be read again. */
  synchronized boolean failed() {
    return failed;
  }
}
