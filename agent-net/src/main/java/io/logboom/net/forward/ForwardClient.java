package io.logboom.net.forward;

import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.net.NetCounters;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.dial.Endpoint;
import io.logboom.net.dial.Targets;
import io.logboom.net.forward.ForwardFailure.Reason;
import io.logboom.net.stream.StreamClient;
import io.logboom.net.stream.StreamFailure;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Connections to servers that can do the same: taken in turn by weight, kept for the next use, made
 * elsewhere when one fails. Called from any number of threads, best virtual ones.
 */
public final class ForwardClient implements AutoCloseable {
  private final List<ForwardServer> servers;
  private final NetOptions options;
  private final StreamClient streams;
  private final Targets targets;
  private final NetCounters counters;
  private final @Nullable Semaphore slots;

  // Guarded by this.
  private final Map<Endpoint, ArrayDeque<ForwardConnection>> idle = new HashMap<>();
  private boolean closed;

  private ForwardClient(List<ForwardServer> servers, NetOptions options, StreamClient streams) {
    this.servers = List.copyOf(servers);
    this.options = options;
    this.streams = streams;
    this.targets = streams.targets();
    this.counters = streams.counters();
    int most = options.maxWorkerConnections();
    this.slots = most > 0 ? new Semaphore(most, true) : null;
  }

  /**
   * A client; it makes connections only when it is used.
   *
   * @param servers at least one
   * @throws StartException where TLS cannot be set up as configured
   */
  public static ForwardClient create(
      List<ForwardServer> servers, NetOptions options, Meters meters, Resolver.Lookup lookup)
      throws StartException {
    StreamClient streams =
        StreamClient.create(
            servers.stream().map(ForwardServer::target).toList(),
            servers.stream().map(ForwardServer::weight).toList(),
            options,
            meters,
            lookup);
    return new ForwardClient(servers, options, streams);
  }

  /**
   * A connection that is ready for frames. To be given back ({@link #give}) or away ({@link
   * #fail}).
   *
   * @throws ForwardFailure where no server can be used, with the reason of the one whose turn it
   *     was
   */
  public ForwardConnection take() throws ForwardFailure, InterruptedException {
    if (slots != null) {
      slots.acquire();
    }
    boolean taken = false;
    try {
      ForwardConnection connection = one();
      connection.used();
      taken = true;
      return connection;
    } finally {
      if (!taken) {
        release();
      }
    }
  }

  private void release() {
    if (slots != null) {
      slots.release();
    }
  }

  private ForwardConnection one() throws ForwardFailure, InterruptedException {
    long now = System.nanoTime();
    Endpoint endpoint = targets.next(now);
    probe(now);
    ForwardFailure first = null;
    List<Endpoint> others = null;
    for (int next = 0; ; next++) {
      ForwardConnection kept = kept(endpoint);
      if (kept != null) {
        counters.reused();
        return kept;
      }
      boolean last = others == null ? targets.size() == 1 : next == others.size();
      try {
        return connect(endpoint, last);
      } catch (ForwardFailure e) {
        count(e);
        first = first == null ? e : first;
        if (others == null) {
          others = targets.others(endpoint, System.nanoTime());
        }
        if (next >= others.size()) {
          throw first;
        }
        endpoint = others.get(next);
      }
    }
  }

  private void count(ForwardFailure e) {
    if (e.reason() == Reason.TIMEOUT) {
      counters.timedOut();
    }
  }

  private @Nullable ForwardConnection kept(Endpoint endpoint) {
    while (true) {
      ForwardConnection last;
      synchronized (this) {
        ArrayDeque<ForwardConnection> free = idle.get(endpoint);
        last = free == null ? null : free.pollLast();
      }
      if (last == null || last.isKeepable()) {
        return last;
      }
      last.stream().close();
    }
  }

