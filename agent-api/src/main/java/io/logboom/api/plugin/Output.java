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
   * What the output does apart from sends, such as bringing away what an earlier life left, begins
   * here; returns at once. Called once, before the first send; not where the agent does not start.
   */
  default void start() {}

  /**
   * Sends the batches as one unit. Dropped records ({@link Batch#isDropped}) are not sent and need
   * no mention in the outcome.
   *
   * @param batches at least one, oldest first; not to be changed or kept
   * @return what became of them; an exception counts as {@link Outcome.Retry}
   * @throws InterruptedException where the engine stops it; whatever had been sent is sent again
   */
  Outcome send(List<Batch> batches) throws InterruptedException;

  /**
   * The agent ends, and nothing is sent any more: what the output still holds is to leave now.
   * Asked again and again until it is true or the time is up; returns at once.
   *
   * @return whether nothing is left, or nothing can leave at present
   */
  default boolean conclude() {
    return true;
  }

  @Override
  default void close() {}
}
