package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A letter on its way to its output once more. Whoever got it says what became of it, once; a
 * process that ends without a word has it again at its next start.
 */
public final class Replay {
  /** Who hears what became of it. */
  interface Settle {
    void settle(boolean arrived);
  }

  private final long id;
  private final Batch batch;
  private final Settle settle;
  private final AtomicBoolean settled = new AtomicBoolean();

  Replay(long id, Batch batch, Settle settle) {
    this.id = id;
    this.batch = batch;
    this.settle = settle;
  }

  public long id() {
    return id;
  }

  /** Its record. The memory is the receiver's to give back. */
  public Batch batch() {
    return batch;
  }

  /** It arrived, or became another dead letter: this one is gone. */
  public void done() {
    if (settled.compareAndSet(false, true)) {
      settle.settle(true);
    }
  }

  /** It did not arrive: it comes again with {@link DeadLetters#nextReplay}. */
  public void again() {
    if (settled.compareAndSet(false, true)) {
      settle.settle(false);
    }
  }
}
