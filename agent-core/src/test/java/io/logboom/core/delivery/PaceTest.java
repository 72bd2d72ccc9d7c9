package io.logboom.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** {@code rate_limit}: how much leaves, and in what pieces. */
class PaceTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000);
  private final Pace pace = new Pace(now::get);
  private final Rig rig = new Rig();

  @Test
  void letsAsManyBytesThroughAsTheRateSaysWhoeverAsks() {
    long sent = 0;
    long start = now.get();
    for (int i = 0; i < 1000; i++) {
      // As two workers do: both ask, and go when their turn comes.
      long one = pace.turn(10_000, 700);
      long other = pace.turn(10_000, 300);
      assertThat(other).isGreaterThanOrEqualTo(one);
      now.addAndGet(other);
      sent += 1000;
    }
    double seconds = (now.get() - start) / 1e9;
    assertThat(sent / seconds).isBetween(9_900.0, 10_100.0);
  }

  @Test
  void whatWasNotUsedIsNotMadeUpFor() {
    assertThat(pace.turn(1000, 5000)).isZero();
    now.addAndGet(Duration.ofMinutes(10).toNanos());
    assertThat(pace.turn(1000, 5000)).isZero();
    assertThat(pace.turn(1000, 1)).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void noLimitIsNoWait() {
    for (int i = 0; i < 10; i++) {
      assertThat(pace.turn(0, Integer.MAX_VALUE)).isZero();
    }
  }

  @Test
  void aSendTakesNoLongerThanFiveSecondsAtTheRateSoThatTheOutputIsSeenToGetOn()
      throws InterruptedException {
    OutputSettings settings =
        new OutputSettings(
            1,
            1 << 20,
            450 << 10,
            Duration.ZERO,
            true,
            100,
            OutputSettings.UNLIMITED,
            Duration.ofMillis(1),
            Duration.ofMillis(1));
    List<Queued> parts = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Batch batch = rig.batch();
      parts.add(
          new Queued(batch, rig.holder(batch), batch.bytes().length, 0, i, batch.liveRecords()));
      expected.addAll(bodies(batch));
    }
    Unit unit = new Unit(1, parts, settings.sendBytes());
    List<String> sent = new ArrayList<>();
    while (!unit.pending().isEmpty()) {
      assertThat(unit.pendingBytes()).isBetween(400L, 500L);
      unit.pending().forEach(batch -> sent.addAll(bodies(batch)));
      unit.settle(new BitSet());
      if (expected.size() - sent.size() < 15) {
        break;
      }
    }
    assertThat(expected).startsWith(sent.toArray(String[]::new)).hasSizeLessThan(sent.size() + 15);
  }

  @Test
  void aRecordThatIsLargerGoesAlone() throws InterruptedException {
    Batch batch = rig.batch();
    Unit unit =
        new Unit(
            1,
            List.of(new Queued(batch, rig.holder(batch), 1, 0, 0, batch.liveRecords())),
            /* mostBytes= */ 1);
    for (int i = 0; i < Rig.LINES; i++) {
      assertThat(unit.pendingRecords()).isEqualTo(1);
      unit.settle(new BitSet());
    }
    assertThat(unit.pending()).isEmpty();
    assertThat(unit.through()).hasSize(1);
  }

  private static List<String> bodies(Batch batch) {
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      bodies.add(
          new String(
              batch.bytes(),
              batch.offset(i),
              batch.length(i),
              java.nio.charset.StandardCharsets.UTF_8));
    }
    return bodies;
  }
}
