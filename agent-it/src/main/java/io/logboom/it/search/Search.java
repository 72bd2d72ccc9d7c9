package io.logboom.it.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The few questions that tests and the demo ask of an OpenSearch. Every index is meant. */
public final class Search {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI server;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  public Search(URI server) {
    this.server = server;
  }

  /** Makes all that was indexed visible to the next question. */
  public void refresh() throws IOException, InterruptedException {
    ask("POST", "/_refresh", "");
  }

  /** How many documents there are. */
  public long count() throws IOException, InterruptedException {
    return ask("GET", "/logs-*/_count?ignore_unavailable=true&allow_no_indices=true", "")
        .path("count")
        .asLong();
  }

  /** Gives every document to the consumer, as it stands in {@code _source}. */
  public void forEach(Consumer<JsonNode> document) throws IOException, InterruptedException {
    JsonNode page = ask("POST", "/logs-*/_search?scroll=1m&size=5000", "{\"sort\":[\"_doc\"]}");
    while (!page.path("hits").path("hits").isEmpty()) {
      page.path("hits").path("hits").forEach(hit -> document.accept(hit.path("_source")));
      String next =
          JSON.createObjectNode()
              .put("scroll", "1m")
              .put("scroll_id", page.path("_scroll_id").asText())
              .toString();
      page = ask("POST", "/_search/scroll", next);
    }
  }

  /** How many documents each pod has, as {@code namespace/pod}, in the order of names. */
  public Map<String, Long> countByPod() throws IOException, InterruptedException {
    String query =
        """
        {"size": 0, "aggs": {"namespace": {
          "terms": {"field": "kubernetes.namespace_name.keyword", "size": 100},
          "aggs": {"pod": {"terms": {"field": "kubernetes.pod_name.keyword", "size": 500}}}}}}
        """;
    JsonNode answer =
        ask("POST", "/logs-*/_search?ignore_unavailable=true&allow_no_indices=true", query);
    Map<String, Long> counts = new TreeMap<>();
    for (JsonNode namespace : answer.at("/aggregations/namespace/buckets")) {
      for (JsonNode pod : namespace.at("/pod/buckets")) {
        counts.put(
            namespace.path("key").asText() + "/" + pod.path("key").asText(),
            pod.path("doc_count").asLong());
      }
    }
    return counts;
  }

  private JsonNode ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }
}
