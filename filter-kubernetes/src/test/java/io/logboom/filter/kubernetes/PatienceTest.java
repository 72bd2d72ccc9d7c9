package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.filter.kubernetes.Feed.Hope;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void isSpentOnceAtTheStart() {
    Patience patience = new Patience(10 * SECOND, 0);
    assertThat(patience.nanos(Hope.UNHEARD, 0)).isEqualTo(10 * SECOND);
    patience.spent(Hope.UNHEARD, 4 * SECOND);
    assertThat(patience.nanos(Hope.UNHEARD, 100 * SECOND)).isEqualTo(6 * SECOND);
    patience.spent(Hope.UNHEARD, 7 * SECOND);
    assertThat(patience.nanos(Hope.UNHEARD, 1000 * SECOND)).isZero();
  }

  @Test
  void isATenthOfTheTimeLater() {
    Patience patience = new Patience(0, 0);
    assertThat(patience.nanos(Hope.SOON, 0)).isEqualTo(2 * SECOND);
    patience.spent(Hope.SOON, 2 * SECOND);
    assertThat(patience.nanos(Hope.SOON, 2 * SECOND)).isEqualTo(SECOND / 5);
    assertThat(patience.nanos(Hope.SOON, 7 * SECOND)).isEqualTo(7 * SECOND / 10);
    assertThat(patience.nanos(Hope.SOON, 1000 * SECOND)).isEqualTo(2 * SECOND);
  }

  @Test
  void isNoneWithoutHope() {
    assertThat(new Patience(10 * SECOND, 0).nanos(Hope.NONE, 0)).isZero();
  }
}
