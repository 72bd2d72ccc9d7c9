package io.logboom.filter.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Lists the node's pods once, from the server's cache, and watches them from there on.
 *
 * <pre>
 *   LIST resourceVersion=0 ──► WATCH from its version ──┐ time-out, broken: again from the last version
 *      ▲                          └─────────────────────┘
 *      └── 410 Gone: history is compacted
 * </pre>
 */
final class NodeFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(NodeFeed.class);
  private static final int LEAST_WATCH_SECONDS = 300;
  private static final Duration LIST_PATIENCE = Duration.ofMinutes(2);
  private static final long SOUND_NANOS = 5_000_000_000L;
  private static final int MOST_PAGES = 1000;

  private final String node;
  private final ApiClient api;
  private final PodReader reader;
  private final PodStore store;
  private final Complaints complaints;
  private final Counter restarts;
  private final Counter lists;
  private final FeedThread thread;
  private final Backoff backoff = new Backoff();
  private String version = "";
  private volatile boolean synced;
  private volatile boolean sound;
  private volatile boolean refused;
  private volatile int listed;

  NodeFeed(
      String node,
      ApiClient api,
      PodReader reader,
      PodStore store,
      Meters meters,
      LongSupplier nanos) {
    this.node = node;
    this.api = api;
    this.reader = reader;
    this.store = store;
    this.complaints = new Complaints(LOG, nanos);
    this.restarts = meters.counter(KubernetesMeter.WATCH_RESTARTS);
    this.lists = meters.counter(KubernetesMeter.RELISTS);
    this.thread = new FeedThread("kubernetes-node", this::run);
  }

  @Override
  public void start() {
    thread.start();
  }

  String node() {
    return node;
  }

  /** Whether the list was read at least once. */
  boolean isSynced() {
    return synced;
  }

  /** Whether the server does not allow to list or watch. */
  boolean isRefused() {
    return refused;
  }

  /** Whether the list has no pod at all, not even the agent's: the name is not that of a node. */
  boolean isEmpty() {
    return synced && listed == 0;
  }

  @Override
  public Hope missing(LogName log, boolean local) {
    if (refused) {
      return Hope.NONE;
    }
    return !synced ? Hope.UNHEARD : sound ? Hope.SOON : Hope.NONE;
  }

  private void run() throws InterruptedException {
    while (!thread.isStopped()) {
      Duration notBefore = Duration.ZERO;
      try {
        if (version.isEmpty()) {
          list();
        }
        if (watch()) {
          continue;
        }
      } catch (ApiFailure e) {
        notBefore = e.notBefore();
        refuse(e);
      } catch (IOException e) {
        complaints.say(
            Level.WARN,
            "Pods of node "
                + node
                + " cannot be read from "
                + api.url()
                + ", trying again: "
                + e.getMessage());
      }
      sound = false;
      store.signal();
      thread.pause(Math.max(notBefore.toMillis(), backoff.nextMillis()));
    }
  }

  private void refuse(ApiFailure e) {
    switch (e.code()) {
      case 410 -> version = "";
      case 401, 403 -> {
        refused = e.code() == 403;
        complaints.say(
            Level.ERROR,
            api.url()
                + " refuses to list and watch the pods of node "
                + node
                + ". The service account needs the verbs get, list and watch on pods. "
                + e.getMessage());
      }
      default ->
          complaints.say(
              Level.WARN,
              "Pods of node " + node + " cannot be read from " + api.url() + ": " + e.getMessage());
    }
  }

  private String selector() {
    return "fieldSelector=" + URLEncoder.encode("spec.nodeName=" + node, StandardCharsets.UTF_8);
  }

  private void list() throws IOException, InterruptedException {
    ListReader pages = new ListReader(reader, pod -> store.put(pod, true));
    String more = "resourceVersion=0";
    for (int page = 0; page < MOST_PAGES; page++) {
      api.get("list", "/api/v1/pods?" + selector() + "&" + more, LIST_PATIENCE, pages::read);
      if (pages.next().isEmpty()) {
        break;
      }
      more = "continue=" + URLEncoder.encode(pages.next(), StandardCharsets.UTF_8);
    }
    Set<String> seen = pages.keys();
    store.keepWatched(seen);
    version = pages.version();
    listed = seen.size();
    lists.add(1);
    if (!synced) {
      LOG.info("Metadata of {} pods of node {} read from {}", listed, node, api.url());
    }
    if (listed == 0) {
      complaints.say(
          Level.WARN, "There is no pod on a node named " + node + ": check NODE_NAME or node_name");
    }
    heard();
  }

  private void heard() {
    synced = true;
    sound = true;
    refused = false;
    complaints.over("Pods of node " + node + " can be read again from " + api.url());
    store.signal();
  }

  /** Follows changes. Returns whether the watch ended in good order and the next may begin. */
  private boolean watch() throws IOException, InterruptedException {
    int seconds = LEAST_WATCH_SECONDS + ThreadLocalRandom.current().nextInt(LEAST_WATCH_SECONDS);
    String target =
        "/api/v1/pods?"
            + selector()
            + "&watch=true&allowWatchBookmarks=true&resourceVersion="
            + version
            + "&timeoutSeconds="
            + seconds;
    Events events = new Events(System.nanoTime());
    try {
      api.get("watch", target, Duration.ofSeconds(seconds + 30L), events::read);
    } catch (ApiFailure e) {
      throw e;
    } catch (IOException e) {
      restarts.add(1);
      if (events.isLong()) {
        backoff.reset();
      }
      throw e;
    }
    return events.seen || events.isLong();
  }

  /** The events of one watch. */
  private final class Events {
    final long since;
    boolean seen;

    Events(long since) {
      this.since = since;
    }

    boolean isLong() {
      return System.nanoTime() - since > SOUND_NANOS;
    }

    void read(JsonParser p) throws IOException {
      heard();
      while (p.nextToken() == JsonToken.START_OBJECT) {
        String type = "";
        ApiObject object = null;
        while (p.nextToken() == JsonToken.FIELD_NAME) {
          String field = p.currentName();
          JsonToken value = p.nextToken();
          if (field.equals("type")) {
            type = p.getValueAsString("");
          } else if (field.equals("object") && value == JsonToken.START_OBJECT) {
            object = reader.read(p);
          } else {
            p.skipChildren();
          }
        }
        if (object == null) {
          throw new IOException("an event without an object");
        }
        event(type, object);
        seen = true;
        backoff.reset();
      }
    }
  }

  private void event(String type, ApiObject object) throws IOException {
    @Nullable Pod pod = object.pod();
    switch (type) {
      case "ADDED", "MODIFIED" -> {
        if (pod != null && !store.put(pod, true)) {
          complaints.say(
              Level.ERROR, "There are more pods than there is room for; the newest are left out");
        }
      }
      case "DELETED" -> {
        if (pod != null) {
          // What it says last of its containers counts for their last lines.
          store.put(pod, true);
          store.delete(pod);
        }
      }
      case "BOOKMARK" -> {}
      case "ERROR" ->
          throw new ApiFailure(
              object.code(), "the watch ended: " + object.message(), Duration.ZERO);
      default -> LOG.debug("Unknown event {}", type);
    }
    if (!object.version().isEmpty()) {
      version = object.version();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
