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

  /** Starts an agent with a configuration file. */
  @FunctionalInterface
  public interface Start {
    Running start(Path configuration) throws IOException;
  }

  /**
   * Does it.
   *
   * @throws IOException where not every record has come within a minute
   */
  public static void run(Start start) throws IOException {
    Path directory = Files.createTempDirectory("logboom-train");
    try {
      run(start, directory);
    } finally {
      delete(directory);
    }
  }

  private static void run(Start start, Path directory) throws IOException {
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
      Path configuration = directory.resolve("logboom.yaml");
      Files.writeString(configuration, configuration(directory, containers, cluster.port()));
      try (Running agent = start.start(configuration)) {
        await(cluster);
        look(agent);
      }
      LOG.info("trained with {} records", cluster.documents());
    }
  }

  private static String configuration(Path directory, Path containers, int port) {
    return """
    service:
      flush: 0.2
      http_listen: 127.0.0.1
      http_port: 0
      storage.path: %1$s/state
    pipeline:
      inputs:
        - name: tail
          path: %2$s/*.log
          tag: kube.*
          read_from_head: on
          multiline.parser: docker, cri
      filters:
        - name: kubernetes
          match: kube.*
          kube_url: http://127.0.0.1:%3$d
          kube_tag_prefix: kube%4$s.
          merge_log: on
          keep_log: off
      outputs:
        - name: es
          match: '*'
          host: 127.0.0.1
          port: %3$d
          logstash_format: on
          logstash_prefix: logs
    """
        .formatted(directory, containers, port, containers.toString().replace('/', '.'));
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
