package io.logboom.net.send;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import java.util.List;

/** Makes one send after another, with working memory of its own. One thread at a time. */
public interface Sender extends AutoCloseable {
  /** As {@link io.logboom.api.plugin.Output#send}. */
  Outcome send(List<Batch> batches) throws InterruptedException;

  /** Gives the memory back. */
  @Override
  void close();
}
