package io.logboom.it.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.it.agent.AgentProcess;
import io.logboom.it.search.Search;
import io.logboom.it.sink.BulkSink;
import io.logboom.it.sink.Sequences;
import io.logboom.testkit.elasticsearch.OpenSearchServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lines of a file, through the agent beside the application and the agent of the node. Small in
 * every build; in full size with {@code -Dlogboom.soak}.
 */
class SidecarIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final boolean FULL = System.getProperty("logboom.soak") != null;

  /** How long the application writes after it was told to stop. */
  private static final Duration PAST_THE_STOP = Duration.ofSeconds(FULL ? 20 : 4);

  /** How long the agent of the node is away. */
  private static final Duration AWAY = Duration.ofSeconds(FULL ? 60 : 5);

  private static final int RATE = FULL ? 2_000 : 500;

  @TempDir Path directory;

  private static URI loopback(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static void isAlive(AgentProcess agent) throws IOException {
    assertThat(agent.isAlive()).as(agent.log()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyLineIsInOpenSearchOnceWithTheMetadataOfItsPod(boolean identity) throws Exception {
    long lines;
    List<JsonNode> documents = new ArrayList<>();
    try (OpenSearchServer server = OpenSearchServer.start(directory.resolve("opensearch"));
        Pair pair = new Pair(directory, server.uri());
        AgentProcess daemon = pair.daemon().start();
        Application application = Application.start(pair.log(), RATE)) {
      Search search = new Search(server.uri());
      await().atMost(PATIENCE).until(() -> daemon.answers("/readyz"));
      AgentProcess.Launch launch = identity ? pair.sidecarWithIdentity() : pair.sidecar();
      try (AgentProcess sidecar = launch.start()) {
        await().atMost(PATIENCE).until(() -> application.written() >= 4_000);
        lines = application.end();
        long all = lines;
        await()
            .atMost(PATIENCE)
            .ignoreExceptionsInstanceOf(IOException.class)
            .failFast(() -> isAlive(sidecar))
            .until(
                () -> {
                  search.refresh();
                  return search.count() >= all;
                });
      }
      search.refresh();
      search.forEach(documents::add);
    }

    Sequences seen = new Sequences();
    documents.forEach(
        each -> seen.note(each.path("log").asText().getBytes(StandardCharsets.UTF_8)));
    assertThat(documents).hasSize((int) lines);
    assertThat(seen.firstMissing("app", lines)).isEqualTo(-1);
    for (JsonNode document : documents) {
      JsonNode kubernetes = document.path("kubernetes");
      assertThat(kubernetes.path("pod_name").asText()).as("%s", document).isEqualTo("my-app");
      assertThat(kubernetes.path("namespace_name").asText()).isEqualTo("shop");
      assertThat(kubernetes.path("pod_id").asText()).isEqualTo(Pair.UID);
      assertThat(kubernetes.path("host").asText()).isEqualTo(Pair.NODE);
      assertThat(kubernetes.at("/labels/app").asText()).isEqualTo("my-app");
      if (identity) {
        assertThat(kubernetes.path("container_name").asText()).isEqualTo("app");
        assertThat(kubernetes.path("docker_id").asText()).isEqualTo("a".repeat(64));
        assertThat(kubernetes.path("container_image").asText())
            .isEqualTo("my-registry.io/my-app:latest");
      } else {
        assertThat(kubernetes.has("container_name")).isFalse();
      }
    }
  }

  @Test
  void nothingIsLostThatTheApplicationWritesAfterItIsToldToStop() throws Exception {
    Sequences seen = new Sequences();
    try (BulkSink sink = new BulkSink(seen::note);
        Pair pair = new Pair(directory, loopback(sink.port()));
        AgentProcess daemon = pair.daemon().start();
        Application application = Application.start(pair.log(), RATE)) {
      await().atMost(PATIENCE).until(() -> daemon.answers("/readyz"));
      AgentProcess sidecar = pair.sidecar().start("--sidecar", "--grace", "28");
      await().atMost(PATIENCE).until(() -> seen.distinct("app") > 0);
      sidecar.terminate();
      await().pollDelay(PAST_THE_STOP).atMost(PAST_THE_STOP.plusSeconds(5)).until(() -> true);
      assertThat(sidecar.isAlive()).as(sidecar.log()).isTrue();
      Files.writeString(pair.log().resolveSibling("last.log"), "without its end seq=last-0");
      long lines = application.end();

      assertThat(sidecar.await(Duration.ofSeconds(20))).as(sidecar.log()).hasValue(0);
      await()
          .atMost(PATIENCE)
          .failFast(() -> isAlive(daemon))
          .until(() -> seen.distinct("app") >= lines && seen.distinct("last") == 1);
      assertThat(seen.firstMissing("app", lines)).isEqualTo(-1);
      assertThat(seen.duplicates()).isZero();
      assertThat(sidecar.log())
          .contains("the application's files are quiet")
          .doesNotContain("not delivered");
    }
  }

  @Test
  void nothingIsLostWhileTheAgentOfTheNodeIsAway() throws Exception {
    Sequences seen = new Sequences();
    try (BulkSink sink = new BulkSink(seen::note);
        Pair pair = new Pair(directory, loopback(sink.port()));
        Application application = Application.start(pair.log(), RATE)) {
      AgentProcess.Launch launch = pair.daemon();
      AgentProcess first = launch.start();
      try (AgentProcess sidecar = pair.sidecar().start("--sidecar")) {
        await().atMost(PATIENCE).until(() -> seen.distinct("app") > 0);
        first.kill();
        await().pollDelay(AWAY).atMost(AWAY.plusSeconds(5)).until(() -> true);
        try (AgentProcess second = launch.start()) {
          long lines = application.end();
          await()
              .atMost(PATIENCE)
              .failFast(() -> isAlive(second))
              .failFast(() -> isAlive(sidecar))
              .until(() -> seen.distinct("app") >= lines);
          assertThat(seen.firstMissing("app", lines)).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void aJobsSidecarEndsWithIt() throws Exception {
    Sequences seen = new Sequences();
    try (BulkSink sink = new BulkSink(seen::note);
        Pair pair = new Pair(directory, loopback(sink.port()));
        AgentProcess daemon = pair.daemon().start();
        Application application = Application.start(pair.log(), RATE)) {
      await().atMost(PATIENCE).until(() -> daemon.answers("/readyz"));
      AgentProcess sidecar = pair.sidecar().start("--done-file", pair.done().toString());
      await().atMost(PATIENCE).until(() -> seen.distinct("app") > 0);
      long lines = application.end();
      Files.writeString(pair.done(), "");

      assertThat(sidecar.await(Duration.ofSeconds(30))).as(sidecar.log()).hasValue(0);
      await().atMost(PATIENCE).until(() -> seen.distinct("app") >= lines);
      assertThat(seen.firstMissing("app", lines)).isEqualTo(-1);
      assertThat(sidecar.log()).contains("the application has ended");
    }
  }

  @Test
  void whatCannotBeDeliveredIsToldByFile() throws Exception {
    try (Pair pair = new Pair(directory, loopback(9));
        Application application = Application.start(pair.log(), RATE)) {
      AgentProcess sidecar = pair.sidecar().start("--sidecar", "--grace", "6");
      await().atMost(PATIENCE).until(() -> application.written() > 1_000);
      application.end();

      assertThat(sidecar.stop(Duration.ofSeconds(20))).as(sidecar.log()).hasValue(0);
      assertThat(sidecar.log())
          .containsPattern("not delivered: .*/app/app\\.log: \\d+ record\\(s\\)");
    }
  }
}
