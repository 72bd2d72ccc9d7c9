package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.testkit.TestIntake.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The records that lines of container logs become. */
class ContainerFormatTest {
  @TempDir Path dir;
  private LogFile log;

  @BeforeEach
  void prepare() throws IOException {
    log = new LogFile(dir.resolve("logs/0.log"));
  }

  private Follower follow(String... more) {
    List<String> all = new ArrayList<>(List.of("path", dir + "/logs/*.log"));
    all.addAll(List.of(more));
    return Follower.start(dir.resolve("state"), all.toArray(String[]::new));
  }

  private List<String> jsons(String... more) {
    return follow(more).pass().entries().stream().map(Entry::json).toList();
  }

  @Test
  void aCriLineHasLogStreamAndTimeUnderTheDockerParser() throws IOException {
    log.write("2026-11-22T06:00:00.000001234Z stderr F it \"broke\"\n");
    Follower follower = follow("parser", "docker").pass();
    Entry entry = follower.entries().getFirst();
    assertThat(entry.json())
        .isEqualTo(
            "{\"stream\":\"stderr\",\"time\":\"2026-11-22T06:00:00.000001234Z\","
                + "\"log\":\"it \\\"broke\\\"\"}");
    assertThat(entry.epochNanos()).isEqualTo(1795327200000001234L);
  }

  @Test
  void aDockerLineHasItsTextWithoutTheLineBreak() throws IOException {
    log.docker("stdout", "a\\tb \\u003c\\u00e9\\ud83d\\ude00 \\\"q\\\" \\\\n\\n");
    assertThat(jsons("parser", "docker"))
        .containsExactly(
            "{\"stream\":\"stdout\",\"time\":\"2026-11-22T06:00:00.000000000Z\","
                + "\"log\":\"a\\tb <é😀 \\\"q\\\" \\\\n\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cri", "docker, cri", "cri, docker"})
  void theMultilineParserCriKeepsTheFirstPiecesTag(String parsers) throws IOException {
    log.cri("whole").piece("stdout", "ha").last("stdout", "lf");
    assertThat(jsons("multiline.parser", parsers))
        .extracting(j -> j.replaceAll("\"time\":\"[^\"]*\",", ""))
        .containsExactly(
            "{\"stream\":\"stdout\",\"_p\":\"F\",\"log\":\"whole\"}",
            "{\"stream\":\"stdout\",\"_p\":\"P\",\"log\":\"half\"}");
  }

  @Test
  void aDockerFileHasNoTagUnderTheMultilineParsers() throws IOException {
    log.docker("stdout", "x\\n");
    assertThat(jsons("multiline.parser", "docker, cri").getFirst()).doesNotContain("_p");
  }

  @Test
  void thePlainParserCriHasFluentBitsNames() throws IOException {
    log.cri("m");
    assertThat(jsons("parser", "cri"))
        .containsExactly(
            "{\"stream\":\"stdout\",\"logtag\":\"F\","
                + "\"time\":\"2026-11-22T06:00:00.000000000Z\",\"message\":\"m\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T06:00:00Z, 1795327200000000000",
    "2026-11-22T06:00:00.5Z, 1795327200500000000",
    "2026-11-22T06:00:00.123456Z, 1795327200123456000",
    "2026-11-22T06:00:00.123456789+00:00, 1795327200123456789",
    "2026-11-22T08:00:00.123456789+02:00, 1795327200123456789",
  })
  void aStampMayHaveAnyFractionAndZone(String stamp, long nanos) throws IOException {
    log.write(stamp + " stdout F x\n");
    Entry entry = follow("parser", "cri").pass().entries().getFirst();
    assertThat(entry.epochNanos()).isEqualTo(nanos);
    assertThat(entry.json()).contains("\"time\":\"" + stamp + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {" stdout F:tag2 x", " stdout F x\r"})
  void aCriLineMayHaveMoreTagsOrACarriageReturn(String rest) throws IOException {
    log.write("2026-11-22T06:00:00.000000000Z" + rest + "\n");
    assertThat(follow("parser", "docker").pass().texts()).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {" stdout F ", " stdout F"})
  void anEmptyLineIsARecordWithEmptyText(String rest) throws IOException {
    log.write("2026-11-22T06:00:00.000000000Z" + rest + "\n");
    assertThat(follow("parser", "docker").pass().texts()).containsExactly("");
  }

  @Test
  void anEmptyLineIsLeftOutWhereThatIsAsked() throws IOException {
    log.cri("", "x");
    Follower follower = follow("parser", "docker", "skip_empty_lines", "on").pass();
    assertThat(follower.texts()).containsExactly("x");
    assertThat(follower.restart().pass().texts()).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no stamp at all, but long enough to be one of them",
        "2026-11-22T06:00:00.000000000Z stdwhat F x",
        "2026-11-22T06:00:00.000000000Z stdout X x",
        "2026-13-22T06:00:00.000000000Z stdout F x",
        "{\"log\":\"x\\n\",\"stream\":\"stdout\"",
        "{\"log\":\"x\\n\"}",
        "{\"log\":\"x",
        "{\"log\"",
        "{",
        "x",
      })
  void aLineInNoContainersFormatIsTakenInAsItIs(String line) throws IOException {
    log.cri("before").write(line + "\n").cri("after");
    Follower follower = follow("parser", "docker").pass();
    assertThat(follower.texts()).hasSize(3).startsWith("before").endsWith("after");
    assertThat(follower.entries().get(1).json())
        .startsWith("{\"log\":")
        .doesNotContain("stream\":\"std");
    assertThat(follower.count(TailMeter.UNPARSED_LINES)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"stream\":\"stdout\",\"time\":\"2026-11-22T06:00:00Z\",\"log\":\"x\\n\"}",
        "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"attrs\":{\"a\":\"}\",\"b\":[1,{\"c\":2}]},\"time\":\"2026-11-22T06:00:00Z\"}",
        "{\"log\": \"x\\n\", \"stream\": \"stdout\", \"n\": 12, \"time\": \"2026-11-22T06:00:00Z\"}",
      })
  void aDockerLineMayHaveOtherMembersAndAnyOrder(String line) throws IOException {
    log.write(line + "\n");
    assertThat(follow("parser", "docker").pass().texts()).containsExactly("x");
  }

