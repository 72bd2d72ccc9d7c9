package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.IntFunction;

/** Where an output's records go that will not arrive. */
@FunctionalInterface
public interface Rejects {
  /**
   * Keeps records of a batch; they are safe on return.
   *
   * @param records their numbers in the batch
   * @param why what the receiver said of the record with this number
   * @throws IOException where they cannot be kept now
   */
  void keep(Batch batch, BitSet records, IntFunction<String> why) throws IOException;
}
