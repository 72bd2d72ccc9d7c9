package io.logboom.app.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Something that may be asked for before it can be done, by a signal's thread: it is done as soon
 * as it can be. What is asked for at that very moment is not lost.
 */
final class Later implements Runnable {
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile @Nullable Runnable work;

  /** Asks for it. */
  @Override
  public void run() {
    asked.set(true);
    pass();
  }

  /** It can be done from now on. */
  void now(Runnable can) {
    work = can;
    pass();
  }

  private void pass() {
    Runnable can = work;
    if (can != null && asked.getAndSet(false)) {
      can.run();
    }
  }
}
