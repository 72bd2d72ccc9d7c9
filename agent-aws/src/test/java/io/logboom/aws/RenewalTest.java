package io.logboom.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.config.Secret;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When credentials are fetched. */
final class RenewalTest {
  private static final Instant START = Instant.parse("2026-11-26T10:00:00Z");

  private final Renewal renewal = new Renewal();

  private static Instant at(double seconds) {
    return START.plusMillis((long) (seconds * 1000));
  }

  private static Credentials session(String key, double endSeconds) {
    return new Credentials(key, new Secret("s"), new Secret("t"), at(endSeconds));
  }

  private double due(double nowSeconds) {
    return nowSeconds + renewal.untilDue(at(nowSeconds)).toMillis() / 1000.0;
  }

  @Test
  void atFirstTheyAreDueAtOnce() {
    assertThat(renewal.usable(at(0))).isNull();
    assertThat(renewal.untilDue(at(0))).isZero();
    assertThat(renewal.isWaiting(at(0))).isFalse();
  }

  @Test
  void shortSessionsAreRenewedInTheMiddleOfTheirLife() {
    renewal.fetched(session("a", 60), at(0));

    assertThat(renewal.usable(at(59.9))).isNotNull();
    assertThat(renewal.usable(at(60))).isNull();
    assertThat(due(0)).isBetween(30.0, 33.1);
  }

  @Test
  void longSessionsAreRenewedTenMinutesAheadOrALittleLess() {
    renewal.fetched(session("a", 3600), at(0));

    assertThat(due(0)).isBetween(3000.0, 3060.1);
  }

  @Test
  void lastingKeysAreNeverRenewed() {
    renewal.fetched(new Credentials("a", new Secret("s"), null, null), at(0));

    assertThat(renewal.usable(at(1e9))).isNotNull();
    assertThat(renewal.untilDue(at(1e9))).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void anOutageShorterThanHalfOfTheLifeIsNotSeen() {
    renewal.fetched(session("a", 60), at(0));
    double now = due(0);
    double outageEnds = now + 20;
    int tries = 0;
    while (now < outageEnds) {
      renewal.failed(at(now));
      tries++;
      now = due(now);
    }
    assertThat(renewal.usable(at(now))).isNotNull();
    assertThat(now).isLessThan(57);
    assertThat(tries).isLessThan(12);
  }

  @Test
  void pausesGrowWhereThereIsNothingToUse() {
    double now = 0;
    double[] pauses = new double[8];
    for (int i = 0; i < pauses.length; i++) {
      renewal.failed(at(now));
      assertThat(renewal.isWaiting(at(now))).isTrue();
      pauses[i] = due(now) - now;
      now = due(now);
    }
    assertThat(pauses).containsExactly(1, 2, 4, 8, 16, 30, 30, 30);
  }

  @Test
  void whatWasRefusedIsRenewedOnce() {
    Credentials first = session("a", 3600);
    renewal.fetched(first, at(0));

    assertThat(renewal.rejected(first, at(5))).isTrue();
    assertThat(renewal.rejected(first, at(5))).isFalse();
    assertThat(renewal.usable(at(5))).isNull();
    assertThat(renewal.untilDue(at(5))).isZero();

    renewal.fetched(session("b", 3605), at(5));
    assertThat(renewal.rejected(first, at(6))).isFalse();
    assertThat(renewal.usable(at(6))).isEqualTo(session("b", 3605));
  }

  @Test
  void aPlaceThatHasNoOthersIsNotAskedAtEachRefusal() {
    Credentials only = new Credentials("a", new Secret("s"), null, null);
    renewal.fetched(only, at(0));
    int fetches = 0;
    for (int second = 0; second < 600; second++) {
      if (renewal.rejected(only, at(second))) {
        fetches++;
        assertThat(renewal.fetched(only, at(second))).isFalse();
      }
      assertThat(renewal.usable(at(second))).isEqualTo(only);
    }
    assertThat(fetches).isBetween(20, 30);
  }

  @Test
  void aPlaceThatGivesTheSameAgainIsAskedMoreOftenTowardsTheEnd() {
    renewal.fetched(session("a", 3600), at(0));
    double now = due(0);
    int fetches = 0;
    while (now < 3599) {
      renewal.fetched(session("a", 3600), at(now));
      fetches++;
      now = due(now);
    }
    assertThat(fetches).isBetween(20, 60);
    renewal.fetched(session("b", 7200), at(now));
    assertThat(due(now)).isBetween(6600.0, 6661.0);
  }

  @Test
  void aClockThatIsWrongDoesNotMakeThemUseless() {
    renewal.fetched(session("a", -7200), at(0));

    assertThat(renewal.usable(at(0))).isNotNull();
    assertThat(due(0)).isEqualTo(60);
  }
}
