package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * As much of a Kubernetes API server as agents ask for: the pods of the backlog as a list and one
 * by one, namespaces, and a watch on which nothing happens.
 */
final class KubernetesStandIn extends HttpStandIn {
  private final List<Backlog.Pod> pods;

  KubernetesStandIn(List<Backlog.Pod> pods) throws IOException {
    this.pods = pods;
    start("kubernetes");
  }

  @Override
  void body(Request request, byte[] part, int length) {
    // Agents only ask.
  }

  @Override
  void answer(Request request, OutputStream out) throws IOException {
    int question = request.target.indexOf('?');
    String path = question < 0 ? request.target : request.target.substring(0, question);
    String query = question < 0 ? "" : request.target.substring(question);
    String[] parts = path.substring(1).split("/", -1);
    if (query.contains("watch=")) {
      watch(out);
    } else if (path.equals("/version")) {
      json(out, 200, "{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1.34.0\"}");
    } else if (path.endsWith("/pods")) {
      String items = pods.stream().map(KubernetesStandIn::pod).collect(Collectors.joining(","));
      json(out, 200, list("PodList", items));
    } else if (path.endsWith("/namespaces")) {
      String items =
          pods.stream()
              .map(Backlog.Pod::namespace)
              .distinct()
              .map(KubernetesStandIn::namespace)
              .collect(Collectors.joining(","));
      json(out, 200, list("NamespaceList", items));
    } else if (parts.length == 6 && parts[4].equals("pods")) {
      for (Backlog.Pod pod : pods) {
        if (pod.name().equals(parts[5])) {
          json(out, 200, pod(pod));
          return;
        }
      }
      notFound(out);
    } else if (parts.length == 4 && parts[2].equals("namespaces")) {
      json(out, 200, namespace(parts[3]));
    } else {
      notFound(out);
    }
  }

  private static void notFound(OutputStream out) throws IOException {
    json(out, 404, "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":404}");
  }

  /** A bookmark, and then an open connection until the agent closes it. */
  private static void watch(OutputStream out) throws IOException {
    String event =
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
            + "\"metadata\":{\"resourceVersion\":\"10\"}}}\n";
    String chunk =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(event.length())
            + "\r\n"
            + event
            + "\r\n";
    out.write(chunk.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String list(String kind, String items) {
    return "{\"kind\":\""
        + kind
        + "\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"10\"},\"items\":["
        + items
        + "]}";
  }

  private static String namespace(String name) {
    return String.format(
        Locale.ROOT,
        """
        {"kind":"Namespace","apiVersion":"v1",
         "metadata":{"name":"%1$s","uid":"%1$s","labels":{"team":"%1$s"},"annotations":{}}}""",
        name);
  }

  private static String pod(Backlog.Pod pod) {
    return String.format(
        Locale.ROOT,
        """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"%1$s","namespace":"%2$s","uid":"%3$s",
          "resourceVersion":"10",
          "labels":{"app":"app","app.kubernetes.io/name":"shop","pod-template-hash":"7d9c5b6f4","tier":"backend"},
          "annotations":{"prometheus.io/scrape":"true","checksum/config":"abcdef0123456789"},
          "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"app","uid":"u1","controller":true}]},
         "spec":{"nodeName":"node-1",
          "containers":[{"name":"%4$s","image":"registry.example/shop/%4$s:1.4.2"}]},
         "status":{"phase":"Running","podIP":"10.42.0.7","hostIP":"10.0.0.5",
          "containerStatuses":[{"name":"%4$s","image":"registry.example/shop/%4$s:1.4.2",
            "imageID":"registry.example/shop@sha256:%5$s","containerID":"containerd://%5$s",
            "ready":true,"restartCount":0}]}}""",
        pod.name(),
        pod.namespace(),
        pod.uid(),
        pod.container(),
        pod.containerId());
  }
}
