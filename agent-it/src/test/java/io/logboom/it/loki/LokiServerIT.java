package io.logboom.it.loki;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.agent.ServiceAccount;
import io.logboom.it.loki.Target.Line;
import io.logboom.it.node.Container;
import io.logboom.it.node.ContainerLog;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Node;
import io.logboom.it.node.Rotation;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What Loki has of what the agent has read: in the stand-in always, in a real one where it is. */
class LokiServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LINES = 1_000;
  private static final int PODS = 300;
  private static final int ROLL_OUTS = 2;
  private static final int LABELS = 25;
  private static final int MOST_STREAMS = 300;
  private static final int MOST_NAMES = 10;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @TempDir Path directory;

  /** Where lines go. */
  enum Kind {
    STAND_IN,
    REAL;

    Target start() throws IOException {
      if (this == STAND_IN) {
        return Target.fake();
      }
      String missing = RealLoki.missing();
      Assumptions.assumeTrue(missing.isEmpty(), missing);
      return RealLoki.start();
    }
  }

  /** One line is older than Loki takes, one longer. */
  @ParameterizedTest
  @CsvSource({"STAND_IN, protobuf, on", "REAL, protobuf, on", "REAL, compress, gzip"})
  void oneLateAndOneOversizeLineOfAThousandCostThemselvesAlone(
      Kind kind, String option, String value) throws Exception {
    String run = UUID.randomUUID().toString();
    long first = Instant.now().minusSeconds(60).getEpochSecond() * 1_000_000_000L;
    Path log = directory.resolve("app.log");
    Files.writeString(log, lines(first));
    Path configuration =
        Files.writeString(
            directory.resolve("logboom.yaml"),
            """
            service:
              flush: 0.2
              storage.path: STATE
            parsers:
              - name: timed
                format: json
                time_key: time
                time_format: '%Y-%m-%dT%H:%M:%S.%L%z'
            pipeline:
              inputs:
                - name: tail
                  path: LOG
                  tag: app
                  parser: timed
              outputs:
                - name: loki
                  match: '*'
                  alias: loki
                  host: HOST
                  port: PORT
                  tenant_id: TENANT
                  labels: job=it, run=RUN
                  structured_metadata: trace=$trace
                  remove_keys: trace
                  drop_single_key: raw
                  OPTION: VALUE
            """
                .replace("LOG", log.toString())
                .replace("TENANT", Target.TENANT)
                .replace("RUN", run)
                .replace("OPTION", option)
                .replace("VALUE", value));
    try (Target loki = kind.start();
        AgentProcess agent = start(configuration, loki)) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(IOException.class)
          .failFast(() -> assertThat(agent.isAlive()).as(agent.log()).isTrue())
          .untilAsserted(
              () ->
                  assertThat(agent.get("/metrics").body())
                      .containsPattern("loki_lines_total\\{[^}]*\"accepted\"[^}]*\\} 998")
                      .containsPattern("loki_lines_total\\{[^}]*\"rejected\"[^}]*\\} 2"));
      String letters =
          launch(configuration)
              .run(PATIENCE, "dead-letters", "list", "-c", configuration.toString())
              .output();
      assertThat(letters.lines().filter(l -> l.contains("400: "))).hasSize(2);
      assertThat(letters)
          .contains("has timestamp too old: ")
          .containsIgnoringCase("max entry size '262144' bytes exceeded for stream ");
      await().atMost(PATIENCE).until(() -> loki.lines("run", run).size() >= LINES - 2);
      List<Line> there = loki.lines("run", run);
      assertThat(there)
          .extracting(Line::text)
          .isEqualTo(
              IntStream.range(0, LINES)
                  .filter(i -> i != 300 && i != 700)
                  .mapToObj(i -> "line " + i)
                  .toList());
      for (Line line : there) {
        int number = Integer.parseInt(line.text().substring("line ".length()));
        assertThat(line.nanos()).isEqualTo(first + number * 1_000_001L);
        assertThat(line.labels()).containsEntry("job", "it");
        assertThat(line.metadata()).containsEntry("trace", "t" + number % 7);
      }
    }
  }

  private static String lines(long first) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      long nanos = first + i * 1_000_001L - (i == 300 ? Duration.ofDays(9).toNanos() : 0);
      String time = TIME.format(Instant.EPOCH.plusNanos(nanos));
      String log = i == 700 ? "x".repeat(300 << 10) : "line " + i;
      text.append("{\"time\":\"").append(time).append("\",\"trace\":\"t").append(i % 7);
      text.append("\",\"log\":\"").append(log).append("\"}\n");
    }
    return text.toString();
  }

  /** 300 pods with 25 labels each, all of them replaced twice. */
  @ParameterizedTest
  @EnumSource
  void rollOutsMakeFewStreams(Kind kind) throws Exception {
    String node = "node-" + UUID.randomUUID();
    ServiceAccount account = ServiceAccount.in(directory.resolve("serviceaccount"));
    Node played = new Node(directory.resolve("node"));
    try (Target loki = kind.start();
        FakeKubernetes kubernetes = FakeKubernetes.started(account.tls()).token(account.token())) {
      Path configuration =
          Files.writeString(
              directory.resolve("logboom.yaml"),
              """
              service:
                flush: 0.2
                storage.path: STATE
              pipeline:
                inputs:
                  - name: tail
                    path: LOGS
                    tag: kube.*
                    multiline.parser: docker, cri
                    refresh_interval: 1
                filters:
                  - name: kubernetes
                    match: kube.*
                    kube_url: URL
                    kube_ca_file: ACCOUNT/ca.crt
                    kube_token_file: ACCOUNT/token
                    node_name: NODE
                outputs:
                  - name: loki
                    match: '*'
                    host: HOST
                    port: PORT
                    tenant_id: TENANT
                    drop_single_key: raw
              """
                  .replace("LOGS", played.containers().resolve("*.log").toString())
                  .replace("URL", kubernetes.url())
                  .replace("ACCOUNT", account.directory().toString())
                  .replace("NODE", node)
                  .replace("TENANT", Target.TENANT));
      roll(kubernetes, played, node, 0);
      try (AgentProcess agent = start(configuration, loki)) {
        Set<Map<String, String>> streams = new HashSet<>();
        for (int generation = 0; generation <= ROLL_OUTS; generation++) {
          if (generation > 0) {
            roll(kubernetes, played, node, generation);
          }
          int expected = PODS * (generation + 1);
          await()
              .atMost(PATIENCE)
              .failFast(() -> assertThat(agent.isAlive()).as(agent.log()).isTrue())
              .until(() -> loki.lines("node", node).size() >= expected);
          List<Line> there = loki.lines("node", node);
          assertThat(there).hasSize(expected);
          int before = streams.size();
          there.forEach(line -> streams.add(line.labels()));
          assertThat(streams.size() - before).isLessThanOrEqualTo(MOST_STREAMS);
          for (Line line : there) {
            assertThat(line.labels().size()).isLessThanOrEqualTo(MOST_NAMES);
            assertThat(line.metadata()).containsKey("pod").hasSizeGreaterThanOrEqualTo(LABELS);
          }
        }
        assertThat(streams).hasSizeLessThanOrEqualTo(PODS);
      }
    }
  }

  private static void roll(FakeKubernetes kubernetes, Node played, String node, int generation)
      throws IOException {
    for (int i = 0; i < PODS; i++) {
      String app = "app" + i % 30;
      Container container = Container.of("ns" + i % 5, app + "-" + generation + "-" + i, "main");
      FakePod pod =
          FakePod.named(container.namespace(), container.pod(), container.uid())
              .node(node)
              .label("app", app)
              .label("pod-template-hash", "h" + generation)
              .container(container.name(), container.image(), "image", container.id());
      for (int label = 2; label < LABELS; label++) {
        pod.label("label-" + label, "value-" + label + "-" + i);
      }
      kubernetes.put(pod);
      try (ContainerLog log = played.start(container, LogFormat.CRI, Rotation.NONE)) {
        log.line("stdout", ("line of " + generation + " " + i).getBytes(UTF_8));
      }
    }
  }

  private AgentProcess start(Path configuration, Target loki) throws Exception {
    Files.writeString(
        configuration,
        Files.readString(configuration)
            .replace("STATE", directory.resolve("state").toString())
            .replace("HOST", loki.host())
            .replace("PORT", Integer.toString(loki.port())));
    return launch(configuration).start();
  }

  private AgentProcess.Launch launch(Path configuration) {
    Path home = Path.of(System.getProperty("logboom.root"), "agent-app/target/logboom");
    return new AgentProcess.Launch(home, configuration, directory, Map.of());
  }
}