  @Test
  void piecesAreJoinedPerStream() throws IOException {
    log.piece("stdout", "out1 ").piece("stderr", "err1 ").piece("stdout", "out2 ");
    log.last("stderr", "err2").last("stdout", "out3");
    Follower follower = follow("parser", "docker").pass();
    assertThat(follower.texts()).containsExactly("err1 err2", "out1 out2 out3");
    assertThat(follower.entries().getLast().position()).isZero();
  }

  @Test
  void dockersPiecesAreJoinedUntilALineBreak() throws IOException {
    log.docker("stdout", "a\\\"")
        .docker("stderr", "e\\n")
        .docker("stdout", "b\\\\")
        .docker("stdout", "c\\n");
    assertThat(follow("parser", "docker").pass().texts()).containsExactly("e", "a\\\"b\\\\c");
  }

  @Test
  void piecesAreJoinedOverReadsAndRotation() throws IOException {
    Follower follower = follow("parser", "docker");
    log.piece("stdout", "one ");
    follower.pass();
    log.piece("stdout", "two ");
    follower.pass();
    log.rotate();
    log.piece("stdout", "three ");
    follower.pass();
    log.rotate();
    log.last("stdout", "four").cri("next");
    assertThat(follower.pass().texts()).containsExactly("one two three four", "next");
  }

  @Test
  void piecesAreReadAgainAfterARestart() throws IOException {
    Follower follower = follow("parser", "docker");
    log.cri("a").piece("stdout", "one ").last("stderr", "e");
    follower.pass().restart().pass();
    log.last("stdout", "two").cri("b");
    follower.pass().restart().pass();
    assertThat(follower.texts().stream().distinct()).containsExactly("a", "e", "one two", "b");
    assertThat(follower.texts()).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void aRecordWhoseLastPieceNeverComesIsGivenAwayAsItIs() throws IOException {
    Follower follower = follow("parser", "docker");
    log.piece("stdout", "only ");
    follower.pass();
    assertThat(follower.value(TailMeter.PARTIAL_RECORDS)).isEqualTo(1);
    follower.pause(40);
    assertThat(follower.pass().texts()).containsExactly("only ");
    assertThat(follower.restart().pass().texts()).containsExactly("only ");
  }

  @Test
  void aRecordOfManyPiecesArrivesWhole() throws IOException {
    String piece = "x".repeat(16 * 1024);
    for (int i = 0; i < 57; i++) {
      log.piece("stdout", piece);
    }
    log.last("stdout", "end").cri("next");
    Follower follower = follow("parser", "docker").pass();
    assertThat(follower.texts()).containsExactly(piece.repeat(57) + "end", "next");
    assertThat(follower.context().testBatches().used()).isZero();
  }

  @Test
  void aRecordOfTooManyPiecesIsCutMarkedAndCounted() throws IOException {
    String piece = "x".repeat(16 * 1024);
    for (int i = 0; i < 200; i++) {
      log.piece("stdout", piece);
    }
    log.last("stdout", "end").cri("next");
    Follower follower = follow("parser", "docker").pass();
    assertThat(follower.texts()).hasSize(2).endsWith("next");
    assertThat(follower.texts().getFirst()).hasSize(1 << 20);
    assertThat(follower.entries().getFirst().flags() & Batch.CUT).isNotZero();
    assertThat(follower.count(TailMeter.MULTILINE_CUT)).isEqualTo(1);
  }

  @Test
  void aFileMayChangeItsFormat() throws IOException {
    log.cri("a").docker("stdout", "b\\n").cri("c");
    assertThat(follow("parser", "docker").pass().texts()).containsExactly("a", "b", "c");
  }

  @Test
  void offsetAndPathAreAddedWhereAsked() throws IOException {
    log.cri("a", "b");
    List<String> jsons = jsons("parser", "docker", "path_key", "file", "offset_key", "at");
    assertThat(jsons.getFirst()).contains("\"file\":\"" + log.path() + "\"", "\"at\":0");
    assertThat(jsons.getLast()).contains("\"at\":42");
  }
}
