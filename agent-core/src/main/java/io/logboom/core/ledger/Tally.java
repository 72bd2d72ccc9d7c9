package io.logboom.core.ledger;

import io.logboom.api.batch.Batch;
import java.util.BitSet;

/** How many records and body bytes of a batch each of its origins has. */
final class Tally {
  private final long[] records;
  private final long[] bytes;

  private Tally(int origins) {
    records = new long[origins];
    bytes = new long[origins];
  }

  /** Of all records, those that a filter took out among them. */
  static Tally all(Batch batch) {
    if (batch.liveRecords() == batch.size()) {
      return live(batch);
    }
    Tally tally = new Tally(batch.origins());
    for (int i = 0; i < batch.size(); i++) {
      tally.count(batch, i);
    }
    return tally;
  }

  /** Of the records that no filter took out. */
  static Tally live(Batch batch) {
    Tally tally = new Tally(batch.origins());
    if (tally.records.length == 1) {
      tally.records[0] = batch.liveRecords();
      tally.bytes[0] = batch.liveBytes();
      return tally;
    }
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isDropped(i)) {
        tally.count(batch, i);
      }
    }
    return tally;
  }

  /** Of the records with the numbers {@code base + index}, as far as no filter took them out. */
  static Tally live(Batch batch, BitSet numbers, int base) {
    Tally tally = new Tally(batch.origins());
    int end = base + batch.size();
    for (int n = numbers.nextSetBit(base); n >= 0 && n < end; n = numbers.nextSetBit(n + 1)) {
      if (!batch.isDropped(n - base)) {
        tally.count(batch, n - base);
      }
    }
    return tally;
  }

  private void count(Batch batch, int record) {
    int origin = batch.originIndex(record);
    records[origin]++;
    bytes[origin] += batch.length(record);
  }

  long records(int origin) {
    return records[origin];
  }

  long bytes(int origin) {
    return bytes[origin];
  }
}
