package io.logboom.api.plugin;

import io.logboom.api.batch.Batch;

/** Where an input puts what it read. Safe for all threads. */
public interface Intake {
  /**
   * Gives the batch away; waits while the pipeline is full. From here on the batch is not the
   * input's any more, also when this throws.
   *
   * @param settled is told once, by any thread, what became of it: see {@link OnSettled}
   */
  void put(Batch batch, OnSettled settled) throws InterruptedException;

  /**
   * As {@link #put} without waiting: false means that the pipeline is full, the batch is still the
   * caller's, and {@link #onRoom} should be used before the next try. For inputs on an event loop.
   */
  boolean offer(Batch batch, OnSettled settled);

  /** Calls {@code resume} once, from any thread, when an {@link #offer} may succeed again. */
  void onRoom(Runnable resume);

  /** Gives back a batch that was opened and is not needed. */
  void discard(Batch batch);
}
