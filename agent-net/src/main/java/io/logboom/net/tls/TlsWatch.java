package io.logboom.net.tls;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one thread that looks after files of TLS, while there are any. */
final class TlsWatch {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition CHANGED = LOCK.newCondition();
  private static final Set<TlsFiles> ALL = new LinkedHashSet<>();
  private static @Nullable Thread thread;

  private TlsWatch() {}

  static void add(TlsFiles files) {
    LOCK.lock();
    try {
      ALL.add(files);
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("tls-files").start(TlsWatch::run);
      }
    } finally {
      LOCK.unlock();
    }
  }

  static void remove(TlsFiles files) {
    LOCK.lock();
    try {
      if (ALL.remove(files) && ALL.isEmpty()) {
        CHANGED.signalAll();
      }
    } finally {
      LOCK.unlock();
    }
  }

  private static void run() {
    for (List<TlsFiles> all = next(); !all.isEmpty(); all = next()) {
      all.forEach(TlsFiles::look);
    }
  }

  /** Those to look at, after a while; none when the thread is to end. */
  private static List<TlsFiles> next() {
    LOCK.lock();
    try {
      long left = PERIOD_NANOS;
      while (left > 0 && !ALL.isEmpty()) {
        left = CHANGED.awaitNanos(left);
      }
      if (ALL.isEmpty()) {
        thread = null;
      }
      return List.copyOf(ALL);
    } catch (InterruptedException e) {
      thread = null;
      return List.of();
    } finally {
      LOCK.unlock();
    }
  }
}
