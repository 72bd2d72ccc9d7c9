package io.logboom.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ValuesTest {
  @Test
  void aSecretNeverPrints() {
    Secret secret = new Secret("hunter2");

    assertThat(secret).hasToString("***");
    assertThat("password " + secret).doesNotContain("hunter2");
    assertThat(secret.reveal()).isEqualTo("hunter2");
  }

  @Test
  void secretsAreEqualByValue() {
    assertThat(new Secret("a")).isEqualTo(new Secret("a")).hasSameHashCodeAs(new Secret("a"));
    assertThat(new Secret("a")).isNotEqualTo(new Secret("b")).isNotEqualTo("a");
  }

  @Test
  void aSizeIsNotNegativeAndComparesByBytes() {
    assertThat(new ByteSize(5)).isLessThan(new ByteSize(6)).hasToString("5");
    assertThatThrownBy(() -> new ByteSize(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new ByteSize(1L << 40).clampedToInt()).isEqualTo(Integer.MAX_VALUE);
    assertThat(new ByteSize(7).clampedToInt()).isEqualTo(7);
  }
}
