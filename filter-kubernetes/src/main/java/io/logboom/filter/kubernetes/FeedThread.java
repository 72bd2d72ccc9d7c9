package io.logboom.filter.kubernetes;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A virtual thread that is stopped by an interrupt and waited for. */
final class FeedThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedThread.class);
  private static final long STOP_MILLIS = 5_000;

  private final String name;
  private final Work work;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private @Nullable Thread thread;

  /** What the thread does until it is interrupted. */
  interface Work {
    void run() throws InterruptedException;
  }

  FeedThread(String name, Work work) {
    this.name = name;
    this.work = work;
  }

  synchronized void start() {
    if (thread == null && !isStopped()) {
      thread = Thread.ofVirtual().name(name).start(this::run);
    }
  }

  private void run() {
    while (!isStopped()) {
      try {
        work.run();
        return;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("The thread {} failed and begins again", name, e);
        try {
          pause(STOP_MILLIS);
        } catch (InterruptedException stop) {
          return;
        }
      }
    }
  }

  boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Waits; ends early by an exception when the thread is stopped. */
  void pause(long millis) throws InterruptedException {
    if (stopped.await(millis, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException();
    }
  }

  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      stopped.countDown();
      running = thread;
    }
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
