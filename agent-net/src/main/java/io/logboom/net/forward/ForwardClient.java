package io.logboom.net.forward;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.net.NetMeter;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.forward.ForwardFailure.Reason;
import io.logboom.net.stream.StreamClient;
import io.logboom.net.stream.StreamFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
  private final Turns turns;
  private final @Nullable Semaphore slots;
  private final Counter timeouts;

  // One queue for each server, of its idle connections; guarded by this.
  private final List<ArrayDeque<ForwardConnection>> idle = new ArrayList<>();
  private boolean closed;

  private ForwardClient(
      List<ForwardServer> servers, NetOptions options, StreamClient streams, Meters meters) {
    this.servers = List.copyOf(servers);
    this.options = options;
    this.streams = streams;
    this.turns = new Turns(servers.stream().mapToInt(ForwardServer::weight).toArray());
    int most = options.maxWorkerConnections();
    this.slots = most > 0 ? new Semaphore(most, true) : null;
    this.timeouts = meters.counter(NetMeter.IO_TIMEOUTS);
    servers.forEach(_ -> idle.add(new ArrayDeque<>()));
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
            servers.stream().map(ForwardServer::target).toList(), options, meters, lookup);
    return new ForwardClient(servers, options, streams, meters);
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
    ForwardFailure first = null;
    for (int server : turns.order(System.nanoTime())) {
      ForwardConnection kept = kept(server);
      if (kept != null) {
        return kept;
      }
      try {
        ForwardConnection made = connect(server);
        turns.up(server);
        return made;
      } catch (ForwardFailure e) {
        turns.down(server, System.nanoTime());
        count(e);
        first = first == null ? e : first;
      }
    }
    throw first == null ? new ForwardFailure(Reason.CONNECT, "no server is configured") : first;
  }

  private void count(ForwardFailure e) {
    if (e.reason() == Reason.TIMEOUT) {
      timeouts.add(1);
    }
  }

  private synchronized @Nullable ForwardConnection kept(int server) {
    ArrayDeque<ForwardConnection> free = idle.get(server);
    while (true) {
      ForwardConnection last = free.pollLast();
      if (last == null || last.isKeepable()) {
        return last;
      }
      last.stream().close();
    }
  }

  private ForwardConnection connect(int number) throws ForwardFailure, InterruptedException {
    ForwardServer server = servers.get(number);
    ForwardConnection made;
    try {
      made =
          new ForwardConnection(
              number, server, streams.connect(server.target()), options.ioTimeout().toNanos());
    } catch (StreamFailure e) {
      throw new ForwardFailure(e);
    }
    boolean done = false;
    try {
      made.greet(options.connectTimeout().toNanos());
      done = true;
      return made;
    } finally {
      if (!done) {
        made.stream().close();
      }
    }
  }

  /** Takes back a connection on which nothing is outstanding. */
  public void give(ForwardConnection connection) {
    release();
    int most = options.keepaliveMaxRecycle();
    boolean keep =
        options.keepalive() && connection.isKeepable() && (most == 0 || connection.uses() < most);
    synchronized (this) {
      if (keep && !closed) {
        long now = System.nanoTime();
        connection.idleSince(now);
        idle.get(connection.number()).addLast(connection);
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
    return idle.get(connection.number()).remove(connection);
  }

  /**
   * Takes back a connection that failed, and closes it. Its server is passed over for a while where
   * others are left.
   */
  public void fail(ForwardConnection connection, ForwardFailure why) {
    release();
    count(why);
    connection.stream().close();
    turns.down(connection.number(), System.nanoTime());
    forget(connection.number());
  }

  /**
   * Takes back a kept connection that the server had closed in the meantime, and closes it and the
   * others that wait: the next one is made anew.
   */
  public void stale(ForwardConnection connection) {
    release();
    connection.stream().close();
    forget(connection.number());
  }

  /** Closes a connection whose use was interrupted. */
  public void abandon(ForwardConnection connection) {
    release();
    connection.stream().close();
  }

  private void forget(int server) {
    List<ForwardConnection> all;
    synchronized (this) {
      all = new ArrayList<>(idle.get(server));
      idle.get(server).clear();
    }
    all.forEach(each -> each.stream().close());
  }

  /** How many connections wait for their next use. */
  public synchronized int idleConnections() {
    int sum = 0;
    for (ArrayDeque<ForwardConnection> each : idle) {
      sum += each.size();
    }
    return sum;
  }

  /** How many servers have not failed last. */
  public int live() {
    return turns.live();
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
