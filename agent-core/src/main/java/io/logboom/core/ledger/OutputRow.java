package io.logboom.core.ledger;

import java.util.Arrays;

/** What became of records at an output so far. */
public final class OutputRow {
  private final long[] counts;

  OutputRow(long[] counts) {
    this.counts = counts;
  }

  /** Records that routing gave to it. */
  public long routed() {
    return counts[OutputAccount.ROUTED];
  }

  /** Records that an earlier run had left in the spool, as far as they have been read from it. */
  public long recovered() {
    return counts[OutputAccount.RECOVERED];
  }

  /** Dead letters that were sent again. */
  public long replayed() {
    return counts[OutputAccount.REPLAYED];
  }

  /** Records that are in the spool now and were put there by this run. */
  public long spooled() {
    return counts[OutputAccount.SPOOLED];
  }

  /** Bytes of the bodies that arrived. */
  public long deliveredBytes() {
    return counts[OutputAccount.DELIVERED_BYTES];
  }

  /** Bytes of the bodies that went to the dead letters. */
  public long keptBytes() {
    return counts[OutputAccount.KEPT_BYTES];
  }

  /** Bytes of the bodies that are lost, but for those that were damaged in the spool unread. */
  public long lostBytes() {
    return counts[OutputAccount.LOST_BYTES];
  }

  public long of(Fate fate) {
    return counts[OutputAccount.column(fate)];
  }

  /** The sum over all fates of a kind. */
  public long of(Fate.Kind kind) {
    long sum = 0;
    for (Fate fate : OutputAccount.FATES) {
      if (fate.kind() == kind) {
        sum += of(fate);
      }
    }
    return sum;
  }

  /**
   * Records that are in memory now, waiting or being sent: what is accounted for in no other way.
   */
  public long inFlight() {
    return inFlight(counts);
  }

  static long inFlight(long[] counts) {
    long in =
        counts[OutputAccount.ROUTED]
            + counts[OutputAccount.RECOVERED]
            + counts[OutputAccount.REPLAYED];
    long out = counts[OutputAccount.SPOOLED];
    for (Fate fate : OutputAccount.FATES) {
      out += counts[OutputAccount.column(fate)];
    }
    return in - out;
  }

  OutputRow plus(OutputRow other) {
    long[] sum = counts.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.counts[i];
    }
    return new OutputRow(sum);
  }

  /** The largest difference that one of the numbers has. */
  long distance(OutputRow other) {
    long most = 0;
    for (int i = 0; i < counts.length; i++) {
      most = Math.max(most, Math.abs(counts[i] - other.counts[i]));
    }
    return most;
  }

  static OutputRow empty() {
    return new OutputRow(new long[OutputAccount.COLUMNS]);
  }

  boolean isEmpty() {
    return Arrays.stream(counts).allMatch(n -> n == 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutputRow row && Arrays.equals(row.counts, counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return Arrays.toString(counts);
  }
}