  private ForwardConnection connect(Endpoint endpoint, boolean last)
      throws ForwardFailure, InterruptedException {
    ForwardServer server = servers.get(endpoint.number());
    ForwardConnection made;
    try {
      made =
          new ForwardConnection(
              server, streams.connect(endpoint, last), options.ioTimeout().toNanos());
    } catch (StreamFailure e) {
      throw new ForwardFailure(e);
    }
    forgetGone();
    boolean done = false;
    try {
      made.greet(options.connectTimeout().toNanos());
      done = true;
      return made;
    } catch (ForwardFailure e) {
      targets.down(made.endpoint(), System.nanoTime());
      throw e;
    } finally {
      if (!done) {
        made.stream().close();
      }
    }
  }

  /** Sees in the background whether an address that failed can be reached again. */
  private void probe(long now) {
    Endpoint rested = targets.toProbe(now);
    if (rested == null) {
      return;
    }
    Thread.ofVirtual()
        .name("probe")
        .start(
            () -> {
              try {
                keep(connect(rested, true));
              } catch (ForwardFailure e) {
                // It rests on.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Takes back a connection on which nothing is outstanding. */
  public void give(ForwardConnection connection) {
    release();
    targets.answered(connection.endpoint());
    keep(connection);
  }

  private void keep(ForwardConnection connection) {
    int most = options.keepaliveMaxRecycle();
    boolean keep =
        options.keepalive()
            && connection.isKeepable()
            && !connection.endpoint().isGone()
            && (most == 0 || connection.uses() < most);
    synchronized (this) {
      if (keep && !closed) {
        long now = System.nanoTime();
        connection.idleSince(now);
        idle.computeIfAbsent(connection.endpoint(), _ -> new ArrayDeque<>()).addLast(connection);
        expire(connection, now, options.keepaliveIdleTimeout().toNanos());
        return;
      }
    }
    connection.stream().close();
  }

  private void expire(ForwardConnection connection, long since, long nanos) {
    connection.stream()
        .after(
            nanos,
            () -> {
              if (connection.idleSinceNanos() == since && removed(connection)) {
                connection.stream().close();
              }
            });
  }

  private synchronized boolean removed(ForwardConnection connection) {
    ArrayDeque<ForwardConnection> free = idle.get(connection.endpoint());
    return free != null && free.remove(connection);
  }

  /**
   * Takes back a connection that failed, and closes it. Its server is passed over for a while where
   * others are left.
   */
  public void fail(ForwardConnection connection, ForwardFailure why) {
    release();
    count(why);
    connection.stream().close();
    Endpoint endpoint = connection.endpoint();
    if (why.reason() == Reason.TIMEOUT) {
      targets.silent(endpoint, System.nanoTime());
    } else {
      if (why.reason() == Reason.CLOSED) {
        counters.broken();
      }
      targets.down(endpoint, System.nanoTime());
    }
    forget(endpoint);
  }

  /**
   * Takes back a kept connection that the server had closed in the meantime, and closes it and the
   * others that wait: the next one is made anew.
   */
  public void stale(ForwardConnection connection) {
    release();
    counters.stale();
    connection.stream().close();
    forget(connection.endpoint());
  }

  /** Closes a connection whose use was interrupted. */
  public void abandon(ForwardConnection connection) {
    release();
    connection.stream().close();
  }

  private void forget(Endpoint endpoint) {
    ArrayDeque<ForwardConnection> all;
    synchronized (this) {
      all = idle.remove(endpoint);
    }
    if (all != null) {
      all.forEach(each -> each.stream().close());
    }
  }

  /** Closes idle connections to addresses that are not used any more. */
  private void forgetGone() {
    List<Endpoint> gone;
    synchronized (this) {
      gone = idle.keySet().stream().filter(Endpoint::isGone).toList();
    }
    gone.forEach(this::forget);
  }

  /** How many connections wait for their next use. */
  public synchronized int idleConnections() {
    int sum = 0;
    for (ArrayDeque<ForwardConnection> each : idle.values()) {
      sum += each.size();
    }
    return sum;
  }

  /** How many servers have not failed last. */
  public int live() {
    return targets.live();
  }

  /** Closes all connections; what is under way fails. Safe when repeated. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    streams.close();
  }
}
