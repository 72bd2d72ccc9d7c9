package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.pipeline.Parcel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What one send carries: parcels taken together, and the records of them that still have to arrive.
 */
final class Unit {
  private final List<Parcel> parcels;
  private List<Batch> pending;

  Unit(List<Parcel> parcels) {
    this.parcels = parcels;
    this.pending = parcels.stream().map(Parcel::batch).toList();
  }

  private Unit(List<Parcel> parcels, List<Batch> pending) {
    this.parcels = parcels;
    this.pending = pending;
  }

  List<Batch> pending() {
    return pending;
  }

  /** Keeps only the records in {@code numbers}, counted through all pending batches. */
  void keep(BitSet numbers) {
    List<Batch> next = new ArrayList<>(pending.size());
    int base = 0;
    for (Batch batch : pending) {
      BitSet own = numbers.get(base, base + batch.size());
      if (!own.isEmpty()) {
        next.add(batch.subset(own));
      }
      base += batch.size();
    }
    pending = next;
  }

  /**
   * Two units, each with about half of the records, in order. Neither settles anything: this one
   * goes on to do so.
   *
   * @return null where there is but one record
   */
  @org.jspecify.annotations.Nullable
  List<Unit> halves() {
    int live = liveRecords();
    if (live < 2) {
      return null;
    }
    BitSet first = new BitSet();
    BitSet second = new BitSet();
    int seen = 0;
    int base = 0;
    for (Batch batch : pending) {
      for (int i = 0; i < batch.size(); i++) {
        if (!batch.isDropped(i)) {
          (seen++ < live / 2 ? first : second).set(base + i);
        }
      }
      base += batch.size();
    }
    Unit a = new Unit(List.of(), pending);
    a.keep(first);
    Unit b = new Unit(List.of(), pending);
    b.keep(second);
    return List.of(a, b);
  }

  int liveRecords() {
    int sum = 0;
    for (Batch batch : pending) {
      sum += batch.liveRecords();
    }
    return sum;
  }

  long liveBytes() {
    long sum = 0;
    for (Batch batch : pending) {
      sum += batch.liveBytes();
    }
    return sum;
  }

  void settle(Settlement settlement) {
    for (Parcel parcel : parcels) {
      parcel.settle(settlement);
    }
  }
}
