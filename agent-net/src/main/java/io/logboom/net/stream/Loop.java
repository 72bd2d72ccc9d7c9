package io.logboom.net.stream;

import java.util.concurrent.Executor;

/** The thread that serves some of the connections. What concerns a connection is done on it. */
public interface Loop extends Executor {
  /** Runs {@code task} on the thread, soon; nothing happens where the thread has ended. */
  @Override
  void execute(Runnable task);

  /** Runs {@code task} on the thread after so long. */
  void after(long nanos, Runnable task);
}
