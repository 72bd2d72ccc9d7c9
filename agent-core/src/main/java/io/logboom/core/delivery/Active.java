package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An output in use. Once retired, it is closed when its last send has returned. */
final class Active {
  private static final Logger LOG = LoggerFactory.getLogger(Active.class);

  private final String name;
  private final Output output;
  private final OutputSettings settings;
  private int sends;
  private boolean retired;

  Active(String name, Output output, OutputSettings settings) {
    this.name = name;
    this.output = output;
    this.settings = settings;
  }

  OutputSettings settings() {
    return settings;
  }

  @SuppressWarnings("ReferenceEquality") // an instance, whatever it says of itself
  boolean isOf(Output other) {
    return output == other;
  }

  /** The output's own work begins. */
  void start() {
    try {
      output.start();
    } catch (RuntimeException e) {
      LOG.warn("[{}] did not start cleanly", name, e);
    }
  }

  /** Whether the output holds nothing that can leave now. */
  boolean conclude() {
    try {
      return output.conclude();
    } catch (RuntimeException e) {
      LOG.warn("[{}] did not conclude cleanly", name, e);
      return true;
    }
  }

  /**
   * One send; an exception that the output throws counts as a failure that may pass.
   *
   * @return null where it was retired before: the one that follows is to be used
   */
  @org.jspecify.annotations.Nullable
  Outcome send(List<Batch> batches) throws InterruptedException {
    synchronized (this) {
      if (retired) {
        return null;
      }
      sends++;
    }
    try {
      return output.send(batches);
    } catch (RuntimeException e) {
      LOG.warn("[{}] a send failed unexpectedly and is tried again", name, e);
      return new Outcome.Retry("unexpected: " + e);
    } finally {
      release();
    }
  }

  private void release() {
    boolean last;
    synchronized (this) {
      sends--;
      last = retired && sends == 0;
    }
    if (last) {
      close();
    }
  }

  /** From here on it is not used again. Safe when repeated. */
  void retire() {
    boolean unused;
    synchronized (this) {
      unused = !retired && sends == 0;
      retired = true;
    }
    if (unused) {
      close();
    }
  }

  private void close() {
    try {
      output.close();
    } catch (Exception e) {
      LOG.warn("[{}] did not close cleanly", name, e);
    }
  }
}
