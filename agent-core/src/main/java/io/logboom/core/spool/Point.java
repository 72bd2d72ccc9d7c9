package io.logboom.core.spool;

/**
 * A place in the order of all entries that ever were.
 *
 * @param sequence the number of the entry that stands there, or will
 * @param records the records in all entries before it
 */
record Point(long sequence, long records) {
  Point {
    if (sequence < 0 || records < 0) {
      throw new IllegalArgumentException("no place in an order: " + sequence + ", " + records);
    }
  }
}
