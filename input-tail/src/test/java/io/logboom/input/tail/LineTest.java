package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of files that are not containers', and lines that are too long. */
class LineTest {
  @TempDir Path dir;
  private LogFile log;

  @BeforeEach
  void prepare() throws IOException {
    log = new LogFile(dir.resolve("logs/app.log"));
  }

  private Follower follow(String... more) {
    List<String> all = new ArrayList<>(List.of("path", dir + "/logs/*.log"));
    all.addAll(List.of(more));
    return Follower.start(dir.resolve("state"), all.toArray(String[]::new));
  }

  @Test
  void aLineIsARecordUnderTheKey() throws IOException {
    log.write("one\ntwo\r\n\nfour\n");
    Follower follower = follow("key", "message").pass();
    assertThat(follower.entries())
        .extracting(e -> e.json())
        .containsExactly(
            "{\"message\":\"one\"}",
            "{\"message\":\"two\"}",
            "{\"message\":\"\"}",
            "{\"message\":\"four\"}");
  }

  @Test
  void theLastLineOfADeletedFileCountsThoughItHasNoEnd() throws IOException {
    log.write("one\ntwo");
    Follower follower = follow().pass();
    java.nio.file.Files.delete(log.path());
    for (int i = 0; i < 4; i++) {
      follower.pass();
    }
    assertThat(follower.texts()).containsExactly("one", "two");
    assertThat(follower.value(TailMeter.FILES)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {33 * 1024, 200 * 1024, 256 * 1024, 300 * 1024, 999_000})
  void aLongLineWithinTheLimitArrivesWhole(int length) throws IOException {
    String line = "y".repeat(length);
    log.write("a\n" + line + "\nb\n" + line + "\nc\n");
    assertThat(follow().pass().texts()).containsExactly("a", line, "b", line, "c");
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000_001, 1_100_000, 3_000_000, 20_000_000})
  void aLongerLineIsCutMarkedAndCounted(int length) throws IOException {
    log.write("a\n" + "y".repeat(length) + "\nb\n");
    Follower follower = follow().pass();
    assertThat(follower.texts()).containsExactly("a", "y".repeat(1_000_000), "b");
    assertThat(follower.entries().get(1).flags() & Batch.CUT).isNotZero();
    assertThat(follower.count(TailMeter.LONG_LINES_CUT)).isEqualTo(1);
    assertThat(follower.count(TailMeter.SKIPPED_BYTES, "reason", "long_line"))
        .isEqualTo(length - 1_000_000);
    assertThat(follower.restart().pass().texts()).hasSize(3);
  }

  @Test
  void aLineLongerThanASmallLimitIsCutWithinTheSlab() throws IOException {
    log.write("a\n" + "y".repeat(50_000) + "\nb\n");
    Follower follower = follow("buffer_max_size", "32k").pass();
    assertThat(follower.texts()).containsExactly("a", "y".repeat(32_000), "b");
    assertThat(follower.count(TailMeter.LONG_LINES_CUT)).isEqualTo(1);
  }

  @Test
  void aCutLeavesNoHalfCharacter() throws IOException {
    log.write("x" + "é".repeat(1000) + "\n");
    Follower follower = follow("buffer_max_size", "1k").pass();
    assertThat(follower.texts()).containsExactly("x" + "é".repeat(499));
  }

  @Test
  void longLinesAreLeftOutWhereThatIsAsked() throws IOException {
    log.write("a\n" + "y".repeat(1_000_001) + "\n" + "z".repeat(3_000_000) + "\nb\n");
    Follower follower = follow("skip_long_lines", "on").pass();
    assertThat(follower.texts()).containsExactly("a", "b");
    assertThat(follower.count(TailMeter.LONG_LINES_SKIPPED)).isEqualTo(2);
  }

  @Test
  void aLineThatNeverEndsIsCutOnceAndStopsNothing() throws IOException {
    LogFile other = new LogFile(dir.resolve("logs/other.log"));
    Follower follower = follow();
    for (int i = 0; i < 30; i++) {
      log.write("y".repeat(100_000));
      other.write("line " + i + "\n");
      follower.pass();
    }
    assertThat(follower.texts()).hasSize(31);
    log.write("\nnext\n");
    assertThat(follower.pass().texts()).hasSize(32).endsWith("next");
  }

  @Test
  void aSlowlyWrittenLineArrivesWhole() throws IOException {
    Follower follower = follow();
    for (int i = 0; i < 40; i++) {
      log.write("y".repeat(20_000));
      follower.pass();
    }
    log.write("\n");
    assertThat(follower.pass().texts()).containsExactly("y".repeat(800_000));
  }

  @Test
  void manyShortLinesFillBatchesUpToTheirMostRecords() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      all.append(i).append('\n');
    }
    log.write(all.toString());
    assertThat(follow().pass().texts()).hasSize(30_000).doesNotHaveDuplicates();
  }

  @Test
  void aPackedFileIsReadOnce() throws IOException {
    log.write("a\nb\nc");
    Path packed = LogFile.pack(log.path());
    Follower follower = Follower.start(dir.resolve("state"), "path", packed.toString()).pass();
    follower.pass();
    follower.restart().pass();
    assertThat(follower.texts()).containsExactly("a", "b", "c");
  }

  @Test
  void aDamagedPackedFileIsGivenUpAndStopsNothing() throws IOException {
    Path packed = dir.resolve("logs/app.log.1.gz");
    java.nio.file.Files.write(packed, new byte[] {31, -117, 8, 0, 1, 2, 3});
    log.write("a\n");
    Follower follower = Follower.start(dir.resolve("state"), "path", dir + "/logs/*").pass();
    assertThat(follower.texts()).containsExactly("a");
    assertThat(follower.count(TailMeter.OPEN_FAILURES)).isPositive();
  }

  @Test
  void aBusyFileLeavesTheOthersTheirTurn() throws IOException {
    LogFile quiet = new LogFile(dir.resolve("logs/quiet.log"));
    log.write("y".repeat(99).concat("\n").repeat(40_000));
    quiet.write("q\n");
    Follower follower = follow().pass();
    assertThat(follower.texts().indexOf("q")).isLessThan(10_000);
  }
}
