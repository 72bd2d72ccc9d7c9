package io.logboom.output.loki;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.plugin.Outcome;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import java.io.File;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a real Loki, where there is a {@code loki} on the path or LOGBOOM_LOKI names one. What it
 * takes and refuses is what the fake does.
 */
@Timeout(180)
class LokiServerTest {
  private static final String CONFIGURATION =
      """
      auth_enabled: false
      server: {http_listen_address: 127.0.0.1, http_listen_port: PORT, grpc_listen_port: 0}
      common:
        path_prefix: DIRECTORY
        replication_factor: 1
        ring: {instance_addr: 127.0.0.1, kvstore: {store: inmemory}}
        storage: {filesystem: {chunks_directory: DIRECTORY/chunks, rules_directory: DIRECTORY/rules}}
      schema_config:
        configs:
          - from: 2024-01-01
            store: tsdb
            object_store: filesystem
            schema: v13
            index: {prefix: index_, period: 24h}
      analytics: {reporting_enabled: false}
      """;

  @TempDir Path directory;

  @Test
  void takesAllButOneLateAndOneOversizeLine() throws Exception {
    Optional<Path> binary = binary();
    Assumptions.assumeTrue(
        binary.isPresent(), "no loki on the path, and LOGBOOM_LOKI does not name one");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path configuration = directory.resolve("loki.yaml");
    Files.writeString(
        configuration,
        CONFIGURATION
            .replace("PORT", Integer.toString(port))
            .replace("DIRECTORY", directory.toString()));
    Process process =
        new ProcessBuilder(binary.orElseThrow().toString(), "-config.file=" + configuration)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("loki.log").toFile())
            .start();
    try (HttpClient http = HttpClient.newHttpClient()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptions()
          .until(() -> get(http, port, "/ready").statusCode() == 200);
      for (String protobuf : List.of("on", "off")) {
        check(http, port, protobuf);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void check(HttpClient http, int port, String protobuf) throws Exception {
    TestContext context = new TestContext(Path.of("unused"));
    try (Loki output =
        (Loki)
            new LokiPlugin()
                .create(
                    Binder.bind(
                        LokiConfig.class,
                        "port",
                        Integer.toString(port),
                        "protobuf",
                        protobuf,
                        "labels",
                        "kind=" + protobuf,
                        "structured_metadata",
                        "trace=t1"),
                    context)) {
      long now = Instant.now().getEpochSecond() * 1_000_000_000L;
      Records records = new Records(context);
      for (int i = 0; i < 1000; i++) {
        long late = i == 300 ? Duration.ofDays(9).toNanos() : 0;
        records.text(i == 700 ? "x".repeat(300 << 10) : "line " + i, now + i - late);
      }
      Outcome.Mixed mixed = (Outcome.Mixed) output.send(List.of(records.batch()));
      assertThat(mixed.retry().isEmpty()).isTrue();
      assertThat(mixed.rejected())
          .extracting(Outcome.Rejection::record)
          .containsExactlyInAnyOrder(300, 700);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(stored(http, port, protobuf)).isEqualTo(998));
    }
  }

  private static int stored(HttpClient http, int port, String kind) throws Exception {
    String query =
        "/loki/api/v1/query_range?limit=5000&query=%7Bkind%3D%22"
            + kind
            + "%22%7D%7Ctrace%3D%22t1%22";
    JsonNode answer = new ObjectMapper().readTree(get(http, port, query).body());
    int count = 0;
    for (JsonNode stream : answer.path("data").path("result")) {
      count += stream.path("values").size();
    }
    return count;
  }

  private static HttpResponse<String> get(HttpClient http, int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static Optional<Path> binary() {
    String named = System.getenv("LOGBOOM_LOKI");
    Stream<Path> all =
        named != null
            ? Stream.of(Path.of(named))
            : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part, "loki"));
    return all.filter(Files::isExecutable).findFirst();
  }
}
