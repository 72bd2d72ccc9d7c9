package io.logboom.net.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A server that takes requests whole or not at all. */
final class HalvingTest {
  private final Receiver receiver =
      new Receiver(LoggerFactory.getLogger(HalvingTest.class), "out", Long.MAX_VALUE);
  private final Verdict verdict = new Verdict();
  private final Halving halving = new Halving(verdict, receiver, this::send);
  private final BitSet bad = new BitSet();
  private int most = Integer.MAX_VALUE;
  private int requests;
  private Outcome rest = Outcome.DELIVERED;

  private boolean send(int[] records) throws InterruptedException {
    requests++;
    Outcome whole = answer(records);
    if (whole instanceof Outcome.Delivered) {
      verdict.arrived(records, records.length);
      return true;
    }
    return halving.failed(whole, records, records.length);
  }

  private Outcome answer(int[] records) {
    if (records.length > most) {
      return new Outcome.TooLarge("413");
    }
    return Arrays.stream(records).anyMatch(bad::get) ? new Outcome.Rejected("400") : rest;
  }

  private static int[] numbers(int count) {
    int[] all = new int[count];
    Arrays.setAll(all, i -> i);
    return all;
  }

  @Property(tries = 300)
  void refusedRecordsAreFoundAndTheOthersArrive(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 2000) int count,
      @ForAll @IntRange(max = 7) int wrong)
      throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    verdict.clear();
    verdict.expect(0, count);
    bad.clear();
    for (int i = 0; i < Math.min(wrong, count - 1); i++) {
      bad.set(random.nextInt(count));
    }
    most = random.nextBoolean() ? Integer.MAX_VALUE : 1 + count / (1 + random.nextInt(8));
    assertThat(send(numbers(count))).isTrue();
    assertThat(verdict.judgeSuspects(false)).isEmpty();
    assertThat(verdict.accepted()).isEqualTo(count - bad.cardinality());
    if (bad.isEmpty()) {
      assertThat(verdict.outcome()).isEqualTo(Outcome.DELIVERED);
    } else {
      Outcome.Mixed outcome = (Outcome.Mixed) verdict.outcome();
      assertThat(outcome.rejected().stream().mapToInt(Outcome.Rejection::record))
          .containsExactlyInAnyOrderElementsOf(bad.stream().boxed().toList());
    }
  }

  @Test
  void nothingIsRepeatedForEver() throws InterruptedException {
    bad.set(0, 4096, true);
    bad.clear(1);
    verdict.clear();
    verdict.expect(0, 4096);
    assertThat(send(numbers(4096))).isFalse();
    assertThat(requests).isLessThanOrEqualTo(257);
  }

  @Test
  void aServerThatIsBusyIsAskedNoMore() throws InterruptedException {
    rest = new Outcome.Retry("503", Duration.ZERO, Outcome.ANY_WAIT);
    most = 8;
    verdict.clear();
    verdict.expect(0, 64);
    assertThat(send(numbers(64))).isFalse();
    assertThat(requests).isEqualTo(4); // 64, 32, 16, 8
    assertThat(verdict.outcome()).isInstanceOf(Outcome.Retry.class);
  }
}
