package io.logboom.input.tail;

import io.logboom.api.plugin.Backlog;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.StartException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tail input: threads around {@link Watcher}, {@link Reader} and {@link Positions}. */
final class Tail implements Input {
  private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long FAULT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PATIENCE_MILLIS = 1000;

  private final String instance;
  private final TailParts parts;
  private final LongSupplier clock;
  private @Nullable Thread readerThread;
  private @Nullable Thread watcherThread;
  private @Nullable Thread journalThread;
  private volatile boolean quiet;
  private volatile boolean closing;

  /**
   * @param nanoClock the monotonic time
   * @param environment to know the agent's own pod by
   */
  Tail(TailConfig config, Context context, LongSupplier nanoClock, Map<String, String> environment)
      throws StartException {
    this.instance = context.name();
    this.clock = nanoClock;
    this.parts = TailParts.of(config, context, environment);
  }

  @Override
  public synchronized void start(Intake intake) {
    parts.begin(intake);
    journalThread = thread(this::journal, "-save");
    watcherThread = thread(this::watch, "-watch");
    readerThread = thread(this::read, "-read");
    journalThread.start();
    watcherThread.start();
    readerThread.start();
  }

  private Thread thread(Runnable work, String suffix) {
    Thread thread = new Thread(work, instance + suffix);
    thread.setUncaughtExceptionHandler(
        (ended, why) ->
            LOG.error(
                "{}: the thread {} ended; restart the agent", instance, ended.getName(), why));
    return thread;
  }

  private void watch() {
    try {
      while (!closing) {
        watchOnce();
      }
    } catch (InterruptedException e) {
      LOG.debug("{}: the watcher was interrupted", instance);
    }
  }

  private void watchOnce() throws InterruptedException {
    try {
      // After quiesce only checkpoints go on: what appears now is found at the next start.
      if (quiet) {
        LockSupport.parkNanos(WATCH_NANOS);
      } else if (parts.watch(WATCH_NANOS, clock.getAsLong())) {
        LockSupport.unpark(readerThread);
      }
      parts.checkpoint(clock.getAsLong());
    } catch (RuntimeException e) {
      parts.fault("watching files", e);
      LockSupport.parkNanos(WATCH_NANOS);
    }
  }

  private void read() {
    try {
      while (!quiet) {
        readOnce();
      }
      parts.finishReading(clock.getAsLong());
    } catch (InterruptedException e) {
      LOG.debug("{}: the reader was interrupted", instance);
    }
  }

  private void readOnce() throws InterruptedException {
    try {
      long wait = parts.read(clock.getAsLong());
      if (wait > 0 && !quiet) {
        LockSupport.parkNanos(wait);
      }
    } catch (RuntimeException e) {
      parts.fault("reading files", e);
      LockSupport.parkNanos(FAULT_NANOS);
    }
  }

  private void journal() {
    while (!closing) {
      parts.awaitMoves();
      try {
        parts.journal();
      } catch (RuntimeException e) {
        parts.fault("writing positions down", e);
      }
    }
  }

  @Override
  public synchronized @Nullable String problem() {
    if (hasEnded(readerThread)) {
      return "the thread that reads files has ended";
    }
    if (hasEnded(watcherThread)) {
      return "the thread that looks for files has ended";
    }
    if (hasEnded(journalThread)) {
      return "the thread that writes positions down has ended";
    }
    return parts.problem();
  }

  @Override
  public synchronized boolean isWorking() {
    return !hasEnded(readerThread) && !hasEnded(watcherThread) && !hasEnded(journalThread);
  }

  /** Whether a thread ended that was not told to. */
  private boolean hasEnded(@Nullable Thread thread) {
    return !quiet && thread != null && !thread.isAlive();
  }

  @Override
  public void backlog(Backlog to) {
    parts.backlog(to, clock.getAsLong());
  }

  @Override
  public void undelivered(Backlog to) {
    parts.undelivered(to);
  }

  @Override
  public long quietNanos() {
    return quiet ? Long.MAX_VALUE : parts.quietNanos(clock.getAsLong());
  }

  @Override
  public void conclude() {
    parts.conclude();
  }

  @Override
  public void quiesce() throws InterruptedException {
    quiet = true;
    Thread thread;
    synchronized (this) {
      thread = readerThread;
    }
    if (thread == null) {
      return;
    }
    LockSupport.unpark(thread);
    thread.join(PATIENCE_MILLIS);
    if (thread.isAlive()) {
      // It waits for memory or for a full pipeline; what it holds is read again after the restart.
      thread.interrupt();
      thread.join();
    }
  }

  @Override
  public synchronized void close() {
    boolean interrupted = false;
    try {
      quiesce();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (!closing) {
      closing = true;
      interrupted |= !stopped(watcherThread);
      interrupted |= !stopped(journalThread);
      parts.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean stopped(@Nullable Thread thread) {
    if (thread == null) {
      return true;
    }
    LockSupport.unpark(thread);
    try {
      thread.join();
      return true;
    } catch (InterruptedException e) {
      thread.interrupt();
      return false;
    }
  }
}
