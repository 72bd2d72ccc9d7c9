package io.logboom.api.plugin;

import io.logboom.api.batch.Batch;
import java.util.List;

/**
 * Sends records away. Encodes, sends once, and classifies the answer; queueing, retry, time-outs
 * between tries, limits and dead letters are the engine's. Called by up to as many threads at once
 * as the output has workers. See {@link Plugin} for its life.
 */
public interface Output extends AutoCloseable {
  /**
   * Sends the batches as one unit. Dropped records ({@link Batch#isDropped}) are not sent and need
   * no mention in the outcome.
   *
   * @param batches at least one, oldest first; not to be changed or kept
   * @return what became of them; an exception counts as {@link Outcome.Retry}
   * @throws InterruptedException where the engine stops it; whatever had been sent is sent again
   */
  Outcome send(List<Batch> batches) throws InterruptedException;

  @Override
  default void close() {}
}
