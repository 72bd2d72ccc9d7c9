package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of lines while their file is rotated, truncated, packed, deleted, and read again.
 */
class TailTest {
  @TempDir Path dir;
  private Path state;
  private LogFile log;
  private String pattern;

  @BeforeEach
  void prepare() throws IOException {
    state = dir.resolve("state");
    Path target = dir.resolve("pods/shop_web_1/web/0.log");
    log = new LogFile(target);
    Path links = Files.createDirectories(dir.resolve("containers"));
    Files.createSymbolicLink(links.resolve("web_shop_web-abc.log"), target);
    pattern = links + "/*.log";
  }

  private Follower start(String... more) {
    return Follower.start(state, options(more));
  }

  private String[] options(String... more) {
    List<String> all = new ArrayList<>(List.of("path", pattern, "parser", "docker"));
    all.addAll(List.of("tag", "kube.*"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static String[] numbered(String word, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> word + i).toArray(String[]::new);
  }

  @Test
  void readsABacklogFromItsStart() throws IOException {
    log.cri("a", "b", "c");
    Follower follower = start().pass();
    assertThat(follower.texts()).containsExactly("a", "b", "c");
  }

  @Test
  void readsOnlyWhatComesWhenToldToBeginAtTheEnd() throws IOException {
    log.cri("a", "b");
    Follower follower = start("read_from_head", "off").pass();
    log.cri("c");
    assertThat(follower.pass().texts()).containsExactly("c");
  }

  @Test
  void holdsALineBackUntilItsEndIsThere() throws IOException {
    String line = log.line("stdout", "F", "whole");
    log.write(line.substring(0, 40));
    Follower follower = start().pass();
    assertThat(follower.texts()).isEmpty();
    log.write(line.substring(40));
    assertThat(follower.pass().texts()).containsExactly("whole");
  }

  @Test
  void readsTheRestOfARotatedFile() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    log.cri("b");
    log.rotate();
    log.cri("c");
    assertThat(follower.pass().texts()).containsExactly("a", "b", "c");
  }

  @Test
  void readsWhatIsWrittenToARotatedFileBeforeItsWriterMovesOn() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    Path rotated = log.rotate();
    follower.look();
    new LogFile(rotated).cri("late");
    follower.read();
    log.cri("b");
    assertThat(follower.pass().texts()).containsExactlyInAnyOrder("a", "late", "b");
  }

