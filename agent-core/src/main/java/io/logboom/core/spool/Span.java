package io.logboom.core.spool;

/**
 * Entries that follow each other.
 *
 * @param from the number of the first
 * @param to the number behind the last
 * @param recordsFrom the records in all entries before {@code from}
 * @param recordsTo the records in all entries before {@code to}
 */
record Span(long from, long to, long recordsFrom, long recordsTo) {
  static Span between(Point from, Point to) {
    return new Span(from.sequence(), to.sequence(), from.records(), to.records());
  }

  long entries() {
    return to - from;
  }

  /** How many records are in it; none where damage made the two counts contradict each other. */
  long records() {
    return Math.max(0, recordsTo - recordsFrom);
  }

  boolean touches(Span other) {
    return from < other.to && other.from < to;
  }
}
