package io.logboom.it.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.it.node.Container;
import io.logboom.it.node.ContainerLog;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Rotation;
import io.logboom.it.sink.BulkSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Log files of real systems, which are not part of this project, as containers' logs. */
class CorpusIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  @BeforeAll
  static void corpusIsThere() {
    assumeThat(corpus()).as("a corpus of real logs beside the project").isDirectory();
  }

  private static Path corpus() {
    return Rig.root().resolve("../shared/corpus").normalize();
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void everyLineOfEveryFileArrivesAsItIs(LogFormat format) throws Exception {
    Map<String, Integer> expected = new ConcurrentHashMap<>();
    Map<String, Integer> arrived = new ConcurrentHashMap<>();
    try (Rig rig = new Rig(directory);
        BulkSink sink = new BulkSink(document -> note(document, arrived))) {
      int lines = writeAll(rig, format, expected);
      try (AgentProcess agent = rig.example2(Rig.loopback(sink.port())).start()) {
        await()
            .atMost(PATIENCE)
            .failFast(() -> Rig.assertAlive(agent))
            .until(() -> sink.count() >= lines);
      }
    }

    expected.forEach((line, times) -> arrived.merge(line, -times, Integer::sum));
    arrived.values().removeIf(difference -> difference == 0);
    assertThat(arrived).as("lines that came too often, or with a minus, too seldom").isEmpty();
  }

  private static int writeAll(Rig rig, LogFormat format, Map<String, Integer> expected)
      throws IOException {
    int count = 0;
    for (Path file : files()) {
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
      Container container = rig.pod(Container.of("corpus", name + "-0", "app"));
      try (ContainerLog log = rig.node().start(container, format, Rotation.NONE)) {
        for (String line : new String(Files.readAllBytes(file), UTF_8).split("\r?\n")) {
          log.line("stdout", line.getBytes(UTF_8));
          expected.merge(name + "-0 " + line, 1, Integer::sum);
          count++;
        }
      }
    }
    assertThat(count).isPositive();
    return count;
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(corpus(), "*.log")) {
      logs.forEach(files::add);
    }
    return files;
  }

  private static void note(byte[] document, Map<String, Integer> arrived) {
    try {
      JsonNode record = JSON.readTree(document);
      String pod = record.at("/kubernetes/pod_name").asText("?");
      String log = record.path("log").asText("?").replaceFirst("\n$", "");
      arrived.merge(pod + " " + log, 1, Integer::sum);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
