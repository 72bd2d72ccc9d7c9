package io.logboom.it.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One name whose addresses change under an agent's feet. Where this process may, the agent runs in
 * a mount namespace with a resolv.conf of its own, which leads to a {@link NameServer}: the
 * system's resolver and DNS are all real. Elsewhere the agent's JVM reads names from a file.
 */
final class Names implements AutoCloseable {
  static final String NAME = "sinks.example";

  private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.55", 53);

  private final Path directory;
  private final @Nullable NameServer server;
  private final Path hosts;

  Names(Path directory) throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory);
    this.hosts = directory.resolve("hosts");
    this.server = mayMount() ? server() : null;
    addresses();
  }

  private static @Nullable NameServer server() {
    try {
      return new NameServer(SERVER, NAME);
    } catch (SocketException e) {
      return null;
    }
  }

  private boolean mayMount() throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("mount"), "x");
    try {
      Process trial =
          new ProcessBuilder("unshare", "-m", "mount", "--bind", file.toString(), file.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }

  /** How the name is looked up, for a report. */
  String how() {
    return server == null ? "a hosts file" : "DNS, " + server.questions() + " questions";
  }

  /** The name's addresses from here on; without any, looking it up fails. */
  void addresses(String... now) throws IOException {
    List<InetAddress> all = new ArrayList<>();
    StringBuilder text = new StringBuilder("127.0.0.1 other.example\n");
    for (String each : now) {
      all.add(InetAddress.ofLiteral(each));
      text.append(each).append(' ').append(NAME).append('\n');
    }
    if (server != null) {
      server.addresses(all);
    }
    Path next = Files.writeString(directory.resolve("hosts.next"), text);
    Files.move(next, hosts, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The packaged program as the agent is to be started. */
  Path home(Path program) throws IOException {
    String start = "exec '" + program + "' \"$@\"";
    if (server != null) {
      Path resolv =
          Files.writeString(
              directory.resolve("resolv.conf"),
              "nameserver "
                  + SERVER.getAddress().getHostAddress()
                  + "\noptions timeout:1 attempts:1\n");
      start =
          "exec unshare -m sh -c 'mount --bind "
              + resolv
              + " /etc/resolv.conf && exec "
              + program
              + " \"$@\"' sh \"$@\"";
    }
    Path script = Files.createDirectories(directory.resolve("bin")).resolve("logboom");
    Files.writeString(script, "#!/bin/sh\n" + start + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return directory;
  }

  Map<String, String> environment() {
    return server == null ? Map.of("LOGBOOM_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts) : Map.of();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
