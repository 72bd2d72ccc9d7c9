package io.logboom.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.disk.LocalDisk;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import io.logboom.core.deadletter.DeadLetters;
import io.logboom.core.deadletter.Replay;
import io.logboom.core.deadletter.ReplayMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeadLettersCommandTest {
  @TempDir Path state;
  private final Names names = new Names();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    out.reset();
    err.reset();
    Console console =
        new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    List<String> line = new ArrayList<>(List.of("dead-letters"));
    line.addAll(List.of(words));
    if (line.stream().noneMatch(word -> word.equals("-c"))) {
      line.addAll(List.of("--state-dir", state.toString()));
    }
    return new Program(console, Environment.standard()).run(line);
  }

  private String out() {
    return out.toString(UTF_8);
  }

  private String err() {
    return err.toString(UTF_8);
  }

  private DeadLetters agent() throws IOException {
    return DeadLetters.open(
        state.resolve("dead-letters"),
        new LocalDisk(),
        1 << 20,
        new BatchCodec(names, Compression.NONE),
        InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z")));
  }

  private void put(DeadLetters letters, String output, String line, String why) throws IOException {
    Batch batch = new Batch((bytes, _, atLeast) -> Arrays.copyOf(bytes, atLeast), new byte[0], 1);
    Origin origin =
        Origin.builder(names, "kube.web")
            .source("/var/log/containers/web.log")
            .sourceId("1:2")
            .base(Fragment.builder(names).string("stream", "stdout").build())
            .build();
    byte[] bytes = line.getBytes(UTF_8);
    int at = batch.append(bytes, 0, bytes.length);
    batch.add(batch.origin(origin), at, bytes.length, 1_700_000_000_000_000_000L, 4711);
    BitSet first = new BitSet();
    first.set(0);
    letters.put(output, batch, first, _ -> why);
  }

  private void threeLetters() throws IOException {
    try (DeadLetters letters = agent()) {
      put(letters, "es.0", "one", "400: mapper_parsing_exception");
      put(letters, "es.0", "two", "413:\ntoo large");
      put(letters, "loki.0", "thr\"ee", "400: out of order");
    }
  }

  @Test
  void listsAllThatIsKnownButTheRecord() throws IOException {
    threeLetters();
    assertThat(run("list")).as(this::err).isZero();
    assertThat(out().lines())
        .containsExactly(
            "id  time                  output  tag       source                       position"
                + "  bytes  reason",
            "1   2026-11-22T10:00:00Z  es.0    kube.web  /var/log/containers/web.log  4711    "
                + "  3      400: mapper_parsing_exception",
            "2   2026-11-22T10:00:00Z  es.0    kube.web  /var/log/containers/web.log  4711    "
                + "  3      413: too large",
            "3   2026-11-22T10:00:00Z  loki.0  kube.web  /var/log/containers/web.log  4711    "
                + "  6      400: out of order");
  }

  @Test
  void listsForPrograms() throws IOException {
    threeLetters();
    assertThat(run("list", "--json", "--output", "loki.0")).isZero();
    assertThat(out())
        .isEqualTo(
            "{\"id\":3,\"time\":\"2026-11-22T10:00:00Z\",\"output\":\"loki.0\","
                + "\"reason\":\"400: out of order\",\"tag\":\"kube.web\","
                + "\"source\":\"/var/log/containers/web.log\",\"source_id\":\"1:2\","
                + "\"position\":4711,\"bytes\":6,\"record_time\":\"2023-11-14T22:13:20Z\"}\n");
  }

  @Test
  void showsTheRecordItself() throws IOException {
    threeLetters();
    assertThat(run("show", "--id", "3")).isZero();
    assertThat(out())
        .contains("dead letter 3\n", "  reason      400: out of order\n")
        .endsWith("  record      {\"stream\":\"stdout\",\"log\":\"thr\\\"ee\"}\n");
    assertThat(run("show", "--json", "--id", "1,3")).isZero();
    assertThat(out().lines())
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).contains(",\"record\":{\"stream\":\"stdout\",\"log\":"));
  }

  @Test
  void choosesByWhatHoldsAllTogether() throws IOException {
    threeLetters();
    assertThat(run("list", "--json", "--output", "es.0", "--reason", "400")).isZero();
    assertThat(out().lines()).singleElement().asString().startsWith("{\"id\":1,");
    assertThat(run("list", "--json", "--id", "2-3")).isZero();
    assertThat(out().lines()).hasSize(2);
  }

  @Test
  void dropsAtOnceWhereNoAgentRuns() throws IOException {
    threeLetters();
    assertThat(run("drop", "--id", "1", "3")).as(this::err).isZero();
    assertThat(out()).isEqualTo("2 dead letters: dropped\n");
    assertThat(run("list", "--json")).isZero();
    assertThat(out().lines()).singleElement().asString().startsWith("{\"id\":2,");
    assertThat(run("drop", "--all")).isZero();
    assertThat(run("drop", "--all")).isZero();
    assertThat(out()).isEqualTo("0 dead letters: nothing to do\n");
  }

  @Test
  void asksARunningAgentToDrop() throws IOException {
    threeLetters();
    try (DeadLetters letters = agent()) {
      letters.start(() -> Set.of("es.0"));
      assertThat(run("drop", "--output", "es.0")).isZero();
      assertThat(out()).isEqualTo("2 dead letters: the running agent is asked to drop\n");
      await().untilAsserted(() -> assertThat(letters.usage().letters()).isEqualTo(1));
    }
  }

  @Test
  void aReplayWaitsForAnAgentAndOneThatRunsBeginsIt() throws IOException {
    threeLetters();
    assertThat(run("replay", "--id", "1")).isZero();
    assertThat(out())
        .isEqualTo(
            "1 dead letter: no agent with storage.keep.rejected on runs here; sent again when one"
                + " starts\n");
    try (DeadLetters letters = agent()) {
      assertThat(run("replay", "--id", "2")).isZero();
      assertThat(out()).isEqualTo("1 dead letter: the running agent is asked to send again\n");
      letters.look(Set.of("es.0", "loki.0"));
      Set<Long> ids = Set.of(next(letters).id(), next(letters).id());
      assertThat(ids).containsExactlyInAnyOrder(1L, 2L);
      assertThat(letters.usage().letters()).isEqualTo(3);
    }
  }

  private static Replay next(DeadLetters letters) {
    Replay replay =
        letters.nextReplay(
            "es.0",
            new ReplayMemory() {
              @Override
              public Batch open(int bytes) {
                return new Batch(
                    (old, _, atLeast) -> Arrays.copyOf(old, atLeast), new byte[bytes], 1);
              }

              @Override
              public void release(Batch batch) {
                batch.clear();
              }
            });
    assertThat(replay).isNotNull();
    return replay;
  }

  @Test
  void findsThePlaceInTheConfiguration() throws IOException {
    threeLetters();
    Path config =
        Files.writeString(
            state.resolve("agent.yaml"),
            """
            service:
              state_dir: %s
            pipeline:
              inputs:
                - name: tail
                  path: /x/*.log
                  tag: x
              outputs:
                - name: stdout
                  match: '*'
            """
                .replace("%s", state.toString()));
    assertThat(run("list", "--json", "-c", config.toString())).as(this::err).isZero();
    assertThat(out().lines()).hasSize(3);
    String yaml = Files.readString(config);
    Files.writeString(config, yaml.replace("pipeline:", "  storage.keep.rejected: off\npipeline:"));
    assertThat(run("replay", "--all", "-c", config.toString())).isEqualTo(2);
    assertThat(err()).contains("storage.keep.rejected is off in this configuration");
    assertThat(state.resolve("dead-letters").toFile().list((_, name) -> name.contains("request")))
        .as("nobody would ever take it up")
        .isEmpty();
    assertThat(run("drop", "--id", "1", "-c", config.toString())).as(this::err).isZero();
    assertThat(out()).isEqualTo("1 dead letter: dropped\n");
    Files.writeString(config, "pipeline: 7\n");
    assertThat(run("list", "-c", config.toString())).isEqualTo(2);
    assertThat(err()).contains("agent.yaml:1:").contains("the configuration has errors");
  }

  @Test
  void saysWhatIsWrongWithTheCommandLine() throws IOException {
    assertThat(run("list")).isEqualTo(2);
    assertThat(err()).contains("there is no directory");
    threeLetters();
    assertThat(run("drop")).isEqualTo(2);
    assertThat(err()).contains("say which ones: --id, --output, --reason, or --all");
    assertThat(run("drop", "--all", "--id", "1")).isEqualTo(2);
    assertThat(run("drop", "--id", "one")).isEqualTo(2);
    assertThat(err()).contains("'one' is no number of a letter");
    assertThat(run("burn")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void aNumberThatIsNotThereIsNamedAndNothingHappens() throws IOException {
    threeLetters();
    assertThat(run("drop", "--id", "2,7")).isEqualTo(1);
    assertThat(err()).isEqualTo("logboom: there is no dead letter 7\n");
    assertThat(run("show", "--id", "7")).isEqualTo(1);
    assertThat(run("list", "--json")).isZero();
    assertThat(out().lines()).hasSize(3);
  }
}
