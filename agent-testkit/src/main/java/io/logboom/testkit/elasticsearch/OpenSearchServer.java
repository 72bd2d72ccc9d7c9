package io.logboom.testkit.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real OpenSearch node on loopback, in a process of its own, which ends with this one at the
 * latest. Its class path is what the module {@code agent-testkit-opensearch} has collected.
 */
public final class OpenSearchServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofSeconds(50);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final URI uri;
  private final HttpClient client = HttpClient.newHttpClient();

  private OpenSearchServer(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /** What a request was answered. */
  public record Answer(int status, JsonNode body) {}

  /** Starts a node with its data below {@code home} and waits until it answers. */
  public static OpenSearchServer start(Path home) throws IOException {
    return start(home, Map.of());
  }

  /** As {@link #start(Path)}, with node settings beside ours. */
  public static OpenSearchServer start(Path home, Map<String, String> settings) throws IOException {
    Path target = target();
    Files.createDirectories(home.resolve("logs"));
    Path ports = home.resolve("logs/http.ports");
    Files.deleteIfExists(ports);
    Path log = home.resolve("logs/console.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*",
                "io.logboom.testkit.opensearch.OpenSearchMain",
                home.toString(),
                "--until-eof"));
    settings.forEach((name, value) -> command.add(name + "=" + value));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Awaitility.await("OpenSearch to start; see " + log)
          .atMost(START)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> Files.exists(ports) || !process.isAlive());
      if (!process.isAlive()) {
        throw new IOException("OpenSearch did not start:\n" + Files.readString(log));
      }
      String port = Files.readAllLines(ports).getFirst();
      return new OpenSearchServer(process, URI.create("http://" + port));
    } catch (RuntimeException | IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static Path target() {
    Path root = Path.of(Objects.requireNonNullElse(System.getProperty("logboom.root"), ""));
    for (Path at = root.toAbsolutePath(); at != null; at = at.getParent()) {
      Path target = at.resolve("agent-testkit-opensearch/target");
      if (Files.isDirectory(target.resolve("lib"))) {
        return target;
      }
    }
    throw new IllegalStateException(
        "there is no agent-testkit-opensearch/target/lib above "
            + root.toAbsolutePath()
            + ": build that module first");
  }

  /** Such as {@code http://127.0.0.1:41234}. */
  public URI uri() {
    return uri;
  }

  public String host() {
    return uri.getHost();
  }

  public int port() {
    return uri.getPort();
  }

  public long pid() {
    return process.pid();
  }

  /**
   * Asks the node.
   *
   * @param body JSON; empty for none
   */
  public Answer ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(uri.resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(
                    method,
                    body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String text = response.body();
    return new Answer(
        response.statusCode(), text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text));
  }

  /** All documents of an index or pattern, up to 10,000, as they stand in {@code _source}. */
  public List<JsonNode> documents(String index) throws IOException, InterruptedException {
    ask("POST", "/" + index + "/_refresh", "");
    List<JsonNode> found = new ArrayList<>();
    ask("GET", "/" + index + "/_search?size=10000", "")
        .body()
        .at("/hits/hits")
        .forEach(hit -> found.add(hit.get("_source")));
    return found;
  }

  /** How many documents there are; 0 where there is no such index. */
  public long count(String index) throws IOException, InterruptedException {
    ask("POST", "/" + index + "/_refresh", "");
    return ask("GET", "/" + index + "/_count", "").body().path("count").asLong();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
