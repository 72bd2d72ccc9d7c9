package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import io.logboom.it.node.Rotation;
import io.logboom.it.node.SequenceWriter;
import io.logboom.it.sink.Sequences;
import io.logboom.testkit.s3.S3ProxyServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Killed while a multipart upload is open, against a server that verifies signatures. What arrived,
 * and what is left open, is asked for with AWS's own client; the server's disk tells only when to
 * kill.
 */
class S3KillIT {
  private static final String BUCKET = "logs";
  private static final int RATE = 5_000;
  private static final int PART = 5 << 20;
  private static final Duration MOST_OPEN = Duration.ofSeconds(60);
  private static final Pattern HOUR = Pattern.compile("/(\\d{4}/\\d\\d/\\d\\d/\\d\\d)/");
  private static final Pattern IDLE =
      Pattern.compile("(?m)^logboom_s3_staged_bytes(\\{[^}]*})? 0(\\.0)?$");
  private static final Map<String, String> KEYS =
      Map.of(
          "AWS_ACCESS_KEY_ID",
          S3ProxyServer.ACCESS_KEY,
          "AWS_SECRET_ACCESS_KEY",
          S3ProxyServer.SECRET_KEY);

  @TempDir Path directory;

  private final Map<String, Sequences> known = new HashMap<>();
  private final Set<String> left = new HashSet<>();
  private AgentProcess agent;
  private int hits;

  @AfterEach
  void end() throws InterruptedException {
    if (agent != null) {
      agent.kill();
    }
  }

  @Test
  void killedInMidMultipartEachRecordIsInOneObjectAndNoUploadStaysOpen() throws Exception {
    int kills = Size.of("s3kills", 2, 50);
    try (Stand stand = new Stand(directory);
        S3ProxyServer server =
            S3ProxyServer.start(Files.createDirectories(directory.resolve("s3")));
        Bucket bucket = new Bucket(server, BUCKET)) {
      server.bucket(BUCKET);
      AgentProcess.Launch launch = launch(stand, server);
      start(launch);
      try (SequenceWriter writer =
          stand
              .writer("steady", Integer.MAX_VALUE, RATE, 200, Rotation.renaming(20_000_000, 30))
              .start()) {
        for (int kill = 0; kill < kills; kill++) {
          killInMidMultipart(server);
          start(launch);
        }
        killInMidMultipart(server);
        long lines = writer.stop();
        long last = System.nanoTime();
        start(launch);
        Stand.waiting(agent, Stand.PATIENCE)
            .pollInterval(Duration.ofMillis(500))
            .until(() -> isIdle() && records(bucket) >= lines && bucket.openUploads().isEmpty());
        Duration took = Duration.ofNanos(System.nanoTime() - last);
        assertThat(took).isLessThan(MOST_OPEN);
        verify(bucket, lines);
        assertThat(staged(stand)).as("empty disk after upload").isEmpty();
        assertThat(hits).as("kills in mid-multipart").isGreaterThan(kills / 2);
        Size.report(
            "s3, kill -9 in mid-multipart",
            "%d kills, %d of them with an upload open, %d lines, %d objects listed and read by AWS's"
                + " client: 0 lost, 0 twice, no upload open %.1f s after the last start; %d records"
                + " left out as staged before the last kill",
            kills + 1,
            hits,
            lines,
            bucket.objects().size(),
            took.toMillis() / 1e3,
            Metrics.of(agent).sum("logboom_s3_repeated_records_total"));
      }
    }
  }

  private void start(AgentProcess.Launch launch) throws IOException {
    agent = launch.start();
    Stand.waiting(agent).until(() -> agent.answers("/livez"));
  }

  private static AgentProcess.Launch launch(Stand stand, S3ProxyServer server) throws IOException {
    Setup setup =
        stand
            .setup()
            .plugin("s3", "objects")
            .with("bucket", BUCKET)
            .with("endpoint", server.endpoint())
            .with("total_file_size", "11M")
            .with("upload_chunk_size", PART)
            .with("checksum_algorithm", "sha256")
            .with("upload_timeout", "10s");
    AgentProcess.Launch usual = stand.launch(setup);
    return new AgentProcess.Launch(usual.home(), usual.configuration(), usual.directory(), KEYS);
  }

  /** Waits for an upload in parts that was not there at the kill before. */
  private void killInMidMultipart(S3ProxyServer server) throws Exception {
    long until = System.nanoTime() + Stand.PATIENCE.toNanos();
    List<String> open = server.openUploads(BUCKET);
    while (open.isEmpty() || left.containsAll(open)) {
      Stand.assertAlive(agent);
      assertThat(System.nanoTime()).as("an upload begins in time").isLessThan(until);
      LockSupport.parkNanos(1_000_000);
      open = server.openUploads(BUCKET);
    }
    agent.kill();
    left.clear();
    left.addAll(server.openUploads(BUCKET));
    hits += left.isEmpty() ? 0 : 1;
  }

  /** Whether nothing waits for its upload: S3Proxy lists also what it is writing. */
  private boolean isIdle() throws IOException, InterruptedException {
    return IDLE.matcher(agent.get("/metrics").body()).find();
  }

  /** How many records there are, the same one in two objects counted twice. */
  private long records(Bucket bucket) {
    long count = 0;
    for (String key : bucket.objects().keySet()) {
      Sequences seen = known.get(key);
      if (seen == null) {
        seen = new Sequences();
        note(bucket.get(key), seen);
        known.put(key, seen);
      }
      count += seen.distinct("steady");
    }
    return count;
  }

  private static void note(byte[] object, Sequences to) {
    text(object).lines().forEach(line -> to.note(line.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(byte[] object) {
    return new String(object, StandardCharsets.UTF_8);
  }

  private static void verify(Bucket bucket, long lines) throws Exception {
    Sequences all = new Sequences();
    for (Map.Entry<String, Long> listed : bucket.objects().entrySet()) {
      String key = listed.getKey();
      byte[] object = bucket.get(key);
      assertThat(object.length).as(key).isEqualTo(listed.getValue().intValue());
      assertThat(bucket.checksum(key)).as(key).isEqualTo(Bucket.checksum(object, PART));
      Matcher hour = HOUR.matcher(key);
      assertThat(hour.find()).as(key).isTrue();
      String date =
          "{\"date\":\"" + hour.group(1).replaceFirst("/(\\d\\d)$", "T$1").replace('/', '-');
      assertThat(text(object).lines()).as(key).allMatch(line -> line.startsWith(date));
      note(object, all);
    }
    assertThat(all.firstMissing("steady", lines)).as("the first that is missing").isEqualTo(-1);
    assertThat(all.distinct("steady")).isEqualTo(lines);
    assertThat(all.duplicates()).as("records in two objects").isZero();
    assertThat(all.unnumbered()).isZero();
  }

  private static List<String> staged(Stand stand) throws IOException {
    try (Stream<Path> files = Files.walk(stand.state().resolve("outputs/objects"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".log") || name.endsWith(".object"))
          .toList();
    }
  }
}
