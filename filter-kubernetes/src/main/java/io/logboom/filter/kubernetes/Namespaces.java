package io.logboom.filter.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Looks up namespaces, each again when it got old. Safe for all threads. */
final class Namespaces implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Namespaces.class);
  private static final int MOST = 10_000;
  private static final long MISSING_NANOS = 60_000_000_000L;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiClient api;
  private final PodReader reader;
  private final PodStore store;
  private final long ttlNanos;
  private final LongSupplier nanos;
  private final Complaints complaints;
  private final FeedThread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private final Map<String, Known> known = new HashMap<>();
  private final Deque<String> waiting = new ArrayDeque<>();
  private volatile boolean answered;
  private volatile boolean sound;

  /**
   * @param namespace null where there is none
   */
  private record Known(@Nullable Namespace namespace, long until) {}

  Namespaces(ApiClient api, PodReader reader, PodStore store, long ttlNanos, LongSupplier nanos) {
    this.api = api;
    this.reader = reader;
    this.store = store;
    this.ttlNanos = ttlNanos;
    this.nanos = nanos;
    this.complaints = new Complaints(LOG, nanos);
    this.thread = new FeedThread("kubernetes-namespaces", this::run);
  }

  void start() {
    thread.start();
  }

  /** The namespace as far as it is known; where it is not, or got old, it is looked up. */
  @Nullable Namespace find(String name) {
    lock.lock();
    try {
      Known one = known.get(name);
      boolean old = one == null || nanos.getAsLong() - one.until >= 0;
      if (old && !waiting.contains(name) && waiting.size() < MOST) {
        waiting.add(name);
        asked.signalAll();
      }
      return one == null ? null : one.namespace;
    } finally {
      lock.unlock();
    }
  }

  /** What may be hoped for where {@link #find} gave null. */
  Feed.Hope missing(String name) {
    lock.lock();
    try {
      if (known.containsKey(name)) {
        return Feed.Hope.NONE;
      }
    } finally {
      lock.unlock();
    }
    return !answered ? Feed.Hope.UNHEARD : sound ? Feed.Hope.SOON : Feed.Hope.NONE;
  }

  private void run() throws InterruptedException {
    Backoff backoff = new Backoff();
    while (!thread.isStopped()) {
      String name = first();
      try {
        lookUp(name);
        backoff.reset();
      } catch (IOException e) {
        sound = false;
        store.signal();
        complaints.say(
            Level.WARN,
            "Namespaces cannot be looked up at " + api.url() + ", trying again: " + e.getMessage());
        long notBefore = e instanceof ApiFailure f ? f.notBefore().toMillis() : 0;
        thread.pause(Math.max(notBefore, backoff.nextMillis()));
      }
    }
  }

  private String first() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      String next = waiting.peek();
      while (next == null) {
        asked.await();
        next = waiting.peek();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void lookUp(String name) throws IOException, InterruptedException {
    String target = "/api/v1/namespaces/" + ApiClient.escape(name) + "?resourceVersion=0";
    One one = new One();
    try {
      api.get("get", target, PATIENCE, one::read);
      complaints.over("Namespaces can be looked up again at " + api.url());
    } catch (ApiFailure e) {
      switch (e.code()) {
        case 404 -> {}
        case 401, 403 ->
            complaints.say(
                Level.ERROR,
                api.url()
                    + " refuses to show namespaces. The service account needs the verb get on"
                    + " namespaces. "
                    + e.getMessage());
        default -> throw e;
      }
    }
    answered = true;
    sound = true;
    long fresh = one.namespace == null ? MISSING_NANOS : ttlNanos;
    lock.lock();
    try {
      if (known.size() >= MOST) {
        known.clear();
      }
      known.put(name, new Known(one.namespace, nanos.getAsLong() + Backoff.jittered(fresh)));
      waiting.remove(name);
    } finally {
      lock.unlock();
    }
    store.signal();
  }

  /** One object. */
  private final class One {
    @Nullable Namespace namespace;

    void read(JsonParser p) throws IOException {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the answer is no object");
      }
      namespace = reader.read(p).namespace();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
