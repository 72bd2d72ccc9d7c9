package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files that were deleted before they were read may hold of the disk, and what is shed. */
class DeletedFilesTest {
  private static final int LINES = 500;

  @TempDir Path dir;
  private LogFile noisy;
  private LogFile quiet;
  private long fileBytes;

  @BeforeEach
  void prepare() throws IOException {
    noisy = new LogFile(dir.resolve("pods/noisy/0.log"));
    quiet = new LogFile(dir.resolve("pods/quiet/0.log"));
    noisy.write("");
    quiet.write("");
  }

  private Follower start(String limit) {
    return Follower.start(
        dir.resolve("state"),
        "path",
        dir + "/pods/*/0.log",
        "parser",
        "cri",
        "deleted_files_limit",
        limit);
  }

  /** Fills a log and rotates it, while the watcher looks and the reader does not come to it. */
  private Path fillAndRotate(Follower follower, LogFile log, String word) throws IOException {
    log.cri(texts(word).toArray(String[]::new));
    fileBytes = Files.size(log.path());
    follower.look();
    Path rotated = log.rotate();
    log.write("");
    follower.look();
    return rotated;
  }

  private static List<String> texts(String word) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      texts.add(word + "-" + i);
    }
    return texts;
  }

  private static void lookLater(Follower follower) {
    follower.pause(2);
    follower.look();
  }

  @Test
  void givesUpTheOldestFileOfTheNoisiestContainerAndCountsIt() throws IOException {
    Follower follower = start("60k");
    List<Path> rotated = new ArrayList<>();
    rotated.add(fillAndRotate(follower, quiet, "q"));
    for (String word : List.of("a", "b", "c")) {
      rotated.add(fillAndRotate(follower, noisy, word));
    }
    for (Path each : rotated) {
      Files.delete(each);
    }
    lookLater(follower);
    assertThat(follower.value(TailMeter.DELETED_FILES)).isEqualTo(2);
    assertThat(follower.value(TailMeter.DELETED_BYTES)).isLessThanOrEqualTo(60 << 10);
    follower.pass();
    assertThat(follower.texts()).containsExactlyInAnyOrderElementsOf(all("q", "c"));
    String path = noisy.path().toString();
    assertThat(follower.count(TailMeter.SHED_LINES, "path", path)).isEqualTo(2 * LINES);
    assertThat(follower.count(TailMeter.SHED_BYTES, "path", path)).isEqualTo(2 * fileBytes);
    assertThat(follower.count(TailMeter.SKIPPED_BYTES, "reason", "deleted_files_limit"))
        .isEqualTo(2 * fileBytes);
    assertThat(follower.count(TailMeter.SHED_LINES, "path", quiet.path().toString())).isZero();
  }

  private static List<String> all(String... words) {
    List<String> all = new ArrayList<>();
    for (String word : words) {
      all.addAll(texts(word));
    }
    return all;
  }

  @Test
  void goesOnInWhatAFileWasPackedTo() throws IOException {
    Follower follower =
        Follower.small(
            dir.resolve("state"),
            4096,
            "path",
            dir + "/pods/*/0.log",
            "parser",
            "cri",
            "deleted_files_limit",
            "10k");
    Path rotated = fillAndRotate(follower, noisy, "a");
    for (int i = 0; i < 3; i++) {
      follower.round();
    }
    int read = follower.intake().count();
    noisy.cri("b");
    new LogFile(rotated).cri("late");
    LogFile.pack(rotated);
    lookLater(follower);
    assertThat(follower.value(TailMeter.DELETED_BYTES)).isZero();
    follower.pass();
    assertThat(read).isBetween(1, LINES / 2);
    List<String> expected = texts("a");
    expected.addAll(List.of("late", "b"));
    assertThat(follower.texts()).containsExactlyElementsOf(expected);
    assertThat(follower.restart().pass().texts()).containsExactlyElementsOf(expected);
    assertThat(follower.count(TailMeter.SKIPPED_BYTES, "reason", "deleted_files_limit")).isZero();
  }

  @Test
  void keepsWhatIsBelowTheLimitAndAllWhereThereIsNone() throws IOException {
    for (String limit : List.of("1M", "0")) {
      Follower follower = start(limit);
      Path rotated = fillAndRotate(follower, noisy, "a" + limit);
      Files.delete(rotated);
      lookLater(follower);
      assertThat(follower.value(TailMeter.DELETED_BYTES)).isEqualTo(fileBytes);
      follower.pass();
      assertThat(follower.texts()).containsAll(texts("a" + limit));
      follower.stop();
    }
  }

  @Test
  void seesThatARotatedFileWasRenamedAgainAndThenDeleted() throws IOException {
    Follower follower = start("1M");
    Path rotated = fillAndRotate(follower, noisy, "a");
    Path second = rotated.resolveSibling("0.log.2");
    Files.move(rotated, second);
    lookLater(follower);
    assertThat(follower.value(TailMeter.DELETED_FILES)).isZero();
    Files.delete(second);
    lookLater(follower);
    assertThat(follower.value(TailMeter.DELETED_FILES)).isEqualTo(1);
    assertThat(follower.pass().texts()).containsExactlyElementsOf(texts("a"));
  }

  @Test
  void dropsARecordWhoseStartWasGivenUpAndReadsOn() throws IOException {
    Follower follower = start("1k");
    noisy.piece("stdout", "start");
    follower.pass();
    Path rotated = fillAndRotate(follower, noisy, "lost");
    Files.delete(rotated);
    lookLater(follower);
    noisy.last("stdout", "end");
    noisy.cri("next");
    follower.pass();
    assertThat(follower.texts()).containsExactly("end", "next");
    assertThat(follower.count(TailMeter.SHED_LINES, "path", noisy.path().toString()))
        .isEqualTo(LINES);
  }

  @Test
  void givesUpAFileThatIsReadAndNotDeliveredOnlyForTheRoomItTakes() throws IOException {
    Follower follower =
        Follower.holding(
            dir.resolve("state"),
            "path",
            dir + "/pods/*/0.log",
            "parser",
            "cri",
            "deleted_files_limit",
            "1k");
    noisy.cri(texts("a").toArray(String[]::new));
    follower.pass();
    Files.delete(noisy.rotate());
    follower.look();
    lookLater(follower);
    assertThat(follower.value(TailMeter.DELETED_FILES)).isZero();
    follower.pass();
    follower.intake().settle(Settlement.DONE);
    follower.pass();
    assertThat(follower.texts()).containsExactlyElementsOf(texts("a"));
    assertThat(follower.count(TailMeter.SKIPPED_BYTES, "reason", "deleted_files_limit")).isZero();
  }
}
