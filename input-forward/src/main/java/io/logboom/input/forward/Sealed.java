package io.logboom.input.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import io.logboom.api.plugin.Settlement;
import io.logboom.net.lane.Gate;
import java.util.List;

/** A batch to be given away, and whom to tell what became of it. */
final class Sealed implements Gate.Load {
  /** What the parts of a batch take, about. */
  private static final long PART_BYTES = 128;

  private final Batch batch;
  private final List<Part> parts;
  private final long plain;
  private final Lane lane;
  private final Batches batches;
  private final boolean awaited;

  /** A frame's part of the batch. */
  record Part(Arrival arrival, long records) {}

  /**
   * @param plain how many records came one by one, without a chunk
   */
  Sealed(Batch batch, List<Part> parts, long plain, Lane lane, Batches batches) {
    this.batch = batch;
    this.parts = parts;
    this.plain = plain;
    this.lane = lane;
    this.batches = batches;
    this.awaited = batch.isAwaited(); // the batch is another one's when it is settled
    if (!parts.isEmpty()) {
      batches.charge(PART_BYTES * parts.size());
    }
  }

  @Override
  public Batch batch() {
    return batch;
  }

  @Override
  public boolean isAwaited() {
    return awaited;
  }

  /** It is not given away, and nobody will. On the lane's thread. */
  void withdrawn() {
    giveBack();
    tell(Settlement.AGAIN);
  }

  @Override
  public void settled(Settlement settlement) {
    giveBack();
    lane.loop().execute(() -> tell(settlement));
  }

  private void giveBack() {
    if (!parts.isEmpty()) {
      batches.charge(-PART_BYTES * parts.size());
    }
  }

  private void tell(Settlement settlement) {
    for (Part part : parts) {
      part.arrival.settled(settlement, part.records);
    }
    if (plain > 0 && settlement == Settlement.AGAIN) {
      lane.lost(plain);
    }
    lane.flushAcks();
    lane.gate().settled(this);
  }
}
