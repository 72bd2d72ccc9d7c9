package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A container that writes without end takes its turn like any other. Counted in rounds, not time.
 */
class FairnessTest {
  private static final int QUIET = 30;
  private static final int ROUNDS = 50;
  private static final int SLAB = 16 * 1024;

  @TempDir Path dir;

  private Follower start() {
    return Follower.small(
        dir.resolve("state"), SLAB, "path", dir + "/pods/*/0.log", "parser", "cri");
  }

  /**
   * @param rotations how many rotated files of the noisy container are still to be read
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void readsAQuietContainersLineInTheRoundAfterItWasWritten(int rotations) throws IOException {
    LogFile noisy = new LogFile(dir.resolve("pods/a-noisy/0.log"));
    noisy.write("");
    List<LogFile> quiet = new ArrayList<>();
    for (int i = 0; i < QUIET; i++) {
      quiet.add(new LogFile(dir.resolve("pods/b-quiet-" + i + "/0.log")));
      quiet.get(i).write("");
    }
    Follower follower = start();
    follower.look();
    String[] much = much();
    for (int i = 0; i < rotations; i++) {
      noisy.cri(much);
      noisy.rotate();
      noisy.write("");
      follower.look();
    }
    noisy.cri(much);
    for (int round = 0; round < ROUNDS; round++) {
      for (LogFile each : quiet) {
        each.cri("quiet " + round);
      }
      follower.round();
      follower.round();
      assertThat(behind(follower)).as("behind after round %s", round).containsOnly("a-noisy");
      assertThat(follower.value(TailMeter.LAG_BYTES)).as("still noisy").isGreaterThan(SLAB);
    }
  }

  private static Set<String> behind(Follower follower) {
    Set<String> behind = new HashSet<>();
    follower.backlog(
        (source, bytes, nanos) -> {
          if (bytes > 0) {
            behind.add(Path.of(source).getName(Path.of(source).getNameCount() - 2).toString());
          }
        });
    return behind;
  }

  private static String[] much() {
    String[] texts = new String[40_000];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = "noise " + i + " " + "x".repeat(60);
    }
    return texts;
  }

  @Test
  void givesEachFileNoMoreThanASlabATurn() throws IOException {
    LogFile noisy = new LogFile(dir.resolve("pods/a-noisy/0.log"));
    noisy.cri(much());
    Follower follower = start();
    follower.look();
    long before = Files.size(noisy.path());
    for (int round = 1; round <= 20; round++) {
      follower.round();
      assertThat(before - follower.value(TailMeter.LAG_BYTES))
          .as("read in %s rounds", round)
          .isBetween((round - 1) * SLAB / 2.0, (double) round * SLAB);
    }
  }
}
