package io.logboom.core.pipeline;

import io.logboom.api.plugin.Settlement;

/**
 * What stands behind records on their way to one output: the source that waits to be told, and the
 * memory that they stand on. Each method is called once, by any thread.
 */
public interface Holder {
  /**
   * What became of the records at this output. What is safe on disk is settled while a send may
   * still use the memory, so that this can come before {@link #free}.
   */
  void tell(Settlement settlement);

  /**
   * Whether the records are safe elsewhere until this is told DONE, so that they are not lost where
   * they are dropped here: then it is told AGAIN.
   */
  default boolean isSafe() {
    return false;
  }

  /** The memory is not needed any more. */
  void free();
}
