package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void doublesBetweenHalfAndAllOfTheStepUpToTheCap() {
    Backoff low = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), () -> 0);
    Backoff high = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), () -> 1);
    assertThat(millis(low, 0)).isEqualTo(250);
    assertThat(millis(high, 0)).isEqualTo(500);
    assertThat(millis(high, 3)).isEqualTo(4000);
    assertThat(millis(high, 10)).isEqualTo(30_000);
    assertThat(millis(high, 1_000_000)).isEqualTo(30_000);
    assertThat(millis(low, 1_000_000)).isEqualTo(15_000);
  }

  @Test
  void waitsAsLongAsTheReceiverAsksWithinReason() {
    Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), () -> 0);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(backoff.nanos(0, Duration.ofSeconds(45))))
        .isEqualTo(45);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(backoff.nanos(0, Duration.ofDays(2)))).isEqualTo(120);
  }

  @Test
  void waitsLessWhereNobodyWasReached() {
    OutputSettings patient =
        new OutputSettings(
            1,
            1,
            1,
            Duration.ZERO,
            false,
            0,
            OutputSettings.UNLIMITED,
            Duration.ofSeconds(10),
            Duration.ofSeconds(2000));
    for (int retry = 0; retry < 20; retry++) {
      assertThat(millis(patient.backoff(Duration.ofSeconds(5)), retry)).isBetween(2500L, 5000L);
    }
    assertThat(millis(patient.backoff(), 20)).isGreaterThanOrEqualTo(1_000_000);
  }

  private static long millis(Backoff backoff, int retry) {
    return TimeUnit.NANOSECONDS.toMillis(backoff.nanos(retry, Duration.ZERO));
  }
}
