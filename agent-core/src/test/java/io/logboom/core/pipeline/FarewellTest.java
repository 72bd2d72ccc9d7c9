package io.logboom.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.core.pipeline.Farewell.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FarewellTest {
  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final Duration DELIVERY = Duration.ofSeconds(5);

  private long seconds = 1_000;
  private boolean ended;
  private final Files files = new Files();

  /** An input whose last line was written at {@code written}. */
  private final class Files implements Input {
    long written;
    boolean unread;

    @Override
    public void start(Intake intake) {}

    @Override
    public void quiesce() {}

    @Override
    public long quietNanos() {
      return unread ? 0 : TimeUnit.SECONDS.toNanos(seconds - written);
    }

    @Override
    public void close() {}
  }

  /** Of a stop with a grace of 25 s that began at 1,000 s. */
  private @Nullable Reason over(boolean told) {
    Farewell farewell =
        new Farewell(
            QUIET, DELIVERY, told ? () -> ended : null, () -> TimeUnit.SECONDS.toNanos(seconds));
    return farewell.over(
        List.of(files), TimeUnit.SECONDS.toNanos(1_000), TimeUnit.SECONDS.toNanos(1_025));
  }

  @Test
  void silenceBeforeTheStopDoesNotCount() {
    assertThat(over(false)).isNull();
    seconds += 1;
    assertThat(over(false)).isNull();
    seconds += 1;
    assertThat(over(false)).isEqualTo(Reason.QUIET);
  }

  @Test
  void readsOnWhileTheApplicationWritesAndKeepsTimeToDeliver() {
    for (; seconds < 1_020; seconds++) {
      files.written = seconds;
      assertThat(over(false)).as("%d", seconds).isNull();
    }
    files.written = seconds;
    assertThat(over(false)).isEqualTo(Reason.TIME);
  }

  @Test
  void readsOnWhereTheApplicationIsQuietAndKnownToBeThere() {
    seconds += 15;
    assertThat(over(true)).isNull();
    ended = true;
    files.unread = true;
    assertThat(over(true)).as("not all is read").isNull();
    files.unread = false;
    assertThat(over(true)).isEqualTo(Reason.ENDED);
  }

  @Test
  void aShortGraceIsNotAllForDelivering() {
    Farewell farewell =
        new Farewell(QUIET, DELIVERY, null, () -> TimeUnit.SECONDS.toNanos(seconds));
    long begun = TimeUnit.SECONDS.toNanos(1_000);
    long deadline = TimeUnit.SECONDS.toNanos(1_004);
    files.unread = true;
    seconds = 1_001;
    assertThat(farewell.over(List.of(files), begun, deadline)).isNull();
    seconds = 1_002;
    assertThat(farewell.over(List.of(files), begun, deadline)).isEqualTo(Reason.TIME);
  }

  @Test
  void nothingIsWaitedForWithoutFiles() {
    seconds += 2;
    Farewell farewell =
        new Farewell(QUIET, DELIVERY, null, () -> TimeUnit.SECONDS.toNanos(seconds));
    assertThat(
            farewell.over(
                List.of(), TimeUnit.SECONDS.toNanos(1_000), TimeUnit.SECONDS.toNanos(1_025)))
        .isEqualTo(Reason.QUIET);
  }
}
