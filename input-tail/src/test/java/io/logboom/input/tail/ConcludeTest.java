package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Settlement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose writer ends while they are read. */
class ConcludeTest {
  @TempDir Path dir;
  private LogFile log;

  @BeforeEach
  void prepare() throws IOException {
    log = new LogFile(dir.resolve("logs/app.log"));
  }

  private String[] options(String... more) {
    String[] all = new String[2 + more.length];
    all[0] = "path";
    all[1] = dir + "/logs/*.log";
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }

  private Follower follow(String... more) {
    return Follower.start(dir.resolve("state"), options(more));
  }

  @Test
  void theLastLineCountsWithoutItsEnd() throws IOException {
    log.write("one\ntwo\nthr");
    Follower follower = follow().pass();
    log.write("ee");
    follower.conclude();
    assertThat(follower.texts()).containsExactly("one", "two", "three");
  }

  @Test
  void withoutThatTheLastLineWaitsForItsEnd() throws IOException {
    log.write("one\ntwo");
    Follower follower = follow().pass();
    follower.handOver();
    assertThat(follower.texts()).containsExactly("one");
  }

  @Test
  void whatWasWrittenSinceTheLastLookIsRead() throws IOException {
    log.write("one\n");
    Follower follower = follow().pass();
    log.write("two\n".repeat(50_000));
    follower.conclude();
    assertThat(follower.texts()).hasSize(50_001);
  }

  @Test
  void aRecordOfSeveralLinesWaitsForNoMore() throws IOException {
    log.write("a.b.FirstException: no\n\tat a.b.C.d(C.java:1)\n\tat a.b.C.e(C.java:2)");
    Follower follower = follow("multiline.parser", "java").step(1);
    assertThat(follower.texts()).isEmpty();
    follower.conclude();
    assertThat(follower.texts())
        .containsExactly(
            "a.b.FirstException: no\\n\\tat a.b.C.d(C.java:1)\\n\\tat a.b.C.e(C.java:2)");
  }

  @Test
  void piecesOfALineAreTakenAsTheyAre() throws IOException {
    log.piece("stdout", "half of it");
    Follower follower = follow("parser", "cri").pass();
    assertThat(follower.texts()).isEmpty();
    follower.conclude();
    assertThat(follower.texts()).containsExactly("half of it");
  }

  @Test
  void isQuietSinceTheLastByteAndNotOnlyTheLastLine() throws IOException {
    log.write("one\n");
    Follower follower = follow().pass();
    follower.pause(10);
    follower.round();
    assertThat(follower.quietMillis()).isGreaterThan(9_000);
    log.write("and the start of a li");
    follower.pause(1);
    follower.round();
    assertThat(follower.quietMillis()).isLessThan(100);
    follower.pause(3);
    follower.round();
    assertThat(follower.quietMillis()).isBetween(2_900L, 3_200L);
  }

  @Test
  void tellsWhatOfAFileIsNotDelivered() throws IOException {
    log.write("one\ntwo\n");
    Follower follower = Follower.holding(dir.resolve("state"), options()).pass();
    log.write("three");
    follower.pause(1);
    follower.round();
    assertThat(undelivered(follower)).containsOnly(Map.entry(log.path().toString(), 13L));
    follower.intake().settle(Settlement.DONE);
    assertThat(undelivered(follower)).containsOnly(Map.entry(log.path().toString(), 5L));
  }

  private static Map<String, Long> undelivered(Follower follower) {
    Map<String, Long> all = new HashMap<>();
    follower.undelivered((source, bytes, nanos) -> all.merge(source, bytes, Long::sum));
    return all;
  }
}
