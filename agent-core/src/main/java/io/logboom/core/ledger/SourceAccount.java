package io.logboom.core.ledger;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is counted of one source, and of it at each output. */
final class SourceAccount {
  static final int READ = 0;
  static final int READ_BYTES = 1;
  static final int ADDED = 2;
  static final int FILTERED = 3;
  static final int UNROUTED = 4;
  static final int ROUTED = 5;
  static final int AGAIN = 6;

  /** Records that go to outputs, once for each. */
  static final int GIVEN = 7;

  static final int COLUMNS = 8;

  private final SourceName name;
  private final Counts counts = new Counts(COLUMNS);
  private volatile @Nullable Counts[] cells = {};

  /** When something was last counted, on the ledger's clock. */
  volatile long activeNanos;

  /** Whether it is in the books no more; what is counted all the same is moved on at once. */
  volatile boolean retired;

  SourceAccount(SourceName name) {
    this.name = name;
  }

  SourceName name() {
    return name;
  }

  Counts counts() {
    return counts;
  }

  /** What is counted of it at the output with this number. */
  Counts cell(int output) {
    @Nullable Counts[] now = cells;
    Counts known = output < now.length ? now[output] : null;
    return known == null ? addCell(output) : known;
  }

  private synchronized Counts addCell(int output) {
    @Nullable Counts[] now = cells;
    if (output < now.length) {
      Counts known = now[output];
      if (known != null) {
        return known;
      }
    }
    @Nullable Counts[] next = Arrays.copyOf(now, Math.max(now.length, output + 1));
    Counts added = new Counts(OutputAccount.COLUMNS);
    next[output] = added;
    cells = next;
    return added;
  }

  /** Null where nothing of the source has gone to that output. */
  @Nullable Counts cellOrNull(int output) {
    @Nullable Counts[] now = cells;
    return output < now.length ? now[output] : null;
  }

  /**
   * Moves the numbers to another account where nothing is on its way, and does nothing where
   * something is. What moves adds up by itself, also while other threads count.
   */
  boolean moveAtRest(SourceAccount other) {
    long[] own = counts.toArray();
    @Nullable Counts[] now = cells;
    long[][] at = new long[now.length][];
    boolean rest = SourceRow.of(name, own, Map.of()).waiting() == 0;
    long toCome = own[GIVEN];
    for (int output = 0; output < now.length; output++) {
      Counts cell = now[output];
      at[output] = cell == null ? new long[OutputAccount.COLUMNS] : cell.toArray();
      toCome -= at[output][OutputAccount.ROUTED];
      rest &= at[output][OutputAccount.SPOOLED] == 0 && OutputRow.inFlight(at[output]) == 0;
    }
    rest &= toCome == 0;
    if (rest) {
      counts.move(own, other.counts);
      for (int output = 0; output < now.length; output++) {
        Counts cell = now[output];
        if (cell != null) {
          cell.move(at[output], other.cell(output));
        }
      }
    }
    return rest;
  }

  /** Moves all numbers to another account of the same source. */
  void moveTo(SourceAccount other) {
    counts.move(counts.toArray(), other.counts);
    @Nullable Counts[] now = cells;
    for (int output = 0; output < now.length; output++) {
      Counts cell = now[output];
      if (cell != null) {
        cell.move(cell.toArray(), other.cell(output));
      }
    }
  }
}
