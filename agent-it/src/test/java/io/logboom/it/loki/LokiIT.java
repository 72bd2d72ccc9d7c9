package io.logboom.it.loki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Container;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Node;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.testkit.loki.FakeLoki;
import io.logboom.testkit.loki.FakeLoki.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LokiIT {
  private static final Pattern SEQ = Pattern.compile("seq=([A-Za-z0-9]+)-(\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LINES = 6_000;

  @TempDir Path directory;

  /** A receiver that is mostly busy or away for a while, and refuses by rate behind it. */
  @Test
  void losesNothingInAStormAndKeepsEachStreamsOrder() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (FakeLoki loki = FakeLoki.start()) {
      Node node = new Node(directory.resolve("node"));
      loki.always(
          (request, line) -> {
            int n = requests.getAndIncrement();
            if (n < 3 || n % 4 == 0) {
              loki.accept(request, line);
            } else if (n % 2 == 0) {
              line.answer(503, "at its limits");
            } else {
              line.answer(429, "Ingestion rate limit exceeded", "Retry-After: 0");
            }
          });
      try (AgentProcess agent = agent(node, loki.port());
          SequenceWriter first = writer(node, "one");
          SequenceWriter second = writer(node, "two")) {
        assertThat(first.start().join()).isEqualTo(LINES);
        assertThat(second.start().join()).isEqualTo(LINES);
        await().atMost(PATIENCE).until(() -> requests.get() > 8 || !agent.isAlive());
        loki.always(null);
        await().atMost(PATIENCE).until(() -> loki.count() >= 2 * LINES || !agent.isAlive());
        assertThat(agent.isAlive()).as(agent.log()).isTrue();
        assertThat(loki.count()).isEqualTo(2 * LINES);
        assertInOrder(loki);
        assertThat(agent.get("/metrics").body())
            .contains("loki_lines_total")
            .contains("loki_requests_total");
      }
      assertThat(loki.server().complaints()).isEmpty();
    }
  }

  private static void assertInOrder(FakeLoki loki) {
    Map<String, Integer> last = new HashMap<>();
    for (Stored each : loki.stored()) {
      Matcher seq = SEQ.matcher(each.line());
      assertThat(seq.find()).as(each.line()).isTrue();
      int number = Integer.parseInt(seq.group(2));
      Integer before = last.put(seq.group(1), number);
      if (before != null) {
        assertThat(number).as(seq.group(1)).isEqualTo(before + 1);
      }
      assertThat(each.labels()).containsEntry("container", "web").containsEntry("stream", "stdout");
    }
    assertThat(last).hasSize(2);
  }

  private static SequenceWriter writer(Node node, String prefix) throws IOException {
    Container container = Container.of("shop", prefix + "-7d9c5b6f4-abcde", "web");
    return new SequenceWriter(
        node.start(container, LogFormat.CRI, Rotation.NONE), prefix, LINES, 4_000, 120);
  }

  private AgentProcess agent(Node node, int port) throws Exception {
    Path configuration =
        Files.writeString(
            directory.resolve("logboom.yaml"),
            """
            service:
              flush: 0.2
              scheduler.base: 0.1
              scheduler.cap: 0.5
              state_dir: STATE
            pipeline:
              inputs:
                - name: tail
                  path: LOGS
                  tag: kube.*
                  multiline.parser: docker, cri
              outputs:
                - name: loki
                  match: '*'
                  host: 127.0.0.1
                  port: PORT
                  labels: container=web, $stream
                  drop_single_key: raw
                  workers: 1
                  max_request_size: 64k
            """
                .replace("STATE", directory.resolve("state").toString())
                .replace("LOGS", node.containers().resolve("*.log").toString())
                .replace("PORT", Integer.toString(port)));
    Path home = Path.of(System.getProperty("logboom.root"), "agent-app/target/logboom");
    AgentProcess agent = new AgentProcess.Launch(home, configuration, directory, Map.of()).start();
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> agent.answers("/livez") || !agent.isAlive());
    return agent;
  }
}
