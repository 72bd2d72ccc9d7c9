package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import org.jspecify.annotations.Nullable;

/** Where the records of letters are read to. */
public interface ReplayMemory {
  /**
   * An empty batch with room for so many bytes; null where there is no memory now.
   *
   * @throws IllegalArgumentException where there is never so much
   */
  @Nullable Batch open(int bytes);

  /** Takes a batch back that no replay was made of. */
  void release(Batch batch);
}
