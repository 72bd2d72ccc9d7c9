package io.logboom.core.ledger;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A row of numbers that many threads add to. Moving a number to another row loses nothing that is
 * added meanwhile: it is in the part that moved or in the part that stayed.
 */
final class Counts {
  private final AtomicLongArray values;

  Counts(int columns) {
    values = new AtomicLongArray(columns);
  }

  void add(int column, long n) {
    if (n != 0) {
      values.getAndAdd(column, n);
    }
  }

  long of(int column) {
    return values.get(column);
  }

  void moveTo(Counts other) {
    for (int i = 0; i < values.length(); i++) {
      other.add(i, values.getAndSet(i, 0));
    }
  }

  /** The numbers now. */
  long[] toArray() {
    long[] now = new long[values.length()];
    for (int i = 0; i < now.length; i++) {
      now[i] = values.get(i);
    }
    return now;
  }
}
