package io.logboom.it.agent;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged program, running: {@code bin/logboom} of the built tree, as one process. */
public final class AgentProcess implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final int httpPort;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private AgentProcess(Process process, Path log, int httpPort) {
    this.process = process;
    this.log = log;
    this.httpPort = httpPort;
  }

  /** What starts agents, over and over, with one configuration and one state. */
  public record Launch(
      Path home, Path configuration, Path directory, Map<String, String> environment) {

    /**
     * Starts the agent as Fluent Bit would be started, with its status server on a free port.
     *
     * <p>The working directory is {@code directory}; the log is appended to {@code agent.log}
     * there.
     *
     * @param more further flags
     */
    public AgentProcess start(String... more) throws IOException {
      int port = freePort();
      List<String> command = new ArrayList<>();
      command.add(program(home).toString());
      command.addAll(List.of("-c", configuration.toString()));
      command.addAll(List.of("-b", directory.resolve("state").toString()));
      command.addAll(List.of("-H", "-L", "127.0.0.1", "-P", Integer.toString(port)));
      command.addAll(List.of(more));
      Path log = directory.resolve("agent.log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .redirectInput(new File("/dev/null"));
      builder.environment().putAll(environment);
      return new AgentProcess(builder.start(), log, port);
    }

    /**
     * Runs one of its commands to the end, such as {@code dead-letters list}.
     *
     * @throws IOException where it takes longer than {@code patience}
     */
    public Finished run(Duration patience, String... arguments)
        throws IOException, InterruptedException {
      List<String> command = new ArrayList<>();
      command.add(program(home).toString());
      command.addAll(List.of(arguments));
      Path output = Files.createTempFile(directory, "command", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(new File("/dev/null"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IOException(command + " did not end:\n" + Files.readString(output));
      }
      return new Finished(process.exitValue(), Files.readString(output));
    }
  }

  /** How a command ended, and what it printed. */
  public record Finished(int exitCode, String output) {}

  /** The program's file in a packaged tree. */
  public static Path program(Path home) {
    return home.resolve("bin").resolve("logboom");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Where its status server listens. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + httpPort + path);
  }

  /** The answer of its status server. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url(path)).timeout(Duration.ofSeconds(5)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Whether its status server answers 200 there; false also where nothing listens yet. */
  public boolean answers(String path) throws InterruptedException {
    try {
      return get(path).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** SIGHUP: read the configuration again. */
  public void reload() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("no SIGHUP for " + pid());
    }
  }

  /** SIGKILL, also to what it may have started; returns when it is gone. */
  public void kill() throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
  }

  /** SIGTERM; returns at once. */
  public void terminate() {
    process.destroy();
  }

  /** SIGTERM. The exit code, or nothing where it is still there after {@code patience}. */
  public OptionalInt stop(Duration patience) throws InterruptedException {
    process.destroy();
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  /** Waits for its end. */
  public OptionalInt await(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  /** What it has printed, earlier runs with the same directory among it. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Its memory now, from /proc; nothing on a system without it. */
  public OptionalLong residentBytes() {
    return status("VmRSS:");
  }

  /** The most memory that it ever had. */
  public OptionalLong peakResidentBytes() {
    return status("VmHWM:");
  }

  private OptionalLong status(String key) {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public void close() {
    try {
      if (stop(Duration.ofSeconds(20)).isEmpty()) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
