package io.logboom.api.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What {@code date -u -d @N +FORMAT} of GNU coreutils writes. */
class StrftimeTest {
  @Test
  void writesEachConversionAsCDoes() {
    String all =
        "%Y %y %C %m %d %e %j %H %k %I %l %M %S %s %a %A %b %B %p %P %u %w %G %g %V %U %W %F %T %D"
            + " %R %r";
    assertThat(Strftime.parse(all).format(1_795_334_645))
        .isEqualTo(
            "2026 26 20 11 22 22 326 08  8 08  8 04 05 1795334645 Sun Sunday Nov November AM am 7 0"
                + " 2026 26 47 47 46 2026-11-22 08:04:05 11/22/26 08:04 08:04:05 AM");
  }

  @Test
  void countsWeeksAtTheTurnOfTheYearAsCDoes() {
    Strftime weeks = Strftime.parse("%G-%V %U %W %j");
    assertThat(weeks.format(1_483_228_799)).isEqualTo("2016-52 52 52 366"); // 2016-12-31
    assertThat(weeks.format(1_483_228_800)).isEqualTo("2016-52 01 00 001"); // 2017-01-01, a Sunday
  }

  @Test
  void tellsHowLongTheTextStaysTheSame() {
    Strftime day = Strftime.parse("logs-%Y.%m.%d");
    assertThat(day.validFrom(1_795_334_645)).isEqualTo(1_795_305_600);
    assertThat(day.validUntil(1_795_334_645)).isEqualTo(1_795_392_000);
    assertThat(day.validFrom(-1)).isEqualTo(-86_400);
    assertThat(Strftime.parse("%H-%d").validUntil(1_795_334_645)).isEqualTo(1_795_338_000);
    assertThat(Strftime.parse("%F %T").validUntil(5)).isEqualTo(6);
    assertThat(Strftime.parse("plain 100%%").isConstant()).isTrue();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Strftime.parse("%Y-%Q")).hasMessageContaining("'%Q'");
    assertThatThrownBy(() -> Strftime.parse("100%")).hasMessageContaining("'%'");
  }
}
