package io.logboom.core.spool;

import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Random lives of a spool against a model, with crashes and a disk that fails. */
class SpoolModelTest {
  @Property(tries = 400)
  void doesWhatTheModelDoes(@ForAll long seed) throws IOException {
    live(seed, 0, 120);
  }

  @Property(tries = 400)
  void doesWhatTheModelDoesOnADiskThatFailsNowAndThen(@ForAll long seed) throws IOException {
    live(seed, 0.05, 120);
  }

  /**
   * Seeds that a fault in the spool was found with, to be lived in each build. Add what is found.
   */
  @ParameterizedTest
  @CsvFileSource(resources = "seeds.csv", numLinesToSkip = 1)
  void livesTheseAgain(long seed, double faultRate, int steps) throws IOException {
    live(seed, faultRate, steps);
  }

  private static void live(long seed, double faultRate, int steps) throws IOException {
    SpoolWorld world = new SpoolWorld(seed, faultRate);
    try {
      world.live(steps, 0, false);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + world.story(), e);
    }
  }

  @Test
  void survivesACrashAtEveryCall() throws IOException {
    for (long seed = 1; seed <= 15; seed++) {
      SpoolWorld whole = new SpoolWorld(seed, 0);
      int[] calls = new int[1];
      whole
          .disk()
          .plan(
              (number, call, file) -> {
                calls[0]++;
                return FaultyDisk.Fault.NONE;
              });
      whole.live(50, 0, false);
      for (int at = 1; at <= calls[0]; at++) {
        crash(seed, at, false);
        crash(seed, at, true);
      }
    }
  }

  private static void crash(long seed, int at, boolean powerGone) throws IOException {
    SpoolWorld world = new SpoolWorld(seed, 0);
    try {
      world.live(50, at, powerGone);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + ", call " + at + ", power gone " + powerGone + ": " + world.story(), e);
    }
  }
}
