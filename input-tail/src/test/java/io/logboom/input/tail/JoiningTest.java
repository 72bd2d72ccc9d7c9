package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.core.config.MultilineDefinition;
import io.logboom.testkit.TestIntake.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of several lines, in plain files and in containers' logs. */
class JoiningTest {
  private static final String[] TRACE = {
    "a.b.FirstException: no", "\tat a.b.C.d(C.java:1)", "Caused by: e.F: g", "\t... 12 more"
  };
  // As Follower.text shows it: in JSON.
  private static final String JOINED =
      "a.b.FirstException: no\\n\\tat a.b.C.d(C.java:1)\\nCaused by: e.F: g\\n\\t... 12 more";

  @TempDir Path dir;
  private LogFile log;

  @BeforeEach
  void prepare() throws IOException {
    log = new LogFile(dir.resolve("logs/0.log"));
  }

  private Follower follow(String parsers, String... more) {
    return Follower.start(dir.resolve("state"), options(parsers, more));
  }

  private String[] options(String parsers, String... more) {
    List<String> all =
        new ArrayList<>(List.of("path", dir + "/logs/*.log", "multiline.parser", parsers));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static MultilineDefinition define(String... options) {
    List<String> all = new ArrayList<>(List.of("name", "mine"));
    all.addAll(List.of(options));
    return Binder.bind(MultilineDefinition.class, all.toArray(String[]::new));
  }

  @Test
  void aTraceInAPlainFileIsOneRecord() throws IOException {
    log.write("one\n" + String.join("\n", TRACE) + "\ntwo\r\n\nthree\n");
    Follower follower = follow("java", "key", "message").pass();
    assertThat(follower.entries().getFirst().json()).isEqualTo("{\"message\":\"one\"}");
    assertThat(follower.texts()).containsExactly("one", JOINED, "two", "", "three");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:1 +0x1",
        "Traceback (most recent call last):\n  File \"x.py\", line 1, in f\n    g()\nE: x",
        "/a.rb:6:in `/': divided by 0\n  from /a.rb:6:in `b'",
      })
  void theFirstParserThatTakesALineCounts(String trace) throws IOException {
    log.write("one\n" + trace + "\ntwo\n" + String.join("\n", TRACE) + "\n");
    String json = trace.replace("\n", "\\n").replace("\t", "\\t").replace("\"", "\\\"");
    assertThat(follow("java, go, python, ruby").pass().texts())
        .containsExactly("one", json, "two", JOINED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker, java", "cri, java", "java, cri", "docker, cri, go, java"})
  void linesOfAContainerAreJoinedPerStream(String parsers) throws IOException {
    for (String line : TRACE) {
      log.last("stdout", line).last("stderr", line.replace("First", "Second"));
    }
    log.last("stderr", "end");
    Follower follower = follow(parsers).pass();
    assertThat(follower.texts())
        .containsExactlyInAnyOrder(JOINED, JOINED.replace("First", "Second"), "end");
    Entry out = of(follower, "First");
    assertThat(out.json()).contains("\"stream\":\"stdout\"", ".000000000Z");
    assertThat(out.epochNanos()).isEqualTo(1795327200000000000L);
    assertThat(of(follower, "Second").json()).contains("\"stream\":\"stderr\"", ".000000001Z");
  }

  private static Entry of(Follower follower, String word) {
    return follower.entries().stream().filter(e -> e.json().contains(word)).findFirst().get();
  }

  @Test
  void dockersEscapesAreReadBeforeALineIsLookedAt() throws IOException {
    log.docker("stdout", "a.b.FirstException: \\u00e9\\n")
        .docker("stderr", "other\\n")
        .docker("stdout", "\\tat \\\"x\\\"\\n")
        .docker("stdout", "end\\n");
    assertThat(follow("docker, java").pass().texts())
        .containsExactly("other", "a.b.FirstException: é\\n\\tat \\\"x\\\"", "end");
  }

  @Test
  void piecesAreJoinedToLinesBeforeLinesAreJoined() throws IOException {
    log.piece("stdout", "a.b.First").piece("stderr", "err ");
    log.last("stdout", "Exception: no").piece("stdout", "\tat a.b").last("stdout", ".C");
    log.last("stderr", "or").piece("stdout", "e").last("stdout", "nd");
    Follower follower = follow("cri, java").pass();
    assertThat(follower.texts())
        .containsExactly("err or", "a.b.FirstException: no\\n\\tat a.b.C", "end");
    assertThat(of(follower, "First").json()).contains("\"_p\":\"P\"", ".000000000Z");
  }

  @Test
  void dockersPiecesWithEscapesAreJoinedToLines() throws IOException {
    log.docker("stdout", "a.b.FirstException: no\\n")
        .docker("stdout", "\\ta")
        .docker("stdout", "t \\\"x\\\"\\n")
        .docker("stdout", "end\\n");
    assertThat(follow("docker, java").pass().texts())
        .containsExactly("a.b.FirstException: no\\n\\tat \\\"x\\\"", "end");
  }

  @Test
  void theLastRecordLeavesWithinTwoSecondsAfterItsLastLine() throws IOException {
    Follower follower = follow("java");
    follower.step(0);
    for (String line : TRACE) {
      log.write(line + "\n");
      for (int i = 0; i < 10; i++) {
        follower.step(50);
        assertThat(follower.texts()).isEmpty();
      }
    }
    assertThat(follower.value(TailMeter.PARTIAL_RECORDS)).isEqualTo(1);
    for (int i = 0; i < 30; i++) {
      follower.step(50);
    }
    assertThat(follower.texts()).containsExactly(JOINED);
    assertThat(follower.value(TailMeter.PARTIAL_RECORDS)).isZero();
    assertThat(follower.context().testBatches().used()).isZero();
  }

  @Test
  void anAgentThatIsLateDoesNotTakeATraceApart() throws IOException {
    Follower follower = follow("java");
    log.write(TRACE[0] + "\n");
    follower.step(0).step(10);
    log.write(TRACE[1] + "\n" + TRACE[2] + "\n" + TRACE[3] + "\n");
    assertThat(follower.step(60_000).step(2_000).step(500).texts()).containsExactly(JOINED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTraceSurvivesRotationAndRestart(boolean killed) throws IOException {
    Follower follower = follow("cri, java");
    log.cri("before", TRACE[0]);
    follower.step(0).step(200);
    follower.checkpoint();
    follower = killed ? follower.crash() : follower.restart();
    follower.step(0).step(50);
    log.rotate();
    log.cri(TRACE[1]);
    follower.step(50).step(50).step(50);
    follower.checkpoint();
    follower = killed ? follower.crash() : follower.restart();
    follower.step(0).step(50);
    log.cri(TRACE[2], TRACE[3], "after");
    follower.pass();
    assertThat(new HashSet<>(follower.texts()))
        .containsExactlyInAnyOrder("before", JOINED, "after");
    follower.stop();
    assertThat(follower.context().testBatches().used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheOtherStreamHadDeliveredIsNotReadAgain(boolean killed) throws IOException {
    Follower follower = follow("docker, java");
    log.last("stderr", TRACE[0]).last("stdout", TRACE[0]);
    log.last("stderr", TRACE[1]).last("stderr", "end").last("stdout", TRACE[1]);
    log.piece("stderr", "one ");
    follower.step(0).step(200).step(200);
    follower.checkpoint();
    follower = killed ? follower.crash() : follower.restart();
    follower.step(0).step(200).step(200);
    follower.checkpoint();
    follower = killed ? follower.crash() : follower.restart();
    log.last("stderr", "two").last("stdout", "end");
    String joined = TRACE[0] + "\\n\\tat a.b.C.d(C.java:1)";
    assertThat(follower.pass().texts())
        .containsExactlyInAnyOrder(joined, "end", joined, "one two", "end");
  }

  @Test
  void piecesOfTheOtherStreamThatWereDeliveredAreNotReadAgain() throws IOException {
    Follower follower = follow("docker");
    log.piece("stderr", "one ").piece("stdout", "a ").last("stderr", "two");
    follower.pass();
    follower = follower.restart().pass();
    log.last("stdout", "b");
    assertThat(follower.pass().texts()).containsExactly("one two", "a b");
  }

  @Test
  void piecesInTwoFilesAreReadAgainFromTheStartOfTheirLines() throws IOException {
    Follower follower = follow("cri");
    log.cri("before").piece("stdout", "one ");
    follower.pass();
    log.rotate();
    log.piece("stdout", "two ");
    follower.pass().checkpoint();
    follower = follower.crash().pass();
    log.last("stdout", "three");
    assertThat(new HashSet<>(follower.pass().texts()))
        .containsExactlyInAnyOrder("before", "one two three");
  }

  @Test
  void aRecordThatWasNotDeliveredComesAgainWhole() throws IOException {
    Follower follower = Follower.holding(dir.resolve("state"), options("java"));
    log.write(TRACE[0] + "\n");
    follower.step(0).step(200);
    log.write(TRACE[1] + "\n" + TRACE[2] + "\n" + TRACE[3] + "\n");
    follower.step(50).step(2_000).step(500);
    assertThat(follower.texts()).containsExactly(JOINED);
    follower.intake().settle(Settlement.AGAIN);
    for (int i = 0; i < 8; i++) {
      follower.step(500);
    }
    assertThat(follower.texts()).containsExactly(JOINED, JOINED);
  }

  @Test
  void aRecordThatHasMoreLinesWhenItIsReadAgainIsAnother() throws IOException {
    Follower follower = follow("java");
    log.write(TRACE[0] + "\n" + TRACE[1] + "\n");
    follower.step(0).step(2_000).step(500);
    follower.kill();
    log.write(TRACE[2] + "\n" + TRACE[3] + "\nend\n");
    Follower next = follow("java").pass();
    assertThat(follower.entries().getFirst().position())
        .isNotEqualTo(next.entries().getFirst().position());
  }

  @Test
  void aRecordOfTooManyBytesIsSentInPartsMarkedAndCounted() throws IOException {
    String frame = "\tat " + "z".repeat(9_995);
    log.write(TRACE[0] + "\n" + (frame + "\n").repeat(450) + "end\n");
    Follower follower = follow("java").pass();
    List<String> texts = follower.texts();
    assertThat(texts.getFirst()).startsWith(TRACE[0] + "\\n\\tat z").hasSizeLessThan(2_010_000);
    assertThat(texts).endsWith("end");
    assertThat(String.join("", texts).chars().filter(c -> c == 'z').count())
        .isEqualTo(450L * 9_995);
    assertThat(follower.entries().getFirst().flags() & Batch.CUT).isNotZero();
    assertThat(follower.count(TailMeter.MULTILINE_CUT)).isEqualTo(1);
    assertThat(follower.context().testBatches().used()).isZero();
  }

  @Test
  void aRecordOfTooManyLinesIsSentInParts() throws IOException {
    log.write(TRACE[0] + "\n" + "\tat z\n".repeat(20_000) + "end\n");
    Follower follower = follow("java").pass();
    assertThat(String.join("", follower.texts()).chars().filter(c -> c == 'z').count())
        .isEqualTo(20_000);
    assertThat(follower.count(TailMeter.MULTILINE_CUT)).isEqualTo(1);
  }

  @Test
  void aLongLineOfARecordIsCutOrLeftOut() throws IOException {
    log.write(TRACE[0] + "\n\tat " + "x".repeat(5_000) + "\n\tat y\nend\n");
    assertThat(follow("java", "buffer_max_size", "1k").pass().texts())
        .containsExactly(TRACE[0] + "\\n\\tat " + "x".repeat(996) + "\\n\\tat y", "end");
    Follower skipping =
        Follower.start(
            dir.resolve("other"),
            options("java", "buffer_max_size", "1k", "skip_long_lines", "on"));
    assertThat(skipping.pass().texts()).containsExactly(TRACE[0] + "\\n\\tat y", "end");
    assertThat(skipping.count(TailMeter.LONG_LINES_SKIPPED)).isEqualTo(1);
  }

  @Test
  void linesThatATruncationTookAreCounted() throws IOException {
    Follower follower = follow("java");
    log.write("one\n" + TRACE[0] + "\n");
    follower.step(0).step(200);
    log.truncate();
    log.write("two\n");
    follower.pass();
    assertThat(follower.texts()).containsExactly("one", "two");
    assertThat(follower.count(TailMeter.SKIPPED_BYTES, "reason", "truncated"))
        .isEqualTo(TRACE[0].length());
  }

  @Test
  void aParserOfTheConfigurationJoinsWhatItSays() throws IOException {
    MultilineDefinition mine =
        define(
            "type", "regex",
            "flush_timeout", "5000",
            "rule", "\"start_state\" \"/^\\[/\" \"cont\"",
            "rule", "\"cont\" \"/^[^\\[]/\" \"cont\"");
    Follower follower = Follower.joining(dir.resolve("state"), List.of(mine), options("mine"));
    log.write("[1] a\nb\nc\n[2] d\ne\n");
    follower.step(0).step(1_000).step(3_500);
    assertThat(follower.texts()).containsExactly("[1] a\\nb\\nc");
    follower.step(1_000).step(500);
    assertThat(follower.texts()).containsExactly("[1] a\\nb\\nc", "[2] d\\ne");
  }

  @Test
  void aParserForTheEndJoinsPiecesWithoutABreak() throws IOException {
    MultilineDefinition mine =
        define(
            "type",
            "endswith",
            "match_string",
            "\\",
            "negate",
            "on",
            "key_content",
            "log",
            "key_group",
            "stream");
    log.cri("a\\", "b\\", "c", "d");
    Follower follower = Follower.joining(dir.resolve("state"), List.of(mine), options("cri, mine"));
    assertThat(follower.pass().texts()).containsExactly("a\\\\b\\\\c", "d");
  }

  @ParameterizedTest
  @CsvSource({
    "parser, docker, 'docker, mine'",
    "key_content, message, 'docker, mine'",
    "key_pattern, level, 'docker, mine'",
    "key_group, container, 'docker, mine'",
    "key_group, stream, mine",
  })
  void whatAParserWantsAndCannotHaveIsRefused(String option, String value, String parsers) {
    MultilineDefinition mine = define("type", "equal", "match_string", "x", option, value);
    assertThatThrownBy(
            () -> Follower.joining(dir.resolve("state"), List.of(mine), options(parsers)))
        .rootCause()
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith(
            "multiline.parser mine: its %s '%s' cannot be used by a tail input", option, value);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void twoHundredStreamsKeepTheirTracesApart(int seed) throws IOException {
    Random random = new Random(seed);
    List<Container> containers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      containers.add(new Container(i, new LogFile(dir.resolve("logs/c" + i + ".log"))));
    }
    Follower follower =
        Follower.small(dir.resolve("state"), 16 * 1024, options("docker, cri, java"));
    for (int step = 0; step < 180; step++) {
      for (Container each : containers) {
        each.go(random);
      }
      follower.step(100);
      if (step % 60 == 59) {
        follower.checkpoint();
        follower = follower.restart().step(0);
      }
    }
    for (Container each : containers) {
      each.finish();
    }
    follower.pass().pass();
    List<String> texts = follower.texts();
    Set<String> expected = new HashSet<>();
    containers.forEach(each -> expected.addAll(each.records));
    assertThat(texts.stream().filter(each -> !expected.contains(each))).isEmpty();
    assertThat(texts).containsAll(expected).doesNotHaveDuplicates();
    follower.stop();
    assertThat(follower.context().testBatches().used()).isZero();
  }

  /** Writes traces of 60 lines to both streams of a file that is rotated. */
  private static final class Container {
    private static final int LINES = 60;

    private final int number;
    private final LogFile log;
    private final int[] line = new int[2];
    private final int[] trace = new int[2];
    private final List<String> records = new ArrayList<>();

    Container(int number, LogFile log) {
      this.number = number;
      this.log = log;
    }

    void go(Random random) throws IOException {
      int stream = random.nextInt(2);
      for (int i = random.nextInt(5); i >= 0; i--) {
        line(stream);
        if (random.nextInt(4) == 0) {
          line(1 - stream);
        }
      }
      if (random.nextInt(200) == 0) {
        log.rotate();
      }
    }

    private void line(int stream) throws IOException {
      String name = number + "-" + stream + "-" + trace[stream];
      String text =
          line[stream] == 0
              ? "x.Exception: " + name
              : "\tat " + name + "." + line[stream] + "(C.java)";
      log.last(stream == 0 ? "stdout" : "stderr", text);
      if (++line[stream] == LINES) {
        StringBuilder record = new StringBuilder("x.Exception: " + name);
        for (int i = 1; i < LINES; i++) {
          record.append("\\n\\tat ").append(name).append('.').append(i).append("(C.java)");
        }
        records.add(record.toString());
        line[stream] = 0;
        trace[stream]++;
      }
    }

    void finish() throws IOException {
      for (int stream = 0; stream < 2; stream++) {
        while (line[stream] != 0) {
          line(stream);
        }
      }
    }
  }

  /** Traces that never end, in so many files that what waits is too much over all of them. */
  @Test
  void givesAwayTheOldestWhereTooMuchWaitsOverAllStreams() throws IOException {
    int files = 40;
    int lines = 2000;
    String frames = "\tat a.b.C.d(C.java:1)\n".repeat(lines);
    for (int i = 0; i < files; i++) {
      new LogFile(dir.resolve("logs/" + i + ".log"))
          .write("a.b.E" + i + "Exception: no\n" + frames);
    }
    Follower follower = follow("java");
    follower.step(60);
    int away = (int) follower.count(TailMeter.MULTILINE_GIVEN_AWAY);
    assertThat(away).isEqualTo(files - Waiting.MOST_PIECES / (lines + 1));
    assertThat(follower.value(TailMeter.PARTIAL_RECORDS)).isEqualTo(files - away);
    follower.pause(5);
    follower.pass();
    // A record that is given away before its last line was read has the rest come line by line.
    List<String> logs = follower.entries().stream().map(Entry::json).toList();
    assertThat(logs).filteredOn(log -> log.contains("Exception: no")).hasSize(files);
    assertThat(logs.stream().mapToInt(log -> log.split("C.java:1", -1).length - 1).sum())
        .isEqualTo(files * lines);
    long cut = follower.entries().stream().filter(e -> (e.flags() & Batch.CUT) != 0).count();
    assertThat(cut).isEqualTo(away);
  }
}
