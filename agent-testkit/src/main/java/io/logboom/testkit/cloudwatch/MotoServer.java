package io.logboom.testkit.cloudwatch;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * moto, which plays AWS, as a process: the {@code moto_server} on the path, or the one that
 * LOGBOOM_MOTO names.
 */
public final class MotoServer implements AutoCloseable {
  /** Why a test of it is skipped. */
  public static final String ABSENT =
      "no moto_server on the path, and LOGBOOM_MOTO does not name one";

  private final Process process;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  private MotoServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The program, where there is one. */
  public static Optional<Path> command() {
    String named = System.getenv("LOGBOOM_MOTO");
    Stream<Path> all =
        named != null
            ? Stream.of(Path.of(named))
            : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part, "moto_server"));
    return all.filter(Files::isExecutable).findFirst();
  }

  /**
   * Starts it.
   *
   * @param directory where it writes its log
   * @param environment beside the test's own
   */
  public static MotoServer start(Path directory, Map<String, String> environment)
      throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path command = command().orElseThrow(() -> new IOException(ABSENT));
    ProcessBuilder builder =
        new ProcessBuilder(command.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("moto.log").toFile());
    builder.environment().putAll(environment);
    MotoServer server = new MotoServer(builder.start(), port);
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(40))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> server.get("/moto-api/").statusCode() == 200);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  public int port() {
    return port;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(uri(path)).build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /**
   * Calls a service that speaks AWS JSON, without a signature that is one.
   *
   * @return the answer's body
   */
  public String call(String service, String target, String body)
      throws IOException, InterruptedException {
    return post(
        service,
        HttpRequest.newBuilder(uri("/"))
            .header("X-Amz-Target", target)
            .header("Content-Type", "application/x-amz-json-1.1"),
        body);
  }

  /**
   * Calls a service with a form, without a signature that is one.
   *
   * @return the answer's body
   */
  public String form(String service, String body) throws IOException, InterruptedException {
    return post(
        service,
        HttpRequest.newBuilder(uri("/"))
            .header("Content-Type", "application/x-www-form-urlencoded"),
        body);
  }

  private String post(String service, HttpRequest.Builder request, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            request
                .header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=reader/20261122/eu-central-1/"
                        + service
                        + "/aws4_request, SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (answer.statusCode() != 200) {
      throw new IOException("moto answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  @Override
  public void close() {
    http.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
