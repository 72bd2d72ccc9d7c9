package io.logboom.app.train;

import io.logboom.net.server.Answer;
import io.logboom.net.server.HttpServer;
import io.logboom.net.server.Request;
import io.logboom.net.server.Routes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers on loopback as Elasticsearch and the Kubernetes API would where nothing goes wrong: just
 * enough for the agent to do its work. Counts the documents that it gets.
 */
final class PlayedCluster implements AutoCloseable {
  private static final int MOST_BODY = 8 << 20;

  private final List<String> pods;
  private final AtomicLong documents = new AtomicLong();
  private final HttpServer server;

  /**
   * @param pods the names of the pods in the namespace {@code training}; each ends with five digits
   */
  PlayedCluster(List<String> pods) throws IOException {
    this.pods = pods;
    Routes routes =
        new Routes()
            .on(Set.of("POST", "PUT"), "/_bulk", this::bulk)
            .get("/api/v1/pods", this::pods);
    for (String pod : pods) {
      routes.get("/api/v1/namespaces/training/pods/" + pod, _ -> Answer.json(200, pod(pod, true)));
    }
    this.server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new HttpServer.Settings(MOST_BODY, 16, Duration.ofSeconds(30), ""),
            routes);
  }

  int port() {
    return server.address().getPort();
  }

  /** How many documents have come. */
  long documents() {
    return documents.get();
  }

  /** A line with the action, a line with the document, again. */
  private Answer bulk(Request request) {
    long lines = 0;
    for (byte b : request.body()) {
      lines += b == '\n' ? 1 : 0;
    }
    documents.addAndGet(lines / 2);
    return Answer.json(200, "{\"took\":1,\"errors\":false,\"items\":[]}");
  }

  private Answer pods(Request request) {
    if (request.query().contains("watch=")) {
      return Answer.json(
          200,
          "{\"type\":\"MODIFIED\",\"object\":"
              + pod(pods.getFirst(), true)
              + "}\n{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
              + "\"metadata\":{\"resourceVersion\":\"8\"}}}\n");
    }
    StringJoiner items = new StringJoiner(",", "[", "]");
    pods.forEach(pod -> items.add(pod(pod, false)));
    return Answer.json(
        200,
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\"},"
            + "\"items\":"
            + items
            + "}");
  }

  /**
   * @param whole with the kind, which stands in a list only once
   */
  private static String pod(String name, boolean whole) {
    String id = containerId(name);
    return "{"
        + (whole ? "\"kind\":\"Pod\",\"apiVersion\":\"v1\"," : "")
        + "\"metadata\":{\"name\":\""
        + name
        + "\",\"namespace\":\"training\",\"uid\":\"00000000-0000-4000-8000-0000000"
        + name.substring(name.length() - 5)
        + "\","
        + "\"resourceVersion\":\"7\",\"labels\":{\"app\":\"web\",\"app.kubernetes.io/name\":"
        + "\"web\"},\"annotations\":{\"checksum/config\":\"abc\"}},"
        + "\"spec\":{\"nodeName\":\"training\",\"containers\":[{\"name\":\"web\",\"image\":"
        + "\"registry.example/web:1\"}]},"
        + "\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.1\",\"containerStatuses\":[{"
        + "\"name\":\"web\",\"image\":\"registry.example/web:1\",\"imageID\":"
        + "\"registry.example/web@sha256:"
        + id
        + "\",\"containerID\":\"containerd://"
        + id
        + "\"}]}}";
  }

  /** The id of the pod's one container. */
  static String containerId(String pod) {
    return "0123456789abcdef".repeat(4).substring(5) + pod.substring(pod.length() - 5);
  }

  @Override
  public void close() {
    server.close();
  }
}
