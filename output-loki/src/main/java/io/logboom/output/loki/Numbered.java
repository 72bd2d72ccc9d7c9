package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import java.util.List;

/**
 * The records of one send by their numbers, which go through all batches and count dropped records
 * too. Best asked in order.
 */
final class Numbered {
  private List<Batch> batches = List.of();
  private int at;
  private int base;

  void reset(List<Batch> next) {
    batches = next;
    at = 0;
    base = 0;
  }

  /** The batch that has the record. */
  Batch batch(int number) {
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
  int index(int number) {
    return number - base;
  }
}
