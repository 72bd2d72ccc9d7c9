package io.logboom.filter.kubernetes;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads the kubelet's list of its pods: each minute, and soon when an unknown pod shows up, but not
 * more often than each {@link #LEAST_MILLIS}.
 */
final class KubeletFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(KubeletFeed.class);
  private static final long LEAST_MILLIS = 2_000;
  private static final long MOST_MILLIS = 60_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiClient api;
  private final PodReader reader;
  private final PodStore store;
  private final Complaints complaints;
  private final Counter lists;
  private final FeedThread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private boolean wanted;
  private volatile boolean synced;
  private volatile boolean sound;

  KubeletFeed(ApiClient api, PodReader reader, PodStore store, Meters meters, LongSupplier nanos) {
    this.api = api;
    this.reader = reader;
    this.store = store;
    this.complaints = new Complaints(LOG, nanos);
    this.lists = meters.counter(KubernetesMeter.RELISTS);
    this.thread = new FeedThread("kubernetes-kubelet", this::run);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public Hope missing(LogName log, boolean local) {
    return askAgain();
  }

  /** Has the list read again soon. */
  Hope askAgain() {
    lock.lock();
    try {
      wanted = true;
      asked.signalAll();
    } finally {
      lock.unlock();
    }
    return !synced ? Hope.UNHEARD : sound ? Hope.SOON : Hope.NONE;
  }

  private void run() throws InterruptedException {
    Backoff backoff = new Backoff();
    while (!thread.isStopped()) {
      try {
        ListReader pods = new ListReader(reader, pod -> store.put(pod, true));
        api.get("list", "/pods", PATIENCE, pods::read);
        store.keepWatched(pods.keys());
        lists.add(1);
        synced = true;
        sound = true;
        backoff.reset();
        complaints.over("The kubelet's pods can be read again from " + api.url());
        store.signal();
        thread.pause(LEAST_MILLIS);
        await();
      } catch (IOException e) {
        sound = false;
        store.signal();
        boolean forbidden = e instanceof ApiFailure f && (f.code() == 401 || f.code() == 403);
        complaints.say(
            forbidden ? Level.ERROR : Level.WARN,
            "The kubelet's pods cannot be read from "
                + api.url()
                + (forbidden ? "; the service account needs get on nodes/pods" : "")
                + ": "
                + e.getMessage());
        thread.pause(backoff.nextMillis());
      }
    }
  }

  private void await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(Backoff.jittered(MOST_MILLIS));
      while (!wanted && left > 0) {
        left = asked.awaitNanos(left);
      }
      wanted = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
