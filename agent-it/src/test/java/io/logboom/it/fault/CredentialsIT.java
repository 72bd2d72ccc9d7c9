package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Container;
import io.logboom.it.node.LogFormat;
import io.logboom.it.node.Node;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.testkit.aws.FakeAws;
import io.logboom.testkit.elasticsearch.FakeElasticsearch;
import io.logboom.testkit.elasticsearch.FakeElasticsearch.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five outputs of one service account (IRSA), whose sessions are short and whose token is replaced
 * all the time; a service that calls a session expired before its end; an outage of the token
 * service.
 */
class CredentialsIT {
  private static final Pattern SEQ = Pattern.compile("seq=web-(\\d+)");
  private static final int OUTPUTS = 5;
  private static final int RATE = 40;

  private static final Duration SESSION = Size.seconds("credentials.session", 6, 60);
  private static final int SECONDS = Size.of("credentials.seconds", 18, 600);
  private static final Duration PATIENCE = SESSION.plusSeconds(60);

  /** How soon after a refusal records must be on their way again. */
  private static final Duration SOON = Duration.ofSeconds(5);

  private final CountDownLatch over = new CountDownLatch(1);

  @TempDir Path directory;

  @Test
  void losesNothingAndAsksOnceForAllOutputs() throws Exception {
    Node node = new Node(directory.resolve("node"));
    Path token = directory.resolve("token");
    int lines = RATE * SECONDS;
    try (FakeAws aws = FakeAws.start().life(SESSION);
        FakeElasticsearch search = FakeElasticsearch.start()) {
      search.guard(aws);
      Thread rotation = rotate(aws, token);
      try (AgentProcess agent = agent(node, search.port(), aws.url(), token);
          SequenceWriter writer =
              new SequenceWriter(
                  node.start(
                      Container.of("shop", "web-7d9c5b6f4-abcde", "web"),
                      LogFormat.CRI,
                      Rotation.NONE),
                  "web",
                  lines,
                  RATE,
                  100)) {
        Instant begun = Instant.now();
        writer.start();
        await().atMost(PATIENCE).until(() -> aws.calls().size() >= 2);
        assertThat(search.turnedAway()).as("refusals before any fault").isZero();

        Duration resent = force(aws, search);
        assertThat(resent).isLessThan(SOON);
        int refusals = search.turnedAway();
        assertThat(refusals).isBetween(1, 2 * OUTPUTS);

        outage(aws);
        await()
            .atMost(PATIENCE.plusSeconds(SECONDS))
            .until(() -> search.documents().size() >= lines * OUTPUTS);
        assertThat(search.turnedAway()).as("refusals in the outage").isEqualTo(refusals);
        Duration took = Duration.between(begun, Instant.now());

        assertEachOnce(search, lines);
        await().atMost(PATIENCE).untilAsserted(() -> assertOneCallARefresh(agent, aws, took));
        assertThat(agent.log()).doesNotContain("token+/=").doesNotContain("secret/");
        Size.report(
            "Credentials",
            "%d lines to %d outputs in %d s, sessions of %d s: 0 lost, %d calls for sessions, %d"
                + " that failed in an outage of %d s, %d requests refused when a session was ended,"
                + " the next one taken %d ms later",
            lines,
            OUTPUTS,
            took.toSeconds(),
            SESSION.toSeconds(),
            aws.calls().size(),
            aws.failed(),
            SESSION.dividedBy(3).toSeconds(),
            refusals,
            resent.toMillis());
      } finally {
        over.countDown();
        rotation.join();
      }
      assertThat(search.server().complaints()).isEmpty();
    }
  }

