package io.logboom.it.loki;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/**
 * A real Loki: the one that LOGBOOM_TEST_LOKI names, as http://127.0.0.1:3100, with limits as they
 * come; or else the official image, where a Docker engine can pull it.
 */
final class RealLoki implements Target {
  private static final String NAMED = "LOGBOOM_TEST_LOKI";
  private static final DockerImageName IMAGE = DockerImageName.parse("grafana/loki:3.5.0");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PORT = 3100;
  private static final int MOST = 5_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI server;
  private final @Nullable GenericContainer<?> container;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private RealLoki(URI server, @Nullable GenericContainer<?> container) {
    this.server = server;
    this.container = container;
  }

  /** Why there is none; empty where there is one. */
  static String missing() {
    return Looked.MISSING;
  }

  /** Looked for once: a registry that cannot be reached takes seconds. */
  private static final class Looked {
    static final String MISSING = look();
  }

  private static String look() {
    if (System.getenv(NAMED) != null) {
      return "";
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return NAMED + " names no Loki, and no Docker engine answers";
    }
    try {
      new RemoteDockerImage(IMAGE).get();
      return "";
    } catch (RuntimeException e) {
      return NAMED + " names no Loki, and " + IMAGE + " cannot be pulled: " + e.getMessage();
    }
  }

  static RealLoki start() {
    String named = System.getenv(NAMED);
    if (named != null) {
      return new RealLoki(URI.create(named), null);
    }
    GenericContainer<?> container =
        new GenericContainer<>(IMAGE)
            .withExposedPorts(PORT)
            .waitingFor(Wait.forHttp("/ready").forPort(PORT));
    container.start();
    URI uri = URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT));
    return new RealLoki(uri, container);
  }

  @Override
  public String host() {
    return server.getHost();
  }

  @Override
  public int port() {
    return server.getPort();
  }

  @Override
  public List<Line> lines(String label, String value) throws IOException, InterruptedException {
    List<Line> lines = new ArrayList<>();
    Instant now = Instant.now();
    String query = "{" + label + "=\"" + value + "\"}";
    JsonNode answer =
        ask(
            "/loki/api/v1/query_range?direction=forward&limit="
                + MOST
                + "&start="
                + now.minus(Duration.ofDays(20)).getEpochSecond()
                + "&end="
                + now.plus(Duration.ofHours(1)).getEpochSecond()
                + "&query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
    for (JsonNode stream : answer.at("/data/result")) {
      for (JsonNode each : stream.path("values")) {
        lines.add(
            new Line(
                Long.parseLong(each.path(0).asText()),
                each.path(1).asText(),
                pairs(stream.path("stream")),
                pairs(each.path(2).path("structuredMetadata"))));
      }
    }
    lines.sort(Comparator.comparingLong(Line::nanos));
    return lines;
  }

  private static Map<String, String> pairs(JsonNode object) {
    Map<String, String> pairs = new HashMap<>();
    object.properties().forEach(p -> pairs.put(p.getKey(), p.getValue().asText()));
    return pairs;
  }

  private JsonNode ask(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .header("X-Scope-OrgID", TENANT)
            // Structured metadata apart from the labels.
            .header("X-Loki-Response-Encoding-Flags", "categorize-labels")
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    http.close();
    if (container != null) {
      container.stop();
    }
  }
}
