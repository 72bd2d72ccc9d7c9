package io.logboom.api.batch;

import java.util.List;

/**
 * The records of one send by their numbers, which go through all batches and count dropped records
 * too. Best asked in order.
 */
public final class Numbered {
  private List<Batch> batches = List.of();
  private int at;
  private int base;

  /** Begins with the first record of these batches. */
  public void reset(List<Batch> next) {
    batches = next;
    at = 0;
    base = 0;
  }

  /** The batch that has the record. */
  public Batch batch(int number) {
    if (number < base) {
      at = 0;
      base = 0;
    }
    while (number - base >= batches.get(at).size()) {
      base += batches.get(at).size();
      at++;
    }
    return batches.get(at);
  }

  /** The record's index in the batch that {@link #batch} gave for it last. */
  public int index(int number) {
    return number - base;
  }
}
