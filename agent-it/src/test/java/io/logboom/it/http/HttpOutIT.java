package io.logboom.it.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.it.agent.AgentProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program sends what it reads from a file over HTTP in each format and compression: to
 * itself, which writes it to files, and to Fluent Bit where that is installed.
 */
class HttpOutIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int COUNT = 10_000;
  private static final Path HOME =
      Path.of(System.getProperty("logboom.root"), "agent-app/target/logboom");

  @TempDir Path directory;

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private AgentProcess start(String name, String yaml) throws IOException {
    Path work = Files.createDirectories(directory.resolve(name));
    Path file = Files.writeString(work.resolve("logboom.yaml"), yaml);
    return new AgentProcess.Launch(HOME, file, work, Map.of()).start();
  }

  private static String output(int port, String tag, String format, String compress) {
    return """
        - name: http
          match: '*'
          host: 127.0.0.1
          port: PORT
          uri: /to/TAG
          format: FORMAT
          compress: COMPRESS
          json_date_key: false
    """
        .replace("PORT", "" + port)
        .replace("TAG", tag)
        .replace("FORMAT", format)
        .replace("COMPRESS", compress);
  }

  /** The agent that reads {@link #COUNT} lines of JSON and sends them. */
  private AgentProcess sender(String outputs) throws IOException {
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
                        + "\\\"\\n.\",\"list\":[1,2.5,null,true],\"big\":"
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
        """
                .replace("LOGS", logs.toString())
            + outputs.indent(0));
  }

  @Test
  void toItselfInEachFormatAndThereToFiles() throws Exception {
    int port = freePort();
    Path out = directory.resolve("out");
    try (AgentProcess receiver =
        start(
            "receiver",
            """
            service:
              flush: 0.2
            pipeline:
              inputs:
                - name: http
                  listen: 127.0.0.1
                  port: PORT
              outputs:
                - name: file
                  match: '*'
                  path: OUT
                  format: plain
                  mkdir: on
                  rotate: on
                  rotate_max_size: 300k
                  rotate_gzip: off
                  rotate_max_files: 100
            """
                .replace("PORT", "" + port)
                .replace("OUT", out.toString()))) {
      await().atMost(PATIENCE).until(() -> receiver.answers("/livez") || !receiver.isAlive());
      try (AgentProcess sender =
          sender(
              output(port, "a", "json", "gzip")
                  + output(port, "b", "json_lines", "zstd")
                  + output(port, "c", "json_stream", "snappy")
                  + output(port, "d", "msgpack", "none")
                  + output(port, "e", "msgpack", "zstd"))) {
        for (String tag : List.of("to_a", "to_b", "to_c", "to_d", "to_e")) {
          await()
              .atMost(PATIENCE)
              .until(() -> lines(out, tag).size() >= COUNT || !sender.isAlive());
          assertWhole(lines(out, tag), sender.log() + receiver.log());
        }
        assertThat(sender.get("/metrics").body())
            .contains("http_output_records_total{")
            .contains("http_output_requests_total{");
        assertThat(receiver.get("/metrics").body()).contains("file_output_written_bytes_total{");
      }
    }
  }

  /** Of the file, and of what it was rotated to. */
  private static List<String> lines(Path out, String tag) throws IOException {
    if (!Files.isDirectory(out)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(out)) {
      List<Path> all =
          files.filter(f -> f.getFileName().toString().startsWith(tag)).sorted().toList();
      return all.stream().flatMap(HttpOutIT::read).toList();
    }
  }

  private static Stream<String> read(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      return Stream.of(); // rotated away this moment
    }
  }

  private static void assertWhole(List<String> lines, String log) throws IOException {
    Set<Integer> numbers = new TreeSet<>();
    for (String line : lines) {
      JsonNode record = JSON.readTree(line);
      int seq = record.path("seq").asInt();
      assertThat(numbers.add(seq)).as("%s comes once", seq).isTrue();
      assertThat(record.path("text").asText()).isEqualTo("größe \"" + seq + "\"\n.");
      assertThat(record.path("list").toString()).isEqualTo("[1,2.5,null,true]");
      assertThat(record.path("big").asLong()).isEqualTo(9_007_199_254_740_993L + seq);
    }
    assertThat(numbers)
        .as(log)
        .isEqualTo(IntStream.range(0, COUNT).boxed().collect(Collectors.toSet()));
  }

  @Test
  void toFluentBitInEachFormatThatItTakes() throws Exception {
    String program = System.getenv().getOrDefault("FLUENT_BIT", "fluent-bit");
    assumeThat(works(program, "--version")).as(program + " is installed").isTrue();
    int port = freePort();
    Path out = Files.createDirectories(directory.resolve("out"));
    List<String> command =
        List.of(
            program,
            "-q",
            "-f",
            "0.2",
            "-i",
            "http",
            "-p",
            "listen=127.0.0.1",
            "-p",
            "port=" + port,
            "-p",
            "buffer_max_size=16M",
            "-o",
            "file",
            "-m",
            "*",
            "-p",
            "path=" + out,
            "-p",
            "format=plain");
    Process server =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("fluent-bit.txt").toFile())
            .start();
    try (AgentProcess sender =
        sender(
            output(port, "a", "json", "gzip")
                + output(port, "b", "json", "zstd")
                + output(port, "c", "json_stream", "snappy")
                + output(port, "d", "json", "none"))) {
      for (String tag : List.of("to_a", "to_b", "to_c", "to_d")) {
        await().atMost(PATIENCE).until(() -> lines(out, tag).size() >= COUNT || !server.isAlive());
        assertWhole(
            lines(out, tag), sender.log() + Files.readString(directory.resolve("fluent-bit.txt")));
      }
    } finally {
      server.destroyForcibly();
    }
  }

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
