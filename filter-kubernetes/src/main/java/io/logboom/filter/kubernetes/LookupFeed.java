package io.logboom.filter.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks up pods one by one, each once however many ask. What is not there is not asked for again
 * for 5 seconds, then 10, and so on up to 5 minutes.
 */
final class LookupFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(LookupFeed.class);
  private static final int MOST_WAITING = 1024;
  private static final int MOST_MISSES = 4096;
  private static final long FIRST_MISS_MILLIS = 5_000;
  private static final long LONGEST_MISS_MILLIS = 300_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiClient api;
  private final PodReader reader;
  private final PodStore store;
  private final LongSupplier nanos;
  private final Found found;
  private final Complaints complaints;
  private final FeedThread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private final Deque<Wanted> waiting = new ArrayDeque<>();
  private final Map<LogName, Miss> misses =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LogName, Miss> eldest) {
          return size() > MOST_MISSES;
        }
      };
  private volatile boolean answered;
  private volatile boolean sound;

  /** Hears of pods that were looked up, on the feed's thread. */
  interface Found {
    /** Returns when the next look-up may begin. */
    void found(Pod pod, boolean local) throws InterruptedException;
  }

  private record Wanted(LogName log, boolean local, boolean again) {}

  private record Miss(long until, int count) {}

  LookupFeed(ApiClient api, PodReader reader, PodStore store, LongSupplier nanos, Found found) {
    this.api = api;
    this.reader = reader;
    this.store = store;
    this.nanos = nanos;
    this.found = found;
    this.complaints = new Complaints(LOG, nanos);
    this.thread = new FeedThread("kubernetes-lookup", this::run);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public Hope missing(LogName log, boolean local) {
    lock.lock();
    try {
      Miss miss = misses.get(log);
      if (miss != null && nanos.getAsLong() - miss.until < 0) {
        return Hope.NONE;
      }
      if (!ask(new Wanted(log, local, false))) {
        return Hope.NONE;
      }
      return !answered ? Hope.UNHEARD : sound ? Hope.SOON : Hope.NONE;
    } finally {
      lock.unlock();
    }
  }

  /** Looks up again a pod that is known. */
  void refresh(LogName log, boolean local) {
    lock.lock();
    try {
      ask(new Wanted(log, local, true));
    } finally {
      lock.unlock();
    }
  }

  /** Returns false where too many are asked for already. */
  private boolean ask(Wanted wanted) {
    if (waiting.contains(wanted)) {
      return true;
    }
    if (waiting.size() == MOST_WAITING) {
      return false;
    }
    waiting.add(wanted);
    asked.signalAll();
    return true;
  }

  private void run() throws InterruptedException {
    Backoff backoff = new Backoff();
    while (!thread.isStopped()) {
      Wanted next = first();
      try {
        if (next.again || store.find(next.log) == null) {
          lookUp(next);
        }
        done(next);
        backoff.reset();
      } catch (IOException e) {
        sound = false;
        store.signal();
        complaints.say(
            Level.WARN,
            "Pods cannot be looked up at " + api.url() + ", trying again: " + e.getMessage());
        long notBefore = e instanceof ApiFailure f ? f.notBefore().toMillis() : 0;
        thread.pause(Math.max(notBefore, backoff.nextMillis()));
      }
    }
  }

  private Wanted first() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Wanted next = waiting.peek();
      while (next == null) {
        asked.await();
        next = waiting.peek();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void done(Wanted wanted) {
    lock.lock();
    try {
      waiting.remove(wanted);
    } finally {
      lock.unlock();
    }
    store.signal();
  }

  private void lookUp(Wanted wanted) throws IOException, InterruptedException {
    LogName log = wanted.log;
    // From the server's cache: an agent per node must not cost a quorum read per pod.
    String target =
        "/api/v1/namespaces/"
            + ApiClient.escape(log.namespace())
            + "/pods/"
            + ApiClient.escape(log.pod())
            + "?resourceVersion=0";
    One one = new One();
    try {
      api.get("get", target, PATIENCE, one::read);
    } catch (ApiFailure e) {
      refused(wanted, e);
      return;
    }
    heard();
    Pod pod = one.pod;
    if (pod != null && store.put(pod, false)) {
      found.found(pod, wanted.local);
    }
    if (store.find(log) == null) {
      miss(log);
    } else {
      hit(log);
    }
  }

  private void refused(Wanted wanted, ApiFailure e) throws ApiFailure {
    switch (e.code()) {
      case 404 -> {
        heard();
        store.deleteUnwatched(wanted.log.namespace(), wanted.log.pod());
      }
      case 401, 403 -> {
        answered = true;
        sound = false;
        complaints.say(
            Level.ERROR,
            api.url()
                + " refuses to show pods. The service account needs the verb get on pods. "
                + e.getMessage());
      }
      default -> throw e;
    }
    miss(wanted.log);
  }

  private void heard() {
    answered = true;
    sound = true;
    complaints.over("Pods can be looked up again at " + api.url());
  }

  private void miss(LogName log) {
    lock.lock();
    try {
      Miss before = misses.get(log);
      int count = before == null ? 0 : before.count;
      long millis = Math.min(LONGEST_MISS_MILLIS, FIRST_MISS_MILLIS << Math.min(count, 10));
      misses.put(
          log, new Miss(nanos.getAsLong() + Backoff.jittered(millis) * 1_000_000, count + 1));
    } finally {
      lock.unlock();
    }
  }

  private void hit(LogName log) {
    lock.lock();
    try {
      misses.remove(log);
    } finally {
      lock.unlock();
    }
  }

  /** One object. */
  private final class One {
    @Nullable Pod pod;

    void read(JsonParser p) throws IOException {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the answer is no object");
      }
      pod = reader.read(p).pod();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