  @Test
  void readsEveryRotationThatHappenedBetweenTwoLooksInOrder() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    for (int i = 0; i < 4; i++) {
      log.cri("r" + i);
      log.rotate();
    }
    log.cri("z");
    assertThat(follower.pass().texts()).containsExactly("a", "r0", "r1", "r2", "r3", "z");
  }

  @Test
  void readsADeletedFileToItsEnd() throws IOException {
    log.cri("a");
    Follower follower = start();
    follower.look();
    log.cri("b");
    Files.delete(log.path());
    assertThat(follower.pass().texts()).containsExactly("a", "b");
  }

  @Test
  void closesAFileThatIsGoneOnlyWhenAllOfItIsSettled() throws IOException {
    log.cri("a");
    Follower follower = Follower.holding(state, options());
    follower.pass();
    Files.delete(log.path());
    for (int i = 0; i < 5; i++) {
      follower.pass();
    }
    assertThat(follower.value(TailMeter.FILES)).isEqualTo(1);
    assertThat(follower.value(TailMeter.DELETED_BYTES)).isPositive();
    follower.intake().settle(Settlement.DONE);
    for (int i = 0; i < 5; i++) {
      follower.pass();
    }
    assertThat(follower.value(TailMeter.FILES)).isZero();
    assertThat(follower.context().testBatches().used()).isZero();
  }

  @Test
  void goesOnWhereItWasAfterARestart() throws IOException {
    log.cri(numbered("a", 0, 100));
    Follower follower = start().pass().restart();
    log.cri("b");
    follower.pass();
    assertThat(follower.texts()).hasSize(101).doesNotHaveDuplicates();
  }

  @Test
  void readsRotationsThatHappenedWhileItWasDown() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    follower.stop();
    log.cri("b");
    log.rotate();
    log.cri("c");
    LogFile.pack(log.rotate());
    log.cri("d");
    log.rotate();
    log.cri("e");
    follower.restart().pass();
    assertThat(follower.texts().stream().distinct()).containsExactly("a", "b", "c", "d", "e");
    assertThat(follower.entries())
        .hasSize(6)
        .filteredOn(e -> e.json().contains("\"a\""))
        .hasSize(2);
  }

  @Test
  void readsTheRestOfAFileThatWasPackedWhileItWasDown() throws IOException {
    log.cri(numbered("line number ", 0, 50));
    Follower follower = start().pass();
    follower.kill();
    log.cri(numbered("line number ", 50, 100));
    LogFile.pack(log.rotate());
    log.cri("new");
    Follower next = start().pass();
    List<String> expected = new ArrayList<>(List.of(numbered("line number ", 50, 100)));
    expected.add("new");
    assertThat(next.texts()).containsExactlyElementsOf(expected);
    assertThat(next.entries().getFirst().sourceId())
        .isEqualTo(follower.entries().getFirst().sourceId());
  }

  @Test
  void readsNothingAgainFromThePackedFormOfWhatItReadPlain() throws IOException {
    log.cri("a", "b");
    Follower follower = start().pass();
    Path rotated = log.rotate();
    log.cri("c");
    follower.pass();
    LogFile.pack(rotated);
    log.cri("d");
    log.rotate();
    log.cri("e");
    for (int i = 0; i < 4; i++) {
      follower.pass();
    }
    follower.restart().pass();
    assertThat(follower.texts()).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void losesNothingWhenKilled() throws IOException {
    Follower follower = start().pass();
    for (int round = 0; round < 6; round++) {
      log.cri(numbered("r" + round + "-", 0, 200));
      follower.look();
      follower.read();
      if (round % 2 == 0) {
        follower.checkpoint();
        log.rotate();
      }
      follower.crash();
    }
    follower.pass();
    assertThat(follower.texts().stream().distinct()).hasSize(1200);
  }

  @Test
  void savesNoPositionPastWhatIsSettled() throws IOException {
    log.cri("a");
    Follower follower = Follower.holding(state, options());
    follower.pass();
    log.cri("b");
    follower.pass();
    follower.intake().settleOne(1, Settlement.DONE);
    follower.checkpoint();
    follower.crash().pass();
    assertThat(follower.texts()).containsExactly("a", "b", "a", "b");
  }

  @Test
  void readsAgainWhatMustComeAgain() throws IOException {
    log.cri("a");
    Follower follower = Follower.holding(state, options());
    follower.pass();
    follower.intake().settle(Settlement.AGAIN);
    follower.pause(2);
    follower.pass();
    follower.intake().settle(Settlement.DONE);
    log.cri("b");
    follower.pass();
    assertThat(follower.texts()).containsExactly("a", "a", "b");
    assertThat(follower.count(TailMeter.REREADS)).isEqualTo(1);
  }

  @Test
  void readsATruncatedFileFromItsStart() throws IOException {
    log.cri("a", "b");
    Follower follower = start().pass();
    log.truncate();
    log.cri("c");
    follower.pass();
    assertThat(follower.texts()).containsExactly("a", "b", "c");
    assertThat(follower.count(TailMeter.FILES_TRUNCATED)).isEqualTo(1);
  }

  @Test
  void noticesATruncatedFileThatHasGrownPastItsOldEnd() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    log.truncate();
    log.cri(numbered("b", 0, 10));
    follower.pass();
    assertThat(follower.texts()).hasSize(11).contains("b0").doesNotHaveDuplicates();
    assertThat(follower.entries().getLast().sourceId())
        .isNotEqualTo(follower.entries().getFirst().sourceId());
  }

  @Test
  void readsWhatACopyHasThatWasTruncatedAwayUnread() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    log.cri("b", "c");
    log.copyTruncate();
    log.cri("d");
    follower.pass();
    assertThat(follower.texts()).containsExactly("a", "b", "c", "d");
    assertThat(follower.count(TailMeter.SKIPPED_BYTES, "reason", "truncated")).isZero();
  }

  @Test
  void readsNoLineTwiceWhereTheCopyMatchesThePatternToo() throws IOException {
    pattern = log.path().getParent() + "/0.log*";
    log.cri("a", "b");
    Follower follower = start().pass();
    for (int i = 0; i < 3; i++) {
      log.copyTruncate();
      follower.pass();
      log.cri("c" + i);
      follower.pass();
    }
    assertThat(follower.texts()).containsExactly("a", "b", "c0", "c1", "c2");
  }

  @Test
  void readsNoLineTwiceWhereTheRotatedNameMatchesThePatternToo() throws IOException {
    pattern = log.path().getParent() + "/0.log*";
    log.cri("a");
    Follower follower = start().pass();
    for (int i = 0; i < 3; i++) {
      log.rotate();
      log.cri("c" + i);
      follower.pass();
    }
    follower.restart().pass();
    assertThat(follower.texts()).containsExactly("a", "c0", "c1", "c2");
  }

  @Test
  void tellsANewFileOnAnOldInodeApart() throws IOException {
    log.cri("a", "b");
    Follower follower = start().pass();
    follower.stop();
    FileKey old = FileStat.of(log.path()).key();
    for (int i = 0; i < 50; i++) {
      Files.deleteIfExists(log.path());
      log.cri("new " + i, "and longer than before " + i);
      if (FileStat.of(log.path()).key().equals(old)) {
        break;
      }
    }
    String last =
        Follower.text(
            "\"log\":\""
                + Files.readString(log.path()).split(" F ")[1].strip().split("\n")[0]
                + "\"");
    follower.restart().pass();
    assertThat(follower.texts()).hasSize(6).contains(last);
  }

  @Test
  void skipsTheHoleThatACarelessTruncationLeaves() throws IOException {
    log.write("\0".repeat(5000)).cri("a");
    Follower follower = start().pass();
    assertThat(follower.texts()).containsExactly("a");
    assertThat(follower.count(TailMeter.SKIPPED_BYTES, "reason", "nul")).isEqualTo(5000);
  }

  @Test
  void startsOverWhenItsPositionsAreDamaged() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    follower.stop();
    Files.writeString(state.resolve("positions"), "damaged\n");
    follower.restart().pass();
    assertThat(follower.texts()).contains("a");
    try (var names = Files.list(state)) {
      assertThat(names.map(p -> p.getFileName().toString()))
          .anyMatch(n -> n.startsWith("positions.unreadable-"));
    }
  }

  @Test
  void leavesADatabaseOfFluentBitsAlone() throws IOException {
    log.cri("a");
    Path db = dir.resolve("flb.db");
    Files.writeString(db, "SQLite format 3\0 and more");
    Follower follower = start("db", db.toString()).pass();
    follower.stop();
    assertThat(Files.readString(db)).startsWith("SQLite format 3\0");
    assertThat(dir.resolve("flb.db.logboom")).exists();
  }

  @Test
  void readsARotatedFileWhoseSuccessorNeverCame() throws IOException {
    Follower follower = start().pass();
    log.cri("a");
    log.rotate();
    assertThat(follower.pass().texts()).containsExactly("a");
  }

  @Test
  void readsARotatedFileThatItHadNotFinishedWhenItWasKilled() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    follower.checkpoint();
    log.cri("b");
    log.rotate();
    follower.crash().pass();
    assertThat(follower.texts()).containsExactly("a", "b");
  }

  @Test
  void readsNoCopyAgainAfterARestart() throws IOException {
    log.cri("a", "b");
    Follower follower = start().pass();
    log.copyTruncate();
    follower.pass();
    log.copyTruncate();
    follower.restart().pass();
    assertThat(follower.texts()).containsExactly("a", "b");
  }

  @Test
  void readsWhatACopyHasThatWasTruncatedAwayWhileItWasDown() throws IOException {
    log.cri("a");
    Follower follower = start().pass();
    follower.stop();
    log.cri("b");
    log.copyTruncate();
    log.cri("c");
    follower.restart().pass();
    assertThat(follower.texts().stream().distinct()).containsExactly("a", "b", "c");
  }
}
