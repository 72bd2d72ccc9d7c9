package io.logboom.net.http;

import io.logboom.net.dial.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client's connections: all that are open, and those among them that are idle. */
final class Kept implements Connection.Pool, AutoCloseable {
  private final long idleTimeoutNanos;
  private final Map<Endpoint, ArrayDeque<Connection>> idle = new HashMap<>();
  private final Set<Connection> open = new HashSet<>();
  private boolean closed;

  Kept(long idleTimeoutNanos) {
    this.idleTimeoutNanos = idleTimeoutNanos;
  }

  /** The idle connection to the endpoint that was used last. */
  synchronized @Nullable Connection take(Endpoint endpoint) {
    ArrayDeque<Connection> free = idle.get(endpoint);
    while (free != null) {
      Connection last = free.pollLast();
      if (last == null || last.isOpen()) {
        return last;
      }
    }
    return null;
  }

  /** A new connection, in use. */
  void opened(Connection connection) {
    boolean late;
    synchronized (this) {
      late = closed;
      if (connection.isOpen()) {
        open.add(connection);
      }
    }
    if (late) {
      connection.abort();
    }
  }

  @Override
  public synchronized boolean idle(Connection connection) {
    if (connection.endpoint().isGone()) {
      return false;
    }
    idle.computeIfAbsent(connection.endpoint(), _ -> new ArrayDeque<>()).addLast(connection);
    return true;
  }

  /** Closes idle connections to addresses that are not used any more. */
  void dropGone() {
    List<Endpoint> gone;
    synchronized (this) {
      gone = idle.keySet().stream().filter(Endpoint::isGone).toList();
    }
    gone.forEach(this::drop);
  }

  @Override
  public synchronized boolean remove(Connection connection) {
    ArrayDeque<Connection> free = idle.get(connection.endpoint());
    return free != null && free.remove(connection);
  }

  @Override
  public synchronized void closed(Connection connection) {
    open.remove(connection);
    remove(connection);
  }

  @Override
  public long idleTimeoutNanos() {
    return idleTimeoutNanos;
  }

  /** Closes the idle connections to an endpoint. */
  void drop(Endpoint endpoint) {
    ArrayDeque<Connection> all;
    synchronized (this) {
      all = idle.remove(endpoint);
    }
    if (all != null) {
      all.forEach(Connection::abort);
    }
  }

  synchronized int idle() {
    int sum = 0;
    for (ArrayDeque<Connection> each : idle.values()) {
      sum += each.size();
    }
    return sum;
  }

  synchronized int open() {
    return open.size();
  }

  @Override
  public void close() {
    List<Connection> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(open);
    }
    for (Connection connection : all) {
      connection.abort();
    }
  }
}
