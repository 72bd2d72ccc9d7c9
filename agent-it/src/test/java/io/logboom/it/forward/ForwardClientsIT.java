package io.logboom.it.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.it.agent.AgentProcess;
import io.logboom.it.sink.BulkSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that others wrote send to the packaged program: {@code @fluent-org/logger} where node and
 * npm are there, Debian's {@code python3-fluent-logger} where it is installed. Each is left out
 * elsewhere, and says why.
 */
class ForwardClientsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOGGER = "@fluent-org/logger@1.0.10";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int COUNT = 2_000;

  @TempDir Path directory;
  private final Map<Integer, JsonNode> documents = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> twice = new ConcurrentLinkedQueue<>();

  private BulkSink sink() throws IOException {
    return new BulkSink(
        bytes -> {
          try {
            JsonNode document = JSON.readTree(bytes);
            if (documents.put(document.path("seq").asInt(), document) != null) {
              twice.add(document.toString());
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private AgentProcess agent(BulkSink sink, int port, String more) throws Exception {
    Path configuration =
        Files.writeString(
            directory.resolve("logboom.yaml"),
            """
            service:
              flush: 0.2
            pipeline:
              inputs:
                - name: forward
                  listen: 127.0.0.1
                  port: FORWARD
            MORE
              outputs:
                - name: es
                  match: 'app.*'
                  host: 127.0.0.1
                  port: SINK
                  include_tag_key: on
                  generate_id: on
            """
                .replace("FORWARD", "" + port)
                .replace("MORE", more)
                .replace("SINK", "" + sink.port()));
    Path home = Path.of(System.getProperty("logboom.root"), "agent-app/target/logboom");
    AgentProcess agent = new AgentProcess.Launch(home, configuration, directory, Map.of()).start();
    await().atMost(PATIENCE).until(() -> listens(port) || !agent.isAlive());
    assertThat(agent.isAlive()).as(agent.log()).isTrue();
    return agent;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private String run(Path script, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(words[0], script.toString()));
    command.addAll(Arrays.asList(words).subList(1, words.length));
    Path output = directory.resolve("client.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    process.destroyForcibly();
    String printed = Files.readString(output);
    assertThat(ended && process.exitValue() == 0).as(printed).isTrue();
    return printed;
  }

  /** Whether a program is there and ends with 0. */
  private boolean works(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Path script(String name) throws IOException {
    try (InputStream in = ForwardClientsIT.class.getResourceAsStream(name)) {
      assertThat(in).isNotNull();
      Path file = directory.resolve(name);
      Files.write(file, in.readAllBytes());
      return file;
    }
  }

  private void hasArrived(int count, Set<String> tags) {
    await().atMost(PATIENCE).until(() -> documents.size() >= count);
    assertThat(documents.keySet())
        .isEqualTo(IntStream.range(0, count).boxed().collect(Collectors.toSet()));
    assertThat(twice).isEmpty();
    Instant now = Instant.now();
    documents.forEach(
        (seq, document) -> {
          assertThat(document.path("text").asText()).isEqualTo("größe \"" + seq + "\"\n");
          assertThat(document.path("nested").toString()).isEqualTo("{\"list\":[1,2.5,null,true]}");
          assertThat(document.path("flb-key").asText()).isIn(tags);
          assertThat(Instant.parse(document.path("@timestamp").asText()))
              .isBetween(now.minusSeconds(600), now.plusSeconds(5));
        });
  }

  @Test
  void theLoggerForNodeInAllModesWithAcknowledgements() throws Exception {
    assumeThat(works("node", "--version")).as("node is installed").isTrue();
    assumeThat(works("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", LOGGER))
        .as("npm is installed and gets " + LOGGER)
        .isTrue();
    Path script = script("send.js");
    List<String> modes = List.of("Message", "Forward", "PackedForward", "CompressedPackedForward");
    int port = freePort();
    try (BulkSink sink = sink();
        AgentProcess agent = agent(sink, port, "")) {
      for (int i = 0; i < modes.size(); i++) {
        run(script, "node", "" + port, modes.get(i), "" + COUNT, "" + i * COUNT, "");
      }
      assertThat(documents).as("what is acknowledged has arrived").hasSize(modes.size() * COUNT);
      hasArrived(modes.size() * COUNT, Set.of(tags(modes)));
      assertThat(agent.isAlive()).isTrue();
    }
  }

  private static String[] tags(List<String> modes) {
    return modes.stream().map(mode -> "app." + mode).toArray(String[]::new);
  }

  @Test
  void theLoggerForNodeWithASharedKey() throws Exception {
    assumeThat(works("node", "--version")).as("node is installed").isTrue();
    assumeThat(works("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", LOGGER))
        .as("npm is installed and gets " + LOGGER)
        .isTrue();
    int port = freePort();
    try (BulkSink sink = sink();
        AgentProcess agent = agent(sink, port, "      shared_key: very secret")) {
      run(script("send.js"), "node", "" + port, "PackedForward", "100", "0", "very secret");
      hasArrived(100, Set.of("app.PackedForward"));
      assertThat(agent.isAlive()).isTrue();
    }
  }

  @Test
  void theLoggerForPython() throws Exception {
    assumeThat(works("/usr/bin/python3", "-c", "import fluent.sender"))
        .as("python3-fluent-logger is installed")
        .isTrue();
    int port = freePort();
    try (BulkSink sink = sink();
        AgentProcess agent = agent(sink, port, "")) {
      run(script("send.py"), "/usr/bin/python3", "" + port, "" + COUNT, "0");
      hasArrived(COUNT, Set.of("app.python"));
      assertThat(agent.isAlive()).isTrue();
    }
  }
}