  /** Replaces the token twice in each session's life; the one before is good a little longer. */
  private Thread rotate(FakeAws aws, Path token) throws IOException {
    Files.writeString(token, "web-token-0");
    aws.tokens("web-token-0");
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int n = 1; !over.await(SESSION.toMillis() / 2, TimeUnit.MILLISECONDS); n++) {
                  aws.tokens("web-token-" + n, "web-token-" + (n - 1));
                  Path next = Files.writeString(directory.resolve("token.new"), "web-token-" + n);
                  Files.move(next, token, StandardCopyOption.ATOMIC_MOVE);
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  /** Ends the session in use, and tells how soon records arrive again. */
  private static Duration force(FakeAws aws, FakeElasticsearch search) {
    int calls = aws.calls().size();
    aws.expireAll();
    Instant ended = Instant.now();
    await().atMost(PATIENCE).until(() -> aws.calls().size() > calls);
    int documents = search.documents().size();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(PATIENCE)
        .until(() -> search.documents().size() > documents);
    return Duration.between(ended, Instant.now());
  }

  /** A third of a session's life without a token service, over the time of a renewal. */
  private void outage(FakeAws aws) throws InterruptedException {
    int calls = aws.calls().size();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(PATIENCE)
        .until(() -> aws.calls().size() > calls);
    int failed = aws.failed();
    assertThat(over.await(SESSION.toMillis() * 45 / 100, TimeUnit.MILLISECONDS)).isFalse();
    aws.outage(true);
    assertThat(over.await(SESSION.toMillis() / 3, TimeUnit.MILLISECONDS)).isFalse();
    aws.outage(false);
    assertThat(aws.failed()).as("calls in the outage").isGreaterThan(failed);
  }

  private static void assertEachOnce(FakeElasticsearch search, int lines) {
    Map<String, BitSet> arrived = new HashMap<>();
    for (Document each : search.documents()) {
      JsonNode log = each.source().path("log");
      Matcher seq = SEQ.matcher(log.asText());
      assertThat(seq.find()).as(log.asText()).isTrue();
      BitSet seen = arrived.computeIfAbsent(each.index(), _ -> new BitSet());
      int number = Integer.parseInt(seq.group(1));
      assertThat(seen.get(number)).as("%s twice in %s", number, each.index()).isFalse();
      seen.set(number);
    }
    assertThat(arrived).hasSize(OUTPUTS);
    assertThat(arrived.values()).allMatch(seen -> seen.cardinality() == lines);
  }

  private static void assertOneCallARefresh(AgentProcess agent, FakeAws aws, Duration took)
      throws Exception {
    int calls = aws.calls().size();
    Metrics metrics = Metrics.of(agent);
    for (int i = 0; i < OUTPUTS; i++) {
      String name = "name=\"es." + i + '"';
      assertThat(metrics.sum("logboom_aws_credentials_refreshes_total", name))
          .isBetween(calls - 1L, (long) calls);
      assertThat(metrics.sum("logboom_aws_credentials_failures_total", name)).isPositive();
      assertThat(metrics.sum("logboom_aws_credentials_left_seconds", name))
          .isBetween(1L, SESSION.toSeconds());
    }
    // One for each time that a session's life is half over, less a tenth, and the forced one.
    assertThat((double) calls).isLessThan(took.toMillis() / (SESSION.toMillis() * 0.45) + 3);
  }

  private AgentProcess agent(Node node, int port, String sts, Path token) throws Exception {
    StringBuilder text =
        new StringBuilder(
            """
            service:
              flush: 0.1
              log_level: debug
              scheduler.base: 0.2
              scheduler.cap: 1
              state_dir: STATE
            pipeline:
              inputs:
                - name: tail
                  path: LOGS
                  tag: kube.*
                  multiline.parser: docker, cri
              outputs:
            """);
    for (int i = 0; i < OUTPUTS; i++) {
      text.append(
          """
              - name: es
                match: '*'
                host: 127.0.0.1
                port: PORT
                index: logs-NUMBER
                workers: 1
                aws_auth: true
                aws_sts_endpoint: STS
          """
              .replace("NUMBER", Integer.toString(i)));
    }
    Path configuration =
        Files.writeString(
            directory.resolve("logboom.yaml"),
            text.toString()
                .replace("STATE", directory.resolve("state").toString())
                .replace("LOGS", node.containers().resolve("*.log").toString())
                .replace("PORT", Integer.toString(port))
                .replace("STS", sts));
    Map<String, String> environment =
        Map.of(
            "AWS_REGION", "eu-west-1",
            "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/logs",
            "AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(),
            "AWS_EC2_METADATA_DISABLED", "true",
            "AWS_CONFIG_FILE", "none",
            "AWS_SHARED_CREDENTIALS_FILE", "none");
    Path home = Path.of(System.getProperty("logboom.root"), "agent-app/target/logboom");
    AgentProcess agent =
        new AgentProcess.Launch(home, configuration, directory, environment).start();
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> agent.answers("/livez") || !agent.isAlive());
    assertThat(agent.isAlive()).as(agent.log()).isTrue();
    return agent;
  }
}
