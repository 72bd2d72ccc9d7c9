package io.logboom.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs watches: one line of JSON per event, each in a chunk of its own. */
final class Watches {
  private final Cluster cluster;
  private final Set<Watch> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger bookmarks = new AtomicInteger();
  private volatile boolean goneAsStatus;
  private volatile Duration longest = Duration.ofHours(1);

  Watches(Cluster cluster) {
    this.cluster = cluster;
  }

  /** How a watch ends before its time. */
  private enum Stop {
    DROP,
    END
  }

  private static final class Watch {
    volatile @Nullable Stop stop;
  }

  void goneAsStatus(boolean value) {
    goneAsStatus = value;
  }

  void longest(Duration value) {
    longest = value;
  }

  void bookmark() {
    bookmarks.incrementAndGet();
    cluster.wake();
  }

  void drop() {
    stop(Stop.DROP);
  }

  void end() {
    stop(Stop.END);
  }

  private void stop(Stop how) {
    for (Watch watch : open) {
      watch.stop = how;
    }
    cluster.wake();
  }

  int open() {
    return open.size();
  }

  /** Whether a watch from {@code since} must be refused with status 410. */
  boolean refuses(long since) {
    return goneAsStatus && since > 0 && since < cluster.oldest();
  }

  /**
   * Answers one watch.
   *
   * @param since the version that the client has seen; 0 where it has seen nothing
   */
  void run(
      HttpExchange exchange, FieldSelector selector, long since, boolean marks, Duration timeout)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.flush();
    Watch watch = new Watch();
    open.add(watch);
    try {
      if (since > 0 && since < cluster.oldest()) {
        String message = "too old resource version: " + since + " (" + cluster.oldest() + ")";
        send(out, "ERROR", Status.of(410, message));
        exchange.close();
        return;
      }
      if (!follow(out, watch, selector, since, marks, timeout)) {
        // The server cuts the connection of a handler that fails.
        throw new IOException("dropped as the test wants it");
      }
      exchange.close();
    } finally {
      open.remove(watch);
    }
  }

  private boolean follow(
      OutputStream out,
      Watch watch,
      FieldSelector selector,
      long since,
      boolean marks,
      Duration timeout)
      throws IOException, InterruptedException {
    long seen = since;
    if (since == 0) {
      seen = cluster.version();
      for (ObjectNode pod : cluster.pods()) {
        if (selector.matches(pod)) {
          send(out, "ADDED", pod);
        }
      }
    }
    Duration limit = timeout.compareTo(longest) < 0 ? timeout : longest;
    long end = System.nanoTime() + limit.toNanos();
    int marked = bookmarks.get();
    while (true) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0 || watch.stop == Stop.END) {
        return true;
      }
      if (watch.stop == Stop.DROP) {
        return false;
      }
      for (Cluster.Change change : cluster.after(seen, Math.min(left, 200))) {
        event(out, selector, change);
        seen = change.version();
      }
      if (marks && marked != bookmarks.get()) {
        marked = bookmarks.get();
        seen = Math.max(seen, cluster.version());
        send(out, "BOOKMARK", bookmark(seen));
      }
    }
  }

  /** A change as one sees it who sees only what the selector takes in. */
  private static void event(OutputStream out, FieldSelector selector, Cluster.Change change)
      throws IOException {
    ObjectNode before = change.before();
    ObjectNode after = change.after();
    boolean was = before != null && selector.matches(before);
    boolean is = after != null && selector.matches(after);
    if (is && after != null) {
      send(out, was ? "MODIFIED" : "ADDED", after);
    } else if (was && before != null) {
      ObjectNode last = before.deepCopy();
      last.withObjectProperty("metadata").put("resourceVersion", Long.toString(change.version()));
      send(out, "DELETED", last);
    }
  }

  private static ObjectNode bookmark(long version) {
    ObjectNode mark = JsonNodeFactory.instance.objectNode();
    mark.put("kind", "Pod").put("apiVersion", "v1");
    mark.putObject("metadata").put("resourceVersion", Long.toString(version));
    mark.putObject("spec").putNull("containers");
    return mark;
  }

  private static void send(OutputStream out, String type, ObjectNode object) throws IOException {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("type", type).set("object", object);
    out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
