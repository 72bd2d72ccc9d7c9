package io.logboom.net.ingest;

import org.jspecify.annotations.Nullable;

/**
 * The memory of a loop for what has come of requests. While it is used up no connection is read but
 * one, so that there is always one that gets on.
 */
final class BodyMemory {
  private final long most;
  private final Connections all;
  private @Nullable Connection privileged;
  private boolean crowded;
  private long held;

  BodyMemory(long most, Connections all) {
    this.most = most;
    this.all = all;
  }

  /** Memory is held, or given back where it is negative. */
  void add(long bytes) {
    held += bytes;
    all.taker().charge(bytes);
    if (!crowded && held > most) {
      crowded = true;
      choose();
      all.read();
    } else if (crowded && held <= most - most / 4) {
      crowded = false;
      privileged = null;
      all.read();
    }
  }

  /** Whether so much more would be within the bound. */
  boolean has(long bytes) {
    return held + bytes <= most;
  }

  boolean isCrowded() {
    return crowded;
  }

  /** Whether the connection is to be read. */
  boolean lets(Connection connection) {
    return !crowded || connection == privileged;
  }

  /** The connection has no body under way any more. */
  void left(Connection connection) {
    if (privileged == connection) {
      choose();
    }
  }

  /** Looks for one that gets on. */
  void choose() {
    privileged = crowded ? all.oldestBody() : null;
    if (privileged != null) {
      privileged.read();
    }
  }

  /** Whether one gets on, or all do. */
  boolean isMoving() {
    return !crowded || privileged != null;
  }
}
