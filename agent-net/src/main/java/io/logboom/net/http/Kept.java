package io.logboom.net.http;

import io.logboom.net.HostPort;
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
  private final Map<HostPort, ArrayDeque<Connection>> idle = new HashMap<>();
  private final Set<Connection> open = new HashSet<>();
  private boolean closed;

  Kept(long idleTimeoutNanos) {
    this.idleTimeoutNanos = idleTimeoutNanos;
  }

  /** The idle connection to the host that was used last. */
  synchronized @Nullable Connection take(HostPort host) {
    ArrayDeque<Connection> free = idle.get(host);
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
  public synchronized void idle(Connection connection) {
    idle.computeIfAbsent(connection.host(), _ -> new ArrayDeque<>()).addLast(connection);
  }

  @Override
  public synchronized boolean remove(Connection connection) {
    ArrayDeque<Connection> free = idle.get(connection.host());
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

  /** Closes the idle connections to a host. */
  void drop(HostPort host) {
    ArrayDeque<Connection> all;
    synchronized (this) {
      all = idle.remove(host);
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
