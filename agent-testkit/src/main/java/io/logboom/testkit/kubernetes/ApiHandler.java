package io.logboom.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes requests apart and answers them. */
final class ApiHandler implements HttpHandler {
  private final FakeKubernetes owner;
  private final Cluster cluster;
  private final Watches watches;

  ApiHandler(FakeKubernetes owner, Cluster cluster, Watches watches) {
    this.owner = owner;
    this.cluster = cluster;
    this.watches = watches;
  }

  /** A request on its way to an answer. */
  private record Request(
      HttpExchange exchange, String verb, String path, String query, Map<String, String> options) {
    String option(String name) {
      return options.getOrDefault(name, "");
    }

    boolean quorum() {
      return !verb.equals("watch")
          && option("resourceVersion").isEmpty()
          && option("continue").isEmpty();
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String raw = exchange.getRequestURI().getRawQuery();
    String query = raw == null ? "" : raw;
    Map<String, String> options = options(query);
    boolean watch = "true".equals(options.get("watch")) || "1".equals(options.get("watch"));
    boolean list = path.endsWith("/pods") || path.endsWith("/namespaces");
    String verb = watch ? "watch" : list ? "list" : "get";
    Request request = new Request(exchange, verb, path, query, options);
    try {
      if (!faulty(request)) {
        route(request);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new HashMap<>();
    for (String part : query.split("&", -1)) {
      int at = part.indexOf('=');
      if (at > 0) {
        options.put(
            part.substring(0, at),
            URLDecoder.decode(part.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return options;
  }

  private boolean faulty(Request request) throws IOException, InterruptedException {
    switch (owner.faults().poll()) {
      case null -> {
        return false;
      }
      case Faults.Fault.Answer(int code, String retryAfter) -> {
        if (retryAfter != null) {
          request.exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        refuse(request, code, "as the test wants it");
        return true;
      }
      case Faults.Fault.Drop() -> {
        note(request, 0);
        // The server cuts the connection of a handler that fails.
        throw new IOException("dropped as the test wants it");
      }
      case Faults.Fault.Slow(Duration delay) -> {
        boolean early = new CountDownLatch(1).await(delay.toMillis(), TimeUnit.MILLISECONDS);
        return early;
      }
    }
  }

  private void route(Request request) throws IOException, InterruptedException {
    if (!owner.accepts(request.exchange.getRequestHeaders().getFirst("Authorization"))) {
      refuse(request, 401, "Unauthorized");
      return;
    }
    if (owner.faults().isForbidden(request.verb)) {
      refuse(request, 403, "cannot " + request.verb + " resource \"pods\" in API group \"\"");
      return;
    }
    if (!request.exchange.getRequestMethod().equals("GET")) {
      refuse(request, 405, "the server does not allow this method");
      return;
    }
    String[] parts = request.path.substring(1).split("/", -1);
    if (request.path.equals("/api/v1/pods")) {
      pods(request, "");
    } else if (request.path.equals("/pods")) {
      answer(request, 200, list(cluster.pods(), "", ""));
    } else if (parts.length == 5 && isNamespaced(parts)) {
      pods(request, parts[3]);
    } else if (parts.length == 6 && isNamespaced(parts)) {
      one(request, cluster.pod(parts[3], parts[5]), "pods", parts[5]);
    } else if (parts.length == 4 && request.path.startsWith("/api/v1/namespaces/")) {
      one(request, cluster.namespace(parts[3]), "namespaces", parts[3]);
    } else {
      refuse(request, 404, "the server could not find the requested resource");
    }
  }

  private static boolean isNamespaced(String[] parts) {
    return parts[0].equals("api")
        && parts[1].equals("v1")
        && parts[2].equals("namespaces")
        && parts[4].equals("pods");
  }

  private void one(
      Request request,
      @org.jspecify.annotations.Nullable ObjectNode found,
      String resource,
      String name)
      throws IOException {
    if (found == null) {
      refuse(request, 404, resource + " \"" + name + "\" not found");
    } else {
      answer(request, 200, found);
    }
  }

  private void pods(Request request, String namespace) throws IOException, InterruptedException {
    FieldSelector selector;
    long since;
    try {
      String all = request.option("fieldSelector");
      selector =
          FieldSelector.parse(
              namespace.isEmpty() ? all : "metadata.namespace=" + namespace + "," + all);
      String version = request.option("resourceVersion");
      since = version.isEmpty() ? 0 : Long.parseLong(version);
    } catch (NumberFormatException e) {
      refuse(request, 400, "invalid resource version");
      return;
    } catch (IllegalArgumentException e) {
      refuse(request, 400, String.valueOf(e.getMessage()));
      return;
    }
    if (since > cluster.version()) {
      refuse(request, 504, "Too large resource version: " + since);
    } else if (!request.verb.equals("watch")) {
      page(request, selector);
    } else if (watches.refuses(since)) {
      refuse(request, 410, "too old resource version: " + since);
    } else {
      note(request, 200);
      String seconds = request.option("timeoutSeconds");
      boolean marks = request.option("allowWatchBookmarks").equals("true");
      watches.run(
          request.exchange,
          selector,
          since,
          marks,
          Duration.ofSeconds(seconds.isEmpty() ? 1800 : Long.parseLong(seconds)));
    }
  }

  /**
   * A page of a list. The token of the next one is the version and the number of its first item.
   */
  private void page(Request request, FieldSelector selector) throws IOException {
    List<ObjectNode> all = cluster.pods().stream().filter(selector::matches).toList();
    String token = request.option("continue");
    String limit = request.option("limit");
    long version = cluster.version();
    int from = 0;
    if (!token.isEmpty()) {
      if (!request.option("resourceVersion").isEmpty()) {
        refuse(request, 400, "specifying resource version is not allowed when using continue");
        return;
      }
      int at = token.indexOf(':');
      version = Long.parseLong(token.substring(0, at));
      from = Integer.parseInt(token.substring(at + 1));
      if (version < cluster.oldest()) {
        refuse(request, 410, "The provided continue parameter is too old");
        return;
      }
    }
    // From the cache (version 0) the server gives all of it at once, whatever the limit.
    boolean paged = !limit.isEmpty() && !request.option("resourceVersion").equals("0");
    int to = paged ? Math.min(all.size(), from + Integer.parseInt(limit)) : all.size();
    String next = to < all.size() ? version + ":" + to : "";
    answer(request, 200, list(all.subList(from, to), Long.toString(version), next));
  }

  private static ObjectNode list(List<ObjectNode> pods, String version, String next) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "PodList").put("apiVersion", "v1");
    ObjectNode metadata = list.putObject("metadata");
    if (!version.isEmpty()) {
      metadata.put("resourceVersion", version);
    }
    if (!next.isEmpty()) {
      metadata.put("continue", next);
    }
    ArrayNode items = list.putArray("items");
    items.addAll(pods);
    return list;
  }

  private void refuse(Request request, int code, String message) throws IOException {
    answer(request, code, Status.of(code, message));
  }

  private void answer(Request request, int code, ObjectNode body) throws IOException {
    note(request, code);
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    request.exchange.getResponseHeaders().set("Content-Type", "application/json");
    request.exchange.sendResponseHeaders(code, bytes.length);
    request.exchange.getResponseBody().write(bytes);
    request.exchange.close();
  }

  private void note(Request request, int code) {
    owner.record(
        new FakeKubernetes.Call(request.verb, request.path, request.query, code, request.quorum()));
  }
}
