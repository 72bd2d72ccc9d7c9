package io.logboom.it.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.it.agent.AgentProcess;
import io.logboom.testkit.cloudwatch.FakeCloudWatch;
import io.logboom.testkit.cloudwatch.FakeCloudWatch.Stored;
import io.logboom.testkit.cloudwatch.MotoServer;
import java.io.IOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudWatchIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern SEQ = Pattern.compile("seq=(\\d+)-(\\d+) ");
  private static final Duration OUTAGE = Duration.ofSeconds(4);
  private static final int PODS = 2;

  /** At full size, with -Dlogboom.soak, 250,000 lines of each pod. */
  private static final int LINES = System.getProperty("logboom.soak") == null ? 6_000 : 250_000;

  @TempDir Path directory;

  /**
   * Three days of lines with their times in no order, one of 2 MiB, one that is too old, one from
   * the future; each fifth request is throttled, and for a while each.
   */
  @Test
  void deliversABacklogThroughAThrottledService() throws Exception {
    Instant now = Instant.now();
    Path logs = Files.createDirectories(directory.resolve("logs"));
    for (int pod = 0; pod < PODS; pod++) {
      write(logs.resolve("web-" + pod + "_shop_web-0123.log"), pod, now);
    }
    AtomicInteger requests = new AtomicInteger();
    AtomicInteger throttled = new AtomicInteger();
    AtomicLong closed = new AtomicLong();
    AtomicLong lifted = new AtomicLong();
    AtomicLong resumed = new AtomicLong();
    try (FakeCloudWatch service = FakeCloudWatch.start()) {
      service.always(
          (request, line) -> {
            int n = requests.getAndIncrement();
            long time = System.nanoTime();
            if (n == 5) {
              closed.set(time);
            }
            boolean all = n >= 5 && time - closed.get() < OUTAGE.toNanos();
            if (all || n % 5 == 4) {
              throttled.incrementAndGet();
              service.error(line, 400, "ThrottlingException", "Rate exceeded");
              return;
            }
            if (n > 5 && resumed.get() == 0) {
              lifted.set(closed.get() + OUTAGE.toNanos());
              resumed.set(time);
            }
            service.accept(request, line);
          });
      AgentProcess.Launch launch =
          launch(
              service.port(),
              "gzip",
              Map.of("AWS_ACCESS_KEY_ID", FakeCloudWatch.KEY, "AWS_SECRET_ACCESS_KEY", "secret"));
      int expected = PODS * LINES + 1;
      try (AgentProcess agent = start(launch)) {
        await().atMost(PATIENCE).until(() -> service.count() >= expected || !agent.isAlive());
        assertThat(agent.isAlive()).as(agent.log()).isTrue();
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(agent.get("/metrics").body())
                        .containsPattern("cloudwatch_events_total\\{.*result=\"too_old\".*\\} 1")
                        .containsPattern("cloudwatch_events_total\\{.*result=\"too_new\".*\\} 1")
                        .containsPattern("cloudwatch_creations_total\\{.*what=\"stream\"\\} 2"));
        assertThat(launch.run(PATIENCE, "dead-letters", "list", "-c", config()).output())
            .contains("is older than CloudWatch Logs takes, 14 days")
            .contains("is more than 2 hours in the future");
      }
      assertThat(throttled.get()).isGreaterThan(2);
      assertThat(Duration.ofNanos(resumed.get() - lifted.get())).isLessThan(Duration.ofSeconds(5));
      assertEachOnce(service);
      assertThat(service.count()).isEqualTo(expected);
      assertThat(service.refused()).allMatch(r -> r.startsWith("ResourceNotFoundException"));
      assertThat(service.groups()).containsEntry("/k8s/shop", 30);
      assertThat(service.server().complaints()).isEmpty();
    }
  }

  private static void assertEachOnce(FakeCloudWatch service) {
    BitSet[] seen = new BitSet[PODS];
    for (int pod = 0; pod < PODS; pod++) {
      seen[pod] = new BitSet();
    }
    int cut = 0;
    for (Stored each : service.stored()) {
      Matcher seq = SEQ.matcher(each.message());
      if (!seq.lookingAt()) {
        assertThat(each.message()).startsWith("zzz").endsWith("zzz[Truncated...]");
        cut++;
        continue;
      }
      BitSet own = seen[Integer.parseInt(seq.group(1))];
      int n = Integer.parseInt(seq.group(2));
      assertThat(own.get(n)).as(each.message()).isFalse();
      own.set(n);
    }
    assertThat(cut).isEqualTo(1);
    for (BitSet each : seen) {
      assertThat(each.cardinality()).isEqualTo(LINES);
    }
  }

  private static void write(Path file, int pod, Instant now) throws IOException {
    Random random = new Random(pod);
    String filler = "y".repeat(200);
    try (Writer out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < LINES; i++) {
        Instant time = now.minusMillis(random.nextLong(Duration.ofDays(3).toMillis()));
        out.write(time + " stdout F seq=" + pod + "-" + i + " " + filler + "\n");
      }
      if (pod == 0) {
        for (int i = 0; i < 128; i++) {
          String piece = "z".repeat(16 << 10);
          out.write(now + " stdout " + (i == 127 ? "F " : "P ") + piece + "\n");
        }
        out.write(now.minus(Duration.ofDays(20)) + " stdout F seq=0-9999998 x\n");
        out.write(now.plus(Duration.ofHours(5)) + " stdout F seq=0-9999999 x\n");
      }
    }
  }

  /** Against moto where there is one, which verifies signatures and asks its IAM. */
  @Test
  void isLetInWithTheRightSecretOnly() throws Exception {
    Assumptions.assumeTrue(MotoServer.command().isPresent(), MotoServer.ABSENT);
    Path logs = Files.createDirectories(directory.resolve("logs"));
    Files.writeString(
        logs.resolve("web-0_shop_web-0123.log"), Instant.now() + " stdout F a line\n");
    try (MotoServer moto =
        MotoServer.start(directory, Map.of("INITIAL_NO_AUTH_ACTION_COUNT", "3"))) {
      moto.form("iam", "Action=CreateUser&Version=2010-05-08&UserName=agent");
      moto.form(
          "iam",
          "Action=PutUserPolicy&Version=2010-05-08&UserName=agent&PolicyName=logs&PolicyDocument="
              + URLEncoder.encode(
                  "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":["
                      + "\"logs:PutLogEvents\",\"logs:CreateLogStream\",\"logs:CreateLogGroup\","
                      + "\"logs:PutRetentionPolicy\"],\"Resource\":\"*\"}]}",
                  StandardCharsets.UTF_8));
      String key = moto.form("iam", "Action=CreateAccessKey&Version=2010-05-08&UserName=agent");
      String id = between(key, "AccessKeyId");
      try (AgentProcess agent = start(launch(moto.port(), "none", keys(id, "wrong")))) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(agent.log()).contains("requests are refused", "40"));
      }
      AgentProcess.Launch right =
          launch(moto.port(), "none", keys(id, between(key, "SecretAccessKey")));
      try (AgentProcess agent = start(right)) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(agent.get("/metrics").body())
                        .containsPattern("cloudwatch_events_total\\{.*result=\"accepted\".*\\} 1"));
      }
    }
  }

  private static Map<String, String> keys(String id, String secret) {
    return Map.of("AWS_ACCESS_KEY_ID", id, "AWS_SECRET_ACCESS_KEY", secret);
  }

  private static String between(String xml, String name) {
    Matcher m = Pattern.compile("<" + name + ">([^<]+)</").matcher(xml);
    assertThat(m.find()).as(xml).isTrue();
    return m.group(1);
  }

  private String config() {
    return directory.resolve("logboom.yaml").toString();
  }

  private AgentProcess.Launch launch(int port, String compress, Map<String, String> environment)
      throws IOException {
    Path configuration =
        Files.writeString(
            directory.resolve("logboom.yaml"),
            """
            service:
              flush: 0.2
              scheduler.base: 1
              state_dir: STATE
            pipeline:
              inputs:
                - name: tail
                  path: LOGS
                  tag: kube.*
                  multiline.parser: docker, cri
                  buffer_max_size: 4M
              outputs:
                - name: cloudwatch_logs
                  match: '*'
                  region: eu-central-1
                  endpoint: http://127.0.0.1:PORT
                  log_group_name: /k8s/shop
                  log_stream_prefix: pod-
                  auto_create_group: on
                  log_retention_days: 30
                  log_key: log
                  compress: COMPRESS
            """
                .replace("STATE", directory.resolve("state").toString())
                .replace("LOGS", directory.resolve("logs").resolve("*.log").toString())
                .replace("PORT", Integer.toString(port))
                .replace("COMPRESS", compress));
    Path home = Path.of(System.getProperty("logboom.root"), "agent-app/target/logboom");
    return new AgentProcess.Launch(home, configuration, directory, environment);
  }

  private static AgentProcess start(AgentProcess.Launch launch) throws Exception {
    AgentProcess agent = launch.start();
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> agent.answers("/livez") || !agent.isAlive());
    return agent;
  }
}
