package io.logboom.it.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.it.agent.AgentProcess;
import io.logboom.it.sink.BulkSink;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program sends what it reads from files to servers of the Forward protocol: to itself
 * in each kind of security, to the server in {@code @fluent-org/logger} where node and npm are
 * there, and to Fluent Bit where that is installed. The last two are left out elsewhere, and say
 * why.
 */
class ForwardOutIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOGGER = "@fluent-org/logger@1.0.10";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int COUNT = 20_000;

  @TempDir Path directory;
  private final Map<Integer, JsonNode> documents = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> twice = new ConcurrentLinkedQueue<>();

  private BulkSink sink() throws IOException {
    return new BulkSink(bytes -> note(new String(bytes, java.nio.charset.StandardCharsets.UTF_8)));
  }

  private void note(String json) {
    try {
      JsonNode document = JSON.readTree(json);
      if (documents.put(document.path("seq").asInt(), document) != null) {
        twice.add(json);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path home() {
    return Path.of(System.getProperty("logboom.root"), "agent-app/target/logboom");
  }

  private AgentProcess start(String name, String yaml) throws IOException {
    Path work = Files.createDirectories(directory.resolve(name));
    Path file = Files.writeString(work.resolve("logboom.yaml"), yaml);
    return new AgentProcess.Launch(home(), file, work, Map.of()).start();
  }

  /** The agent that receives. */
  private AgentProcess daemon(BulkSink sink, String listen) throws Exception {
    AgentProcess agent =
        start(
            "daemon",
            """
            service:
              flush: 0.2
            pipeline:
              inputs:
                - name: forward
            LISTEN
              outputs:
                - name: es
                  match: 'app.*'
                  host: 127.0.0.1
                  port: SINK
                  include_tag_key: on
            """
                .replace("LISTEN", listen.indent(6).stripTrailing())
                .replace("SINK", "" + sink.port()));
    await().atMost(PATIENCE).until(() -> agent.answers("/livez") || !agent.isAlive());
    assertThat(agent.isAlive()).as(agent.log()).isTrue();
    return agent;
  }

  /** The agent that reads {@link #COUNT} lines of JSON and sends them. */
  private AgentProcess sender(String output) throws IOException {
    Path logs = Files.createDirectories(directory.resolve("logs"));
    Files.write(
        logs.resolve("app.log"),
        IntStream.range(0, COUNT)
            .mapToObj(
                i ->
                    "{\"seq\":"
                        + i
                        + ",\"text\":\"größe \\\""
                        + i
                        + "\\\"\\n\",\"nested\":{\"list\":[1,2.5,null,true]},\"big\":"
                        + (9_007_199_254_740_993L + i)
                        + "}")
            .toList());
    return start(
        "sender",
        """
        service:
          flush: 0.2
        parsers:
          - name: lines
            format: json
        pipeline:
          inputs:
            - name: tail
              path: LOGS/*.log
              tag: app.x
              parser: lines
          outputs:
            - name: forward
              match: '*'
        OUTPUT
        """
            .replace("LOGS", logs.toString())
            .replace("OUTPUT", output.indent(6).stripTrailing()));
  }

  private void allArrive(AgentProcess sender, String listen) throws Exception {
    await().atMost(PATIENCE).until(() -> documents.size() >= COUNT || !sender.isAlive());
    assertThat(documents.keySet())
        .as(sender.log() + listen)
        .isEqualTo(IntStream.range(0, COUNT).boxed().collect(Collectors.toSet()));
    assertThat(twice).isEmpty();
    documents.forEach(
        (seq, document) -> {
          assertThat(document.path("text").asText()).isEqualTo("größe \"" + seq + "\"\n");
          assertThat(document.path("nested").toString()).isEqualTo("{\"list\":[1,2.5,null,true]}");
          assertThat(document.path("big").asLong()).isEqualTo(9_007_199_254_740_993L + seq);
        });
  }

  private void toItself(String listen, String output) throws Exception {
    try (BulkSink sink = sink();
        AgentProcess daemon = daemon(sink, listen);
        AgentProcess sender = sender(output)) {
      allArrive(sender, daemon.log());
      documents.values().forEach(d -> assertThat(d.path("flb-key").asText()).isEqualTo("app.x"));
      await().atMost(PATIENCE).until(() -> acknowledged(sender));
      assertThat(sender.get("/metrics").body()).contains("logboom_forward_frames_acknowledged");
    }
  }

  private static boolean acknowledged(AgentProcess sender) throws Exception {
    return sender
        .get("/metrics")
        .body()
        .contains("logboom_forward_acks_waited{name=\"forward.0\"} 0");
  }

  @Test
  void toItselfInTheClear() throws Exception {
    int port = freePort();
    toItself("listen: 127.0.0.1\nport: " + port, "port: " + port);
  }

  @Test
  void toItselfWithKeyUserAndGzip() throws Exception {
    int port = freePort();
    toItself(
        "listen: 127.0.0.1\nport: "
            + port
            + "\nshared_key: very secret\nsecurity.users: anna open sesame",
        "port: "
            + port
            + "\nshared_key: very secret\nusername: anna\npassword: open sesame\ncompress: gzip");
  }

  @Test
  void toItselfOverMutualTls() throws Exception {
    TestCertificates certificates =
        TestCertificates.in(directory.resolve("tls"))
            .issue("server", "ip:127.0.0.1")
            .issue("client", "dns:client.test");
    int port = freePort();
    toItself(
        "listen: 127.0.0.1\nport: "
            + port
            + "\ntls: on\ntls.verify_client_cert: on\ntls.ca_file: "
            + certificates.authority()
            + "\ntls.crt_file: "
            + certificates.certificate("server")
            + "\ntls.key_file: "
            + certificates.key("server"),
        "port: "
            + port
            + "\ntls: on\ntls.ca_file: "
            + certificates.authority()
            + "\ntls.crt_file: "
            + certificates.certificate("client")
            + "\ntls.key_file: "
            + certificates.key("client"));
  }

  @Test
  void toItselfOverAUnixSocket() throws Exception {
    Path socket = directory.resolve("s");
    toItself("unix_path: " + socket, "unix_path: " + socket);
  }

  @Test
  void toTheOneOfTwoServersThatIsThere() throws Exception {
    int port = freePort();
    Path file =
        Files.writeString(
            directory.resolve("upstream.conf"),
            String.format(
                Locale.ROOT,
                """
            [UPSTREAM]
                name daemons
            [NODE]
                name away
                host 127.0.0.1
                port 1
            [NODE]
                name here
                host 127.0.0.1
                port %d
            """,
                port));
    toItself("listen: 127.0.0.1\nport: " + port, "upstream: " + file);
  }

  @Test
  void theServerForNodeWithASharedKey() throws Exception {
    assumeThat(works("node", "--version")).as("node is installed").isTrue();
    assumeThat(works("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", LOGGER))
        .as("npm is installed and gets " + LOGGER)
        .isTrue();
    int port = freePort();
    Path printed = directory.resolve("printed.txt");
    Process server =
        new ProcessBuilder("node", script("receive.js").toString(), "" + port, "" + COUNT, "key")
            .directory(directory.toFile())
            .redirectError(directory.resolve("errors.txt").toFile())
            .redirectOutput(printed.toFile())
            .start();
    try (AgentProcess sender =
        sender("port: " + port + "\nshared_key: key\nself_hostname: client.test")) {
      boolean ended = server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(ended)
          .as(sender.log() + Files.readString(directory.resolve("errors.txt")))
          .isTrue();
      for (String line : Files.readAllLines(printed)) {
        JsonNode event = JSON.readTree(line);
        assertThat(event.path("tag").asText()).isEqualTo("app.x");
        // JavaScript has no whole numbers of 64 bits.
        int seq = event.path("record").path("seq").asInt();
        assertThat(event.path("record").path("text").asText()).isEqualTo("größe \"" + seq + "\"\n");
        documents.put(seq, event);
      }
      assertThat(documents).hasSize(COUNT);
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void fluentBitWithAcknowledgements() throws Exception {
    String program = System.getenv().getOrDefault("FLUENT_BIT", "fluent-bit");
    assumeThat(works(program, "--version")).as(program + " is installed").isTrue();
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(program, "-q", "-f", "0.2"));
    command.addAll(List.of("-i", "forward", "-p", "listen=127.0.0.1", "-p", "port=" + port));
    command.addAll(
        List.of("-o", "file", "-m", "*", "-p", "path=" + directory, "-p", "format=plain"));
    Process server =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("fluent-bit.txt").toFile())
            .start();
    try (AgentProcess sender = sender("port: " + port + "\ncompress: gzip")) {
      Path written = directory.resolve("app.x");
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                if (!Files.exists(written)) {
                  return false;
                }
                try (var lines = Files.lines(written)) {
                  return lines.count() >= COUNT;
                }
              });
      Files.readAllLines(written).forEach(this::note);
      allArrive(sender, "");
    } finally {
      server.destroyForcibly();
    }
  }

  private Path script(String name) throws IOException {
    try (InputStream in = ForwardOutIT.class.getResourceAsStream(name)) {
      assertThat(in).isNotNull();
      Path file = directory.resolve(name);
      Files.write(file, in.readAllBytes());
      return file;
    }
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
}
