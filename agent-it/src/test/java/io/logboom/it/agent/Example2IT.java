package io.logboom.it.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.it.node.Container;
import io.logboom.it.node.ContainerLog;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Rotation;
import io.logboom.it.search.Search;
import io.logboom.it.sink.Sequences;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user does first: the configuration that they have, on the node that they have. */
class Example2IT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LINES = 3_000;
  private static final Container API = Container.of("shop", "api-7d9c5b6f4-aaaaa", "api");
  private static final Container WEB = Container.of("shop", "web-5f6d7c8b9-bbbbb", "nginx");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void everyLineIsInOpenSearchOnceWithItsMetadata(LogFormat format) throws Exception {
    List<JsonNode> documents = new ArrayList<>();
    try (Rig rig = new Rig(directory);
        OpenSearchServer server = OpenSearchServer.start(directory.resolve("opensearch"));
        ContainerLog api = rig.node().start(rig.pod(API), format, Rotation.NONE);
        ContainerLog web = rig.node().start(rig.pod(WEB), format, Rotation.NONE)) {
      Search search = new Search(server.uri());
      write(api, web, 0, LINES / 2);
      try (AgentProcess agent = rig.example2(server.uri()).start()) {
        write(api, web, LINES / 2, LINES);
        await()
            .atMost(PATIENCE)
            .ignoreExceptionsInstanceOf(IOException.class)
            .failFast(() -> Rig.assertAlive(agent))
            .until(() -> count(search) >= 2 * LINES);
        assertThat(agent.peakResidentBytes().orElse(0)).isLessThan(160L << 20);
      }
      search.refresh();
      search.forEach(documents::add);
    }

    Sequences seen = new Sequences();
    documents.forEach(document -> seen.note(document.toString().getBytes(UTF_8)));
    assertThat(documents).hasSize(2 * LINES);
    assertThat(seen.firstMissing("api", LINES)).isEqualTo(-1);
    assertThat(seen.firstMissing("web", LINES)).isEqualTo(-1);
    assertThat(seen.duplicates()).isZero();
    Map<String, Container> containers = Map.of(API.pod(), API, WEB.pod(), WEB);
    for (JsonNode document : documents) {
      hasItsMetadata(document, containers);
    }
  }

  private static long count(Search search) throws IOException, InterruptedException {
    search.refresh();
    return search.count();
  }

  /** A JSON object a line from one, text from the other; every tenth on stderr. */
  private static void write(ContainerLog api, ContainerLog web, int from, int to)
      throws IOException {
    for (int n = from; n < to; n++) {
      String stream = n % 10 == 0 ? "stderr" : "stdout";
      String json =
          "{\"level\":\"info\",\"msg\":\"order \\\"%d\\\""
              + " placed\",\"took_ms\":%d,\"seq\":\"api-%d\"}";
      api.line(stream, String.format(Locale.ROOT, json, n, n % 97, n).getBytes(UTF_8));
      String text = "10.0.3.7 - \"GET /items/%d HTTP/1.1\" 200 größe=%d seq=web-%d";
      web.line(stream, String.format(Locale.ROOT, text, n, n, n).getBytes(UTF_8));
    }
    api.flush();
    web.flush();
  }

  private static void hasItsMetadata(JsonNode document, Map<String, Container> containers) {
    JsonNode kubernetes = document.path("kubernetes");
    Container container = containers.get(kubernetes.path("pod_name").asText());
    assertThat(container).as("%s", document).isNotNull();
    Map<String, String> found = new HashMap<>();
    kubernetes
        .properties()
        .forEach(member -> found.put(member.getKey(), member.getValue().asText()));
    assertThat(found)
        .containsEntry("namespace_name", container.namespace())
        .containsEntry("pod_id", container.uid())
        .containsEntry("host", Rig.NODE_NAME)
        .containsEntry("container_name", container.name())
        .containsEntry("docker_id", container.id())
        .containsEntry("container_image", container.image())
        .containsKey("labels")
        .doesNotContainKey("annotations");
    assertThat(kubernetes.path("labels").path("app").asText()).isEqualTo(container.name());
    assertThat(document.path("stream").asText()).isIn("stdout", "stderr");
    assertThat(Instant.parse(document.path("@timestamp").asText()))
        .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(5));
    if (container.equals(API)) {
      assertThat(document.path("level").asText()).isEqualTo("info");
      assertThat(document.path("took_ms").isInt()).isTrue();
      assertThat(document.has("log")).as("Keep_Log Off").isFalse();
    } else {
      assertThat(document.path("log").asText()).startsWith("10.0.3.7 - \"GET /items/");
    }
  }
}
