package io.logboom.app.train;

import io.logboom.app.cli.Running;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usual work, for some seconds: container logs through the kubernetes filter to Elasticsearch,
 * with a look at metrics and health. Java, started with {@code -XX:AOTCacheOutput}, keeps what it
 * loads, links and profiles meanwhile.
 */
public final class Training {
  private static final Logger LOG = LoggerFactory.getLogger(Training.class);
  private static final int PODS = 10;
  private static final int RECORDS_PER_POD = 20_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> LOOKED_AT =
      List.of(
          "/metrics", "/livez", "/readyz", "/api/v1/metrics", "/api/v2/metrics/prometheus", "/");

  private Training() {}

  /** What the program does with a configuration. */
  public interface Launcher {
    /** Reads it and says what is wrong with it. */
    void check(Path configuration) throws IOException;

    /** Runs an agent with it. */
    Running start(Path configuration) throws IOException;
  }

  /**
   * Does it.
   *
   * @throws IOException where not every record has come within a minute
   */
  public static void run(Launcher launcher) throws IOException {
    Path directory = Files.createTempDirectory("logboom-train");
    try {
      run(launcher, directory);
    } finally {
      delete(directory);
    }
  }

  private static void run(Launcher launcher, Path directory) throws IOException {
    List<String> pods = new ArrayList<>();
    Path containers = Files.createDirectory(directory.resolve("containers"));
    Lines lines = new Lines();
    for (int i = 0; i < PODS; i++) {
      String pod = String.format(Locale.ROOT, "web-5d8f7c9b64-%05d", i);
      pods.add(pod);
      String file = pod + "_training_web-" + PlayedCluster.containerId(pod) + ".log";
      lines.write(containers.resolve(file), RECORDS_PER_POD);
    }
    try (PlayedCluster cluster = new PlayedCluster(pods)) {
      Path yaml = directory.resolve("logboom.yaml");
      launcher.check(Files.writeString(yaml, yaml()));
      Path classic = directory.resolve("fluent-bit.conf");
      Files.writeString(classic, classic(directory, containers, cluster.port()));
      try (Running agent = launcher.start(classic)) {
        await(cluster);
        look(agent);
      }
      LOG.info("trained with {} records", cluster.documents());
    }
  }

  private static String classic(Path directory, Path containers, int port) {
    return String.format(
        Locale.ROOT,
        """
    [SERVICE]
        Flush         0.2
        Log_Level     info
        HTTP_Listen   127.0.0.1
        HTTP_Port     0
        storage.path  %1$s/state

    [INPUT]
        Name              tail
        Path              %2$s/*.log
        Parser            docker
        Tag               kube.*
        Read_from_Head    On
        Refresh_Interval  10

    [FILTER]
        Name             kubernetes
        Match            kube.*
        Kube_URL         http://127.0.0.1:%3$d
        Kube_Tag_Prefix  kube%4$s.
        Merge_Log        On
        Keep_Log         Off
        Labels           On
        Annotations      Off

    [OUTPUT]
        Name             es
        Match            *
        Host             127.0.0.1
        Port             %3$d
        Logstash_Format  On
        Logstash_Prefix  logs
    """,
        directory,
        containers,
        port,
        containers.toString().replace('/', '.'));
  }

  private static String yaml() {
    return """
    service:
      flush: 1
      log_level: info
    pipeline:
      inputs:
        - name: tail
          path: /var/log/containers/*.log
          tag: kube.*
          multiline.parser: docker, cri
      filters:
        - name: kubernetes
          match: kube.*
      outputs:
        - name: es
          match: '*'
        - name: stdout
          match: 'kube.*'
          format: json_lines
    """;
  }

  private static void await(PlayedCluster cluster) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (cluster.documents() < (long) PODS * RECORDS_PER_POD) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("only " + cluster.documents() + " records came");
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static void look(Running agent) throws IOException {
    InetSocketAddress address = agent.monitorAddress();
    if (address == null) {
      throw new IOException("the monitor does not listen");
    }
    for (String path : LOOKED_AT) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
        socket
            .getOutputStream()
            .write(
                ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
