package io.logboom.input.forward;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets a lane's connections collect large units (a record or a compressed payload of more than
 * {@link #SMALL}) within one sum of bytes. Who is let in has room to its unit's end, so that no two
 * can wait for each other; others wait their turn and are not read.
 */
final class LargeUnits {
  /** Each connection may hold so much in any case. */
  static final int SMALL = 64 * 1024;

  private final long most;
  private final Map<Connection, Turn> inside = new LinkedHashMap<>();
  private final ArrayDeque<Wish> waiting = new ArrayDeque<>();
  private long sum;

  private record Turn(long bytes, long sinceNanos) {}

  private record Wish(Connection connection, long bytes) {}

  LargeUnits(long most) {
    this.most = most;
  }

  /** Whether the connection may go on now; if not, it is told when it may. */
  boolean enter(Connection connection, long bytes, long now) {
    if (waiting.isEmpty() && fits(bytes)) {
      admit(connection, bytes, now);
      return true;
    }
    waiting.add(new Wish(connection, bytes));
    return false;
  }

  private boolean fits(long bytes) {
    return inside.isEmpty() || sum + bytes <= most;
  }

  private void admit(Connection connection, long bytes, long now) {
    inside.put(connection, new Turn(bytes, now));
    sum += bytes;
  }

  /** The connection's unit is done with, or the connection is. */
  void leave(Connection connection, long now) {
    waiting.removeIf(wish -> wish.connection == connection);
    Turn turn = inside.remove(connection);
    if (turn != null) {
      sum -= turn.bytes;
    }
    while (!waiting.isEmpty() && fits(waiting.element().bytes)) {
      Wish next = waiting.remove();
      admit(next.connection, next.bytes, now);
      next.connection.mayGrow();
    }
  }

  /** Time in which nobody could go on counts for nobody. */
  void restart(long now) {
    inside.replaceAll((_, turn) -> new Turn(turn.bytes, now));
  }

  /** Whoever has been inside for longer than this while others wait; null for nobody. */
  @Nullable Connection overdue(long nanos, long now) {
    if (waiting.isEmpty()) {
      return null;
    }
    for (Map.Entry<Connection, Turn> each : inside.entrySet()) {
      if (now - each.getValue().sinceNanos > nanos) {
        return each.getKey();
      }
    }
    return null;
  }
}
