package io.logboom.core.ledger;

import java.util.Arrays;
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
  static final int COLUMNS = 7;

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

  /** Whether nothing of it is on its way. */
  boolean isAtRest() {
    if (SourceRow.waiting(counts) != 0) {
      return false;
    }
    for (Counts cell : cells) {
      if (cell != null
          && (cell.of(OutputAccount.SPOOLED) != 0 || OutputRow.inFlight(cell.toArray()) != 0)) {
        return false;
      }
    }
    return true;
  }

  void moveTo(SourceAccount other) {
    counts.moveTo(other.counts);
    @Nullable Counts[] now = cells;
    for (int output = 0; output < now.length; output++) {
      Counts cell = now[output];
      if (cell != null) {
        cell.moveTo(other.cell(output));
      }
    }
  }
}
