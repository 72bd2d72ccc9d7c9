package io.logboom.aws;

import io.logboom.api.plugin.StartException;
import io.logboom.aws.CredentialSource.SourceFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of one identity, for all outputs that have it. A virtual thread, from the first
 * use on, fetches them and fetches others ahead of their end; what fails is tried again until then,
 * and nobody notices.
 */
final class SharedSource {
  private static final Logger LOG = LoggerFactory.getLogger(SharedSource.class);
  private static final Map<Identity, SharedSource> ALL = new HashMap<>();

  /** Waits are never longer, so that a clock that was set, or a machine that slept, is noticed. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** How long somebody who needs credentials waits for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Who it is. Equal ones share a source. */
  record Identity(
      @Nullable String profile,
      @Nullable String roleArn,
      @Nullable String externalId,
      @Nullable String stsEndpoint,
      @Nullable String stsRegion) {
    static Identity of(AwsOptions options) {
      return new Identity(
          Surroundings.namedProfile(options),
          options.roleArn(),
          options.roleArn() == null ? null : options.externalId(),
          Surroundings.stsEndpoint(options),
          Surroundings.stsRegion(options));
    }

    /** Who assumes the role. */
    Identity withoutRole() {
      return new Identity(profile, null, null, stsEndpoint, stsRegion);
    }
  }

  /** Told of what happens to the source, by its thread; to be quick. */
  interface Listener {
    void fetched();

    void failed();
  }

  private final Identity identity;
  private final CredentialSource source;
  private final InstantSource clock;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int holders;

  // Under the lock:
  private final Renewal renewal = new Renewal();
  private @Nullable Thread refresher;
  private long attempts;
  private String failure = "";
  private boolean closed;

  SharedSource(Identity identity, CredentialSource source, InstantSource clock) {
    this.identity = identity;
    this.source = source;
    this.clock = clock;
  }

  static SharedSource acquire(Identity identity) throws StartException {
    synchronized (ALL) {
      SharedSource source = ALL.get(identity);
      if (source == null) {
        source = new SharedSource(identity, Sources.of(identity), InstantSource.system());
        ALL.put(identity, source);
      }
      source.holders++;
      return source;
    }
  }

  static void release(SharedSource source) {
    synchronized (ALL) {
      if (--source.holders > 0) {
        return;
      }
      ALL.remove(source.identity, source);
    }
    source.close();
  }

  void listen(Listener listener) {
    listeners.add(listener);
  }

  void forget(Listener listener) {
    listeners.remove(listener);
  }

  Credentials current() throws CredentialsFailure, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (refresher == null && !closed) {
        refresher = Thread.ofVirtual().name("aws-credentials").start(this::refresh);
      }
      Credentials usable = renewal.usable(clock.instant());
      if (usable == null && !renewal.isWaiting(clock.instant())) {
        long before = attempts;
        long patience = PATIENCE.toNanos();
        while (attempts == before && !closed && patience > 0) {
          patience = changed.awaitNanos(patience);
        }
        if (attempts == before && !closed) {
          throw new CredentialsFailure(
              "no AWS credentials: "
                  + source.name()
                  + " has not answered for "
                  + PATIENCE.toSeconds()
                  + " s");
        }
        usable = renewal.usable(clock.instant());
      }
      if (usable == null) {
        throw new CredentialsFailure(
            closed ? "the output is being closed" : "no AWS credentials: " + failure);
      }
      return usable;
    } finally {
      lock.unlock();
    }
  }

  void rejected(Credentials used) {
    lock.lock();
    try {
      if (renewal.rejected(used, clock.instant())) {
        LOG.warn("[aws] a service refused {} of {}; others are fetched", used, source.name());
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How old the credentials are; NaN without any. */
  double ageSeconds() {
    lock.lock();
    try {
      Instant since = renewal.since();
      return since == null ? Double.NaN : seconds(Duration.between(since, clock.instant()));
    } finally {
      lock.unlock();
    }
  }

  /** How long the credentials are good yet: 0 without any, infinite where they do not end. */
  double leftSeconds() {
    lock.lock();
    try {
      Instant now = clock.instant();
      Credentials usable = renewal.usable(now);
      if (usable == null) {
        return 0;
      }
      Instant end = usable.expiry();
      return end == null
          ? Double.POSITIVE_INFINITY
          : Math.max(0, seconds(Duration.between(now, end)));
    } finally {
      lock.unlock();
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private void refresh() {
    try {
      while (awaitDue()) {
        fetch();
      }
    } catch (InterruptedException e) {
      // The end.
    }
  }

  /** Waits until it is time to fetch; false at the end. */
  private boolean awaitDue() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        Duration wait = renewal.untilDue(clock.instant());
        if (!wait.isPositive()) {
          return true;
        }
        long nanos = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT.toNanos() : wait.toNanos();
        long _ = changed.awaitNanos(nanos);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void fetch() throws InterruptedException {
    Credentials fetched = null;
    String why = "";
    try {
      fetched = source.fetch();
      if (fetched == null) {
        why = source.name() + " is not set up";
      }
    } catch (SourceFailure e) {
      why = e.why();
    } catch (RuntimeException e) {
      LOG.debug("[aws] fetching credentials failed", e);
      why = source.name() + ": " + e;
    }
    lock.lock();
    try {
      Instant now = clock.instant();
      attempts++;
      failure = why;
      if (fetched == null) {
        renewal.failed(now);
        tellFailure(now);
      } else {
        boolean first = renewal.since() == null;
        boolean news = renewal.fetched(fetched, now);
        if (first) {
          LOG.info("[aws] credentials come from {}: {}", source.name(), fetched);
        } else if (news) {
          LOG.debug("[aws] new credentials of {}: {}", source.name(), fetched);
        }
      }
      tell(fetched != null);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tell(boolean fetched) {
    for (Listener each : listeners) {
      if (fetched) {
        each.fetched();
      } else {
        each.failed();
      }
    }
  }

  private void tellFailure(Instant now) {
    Credentials usable = renewal.usable(now);
    if (usable == null) {
      LOG.error("[aws] no credentials, and nothing is delivered without: {}", failure);
    } else {
      LOG.warn("[aws] no new credentials yet; {} are still in use: {}", usable, failure);
    }
  }

  private void close() {
    Thread thread;
    lock.lock();
    try {
      closed = true;
      thread = refresher;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (thread != null) {
      end(thread);
    }
    source.close();
  }

  private void end(Thread thread) {
    thread.interrupt();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        LOG.warn("[aws] {} does not end within 5 seconds", source.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever waits next will see it
    }
  }
}
