package io.logboom.output.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestRulesTest {
  private final RequestRules rules = new RequestRules();

  @Test
  void countsTwentySixBytesForEachEvent() {
    rules.clear(Integer.MAX_VALUE);
    rules.add(0, 1_048_576 - 2 * 26 - 1);
    assertThat(rules.takes(0, 1)).isTrue();
    assertThat(rules.takes(0, 2)).isFalse();
  }

  @Test
  void spansLessThanADay() {
    rules.clear(Integer.MAX_VALUE);
    rules.add(1000, 1);
    assertThat(rules.takes(1000 + 86_399_999, 1)).isTrue();
    assertThat(rules.takes(1000 + 86_400_000, 1)).isFalse();
    rules.add(86_400_999, 1);
    assertThat(rules.takes(86_401_000, 1)).isFalse();
    assertThat(rules.takes(999, 1)).isFalse();
  }

  @Test
  void hasTenThousandEvents() {
    rules.clear(Integer.MAX_VALUE);
    for (int i = 0; i < 10_000; i++) {
      assertThat(rules.takes(i, 1)).isTrue();
      rules.add(i, 1);
    }
    assertThat(rules.takes(10_000, 1)).isFalse();
    assertThat(rules.events()).isEqualTo(10_000);
    assertThat(rules.bytes()).isEqualTo(270_000);
  }

  @Test
  void isSmallerWhereSomethingBetweenTakesLess() {
    rules.clear(100);
    assertThat(rules.takes(0, 500)).isTrue();
    rules.add(0, 40);
    assertThat(rules.takes(0, 8)).isTrue();
    assertThat(rules.takes(0, 9)).isFalse();
  }
}
