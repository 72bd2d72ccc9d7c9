package io.logboom.core.ledger;

import java.util.concurrent.atomic.AtomicLongArray;

/** A row of numbers that many threads add to. */
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

  /** Takes these numbers away and adds them to another row. */
  void move(long[] numbers, Counts other) {
    for (int i = 0; i < numbers.length; i++) {
      add(i, -numbers[i]);
      other.add(i, numbers[i]);
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
