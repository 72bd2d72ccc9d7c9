package io.logboom.core.pipeline;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;

/**
 * What one output gets of a shipment: all of its records, or a part of them.
 *
 * @param shipment whose slab the records stand on
 * @param batch the records for this output
 * @param arrivedNanos when it was routed, on {@link System#nanoTime}'s clock
 */
public record Parcel(Shipment shipment, Batch batch, long arrivedNanos) {
  /** Tells the shipment what became of this part. Once. */
  public void settle(Settlement settlement) {
    shipment.settle(settlement);
  }

  /** The bytes of memory that it keeps from being used again. */
  public long weight() {
    return shipment.weight();
  }
}
