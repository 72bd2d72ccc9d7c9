package io.logboom.output.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KeyFormatTest {
  private static final long SECOND = 1_795_334_645; // 2026-11-22T08:04:05Z
  private static final String TAG = "kube.var.log-x";

  private static String key(String format) {
    return key(format, ".-");
  }

  private static String key(String format, String delimiters) {
    return KeyFormat.parse(format, delimiters, false).key(TAG, SECOND, "aB3dE5gH", 7);
  }

  @Test
  void hasTagPartsTimeCounterAndRandom() {
    assertThat(key("/$TAG[0]/$TAG[3]/%Y/%m/%d/%H/$INDEX-$UUID"))
        .isEqualTo("kube/x/2026/11/22/08/7-aB3dE5gH");
    assertThat(key("/$TAG[1]$TAG[9]/$UUID")).isEqualTo("var/aB3dE5gH");
    assertThat(key("/$TAG[2]/$UUID", ".")).isEqualTo("log-x/aB3dE5gH");
    assertThat(key("/$TAG/%s.json.gz$UUID")).isEqualTo(TAG + "/1795334645.json.gzaB3dE5gH");
  }

  @Test
  void theAddedPartStandsBeforeTheExtension() {
    assertThat(key("/logs/%H%M%S.gz")).isEqualTo("logs/080405-objectaB3dE5gH.gz");
    assertThat(key("/logs/all.json.gz")).isEqualTo("logs/all-objectaB3dE5gH.json.gz");
    assertThat(key("/a.b/%H")).isEqualTo("a.b/08-objectaB3dE5gH");
    assertThat(key("/$TAG")).isEqualTo(TAG + "-objectaB3dE5gH");
    assertThat(key("/v1.2/$TAG/x")).isEqualTo("v1.2/" + TAG + "/x-objectaB3dE5gH");
  }

  @Test
  void nothingIsAddedToAFixedPath() {
    KeyFormat fixed = KeyFormat.parse("/logs/latest.gz", ".", true);
    assertThat(fixed.key(TAG, SECOND, "aB3dE5gH", 0)).isEqualTo("logs/latest.gz");
    assertThat(fixed.isUnique()).isFalse();
    assertThat(KeyFormat.parse("/logs/$UUID", ".", true).isUnique()).isTrue();
    assertThat(KeyFormat.parse("/logs", ".", false).isUnique()).isTrue();
  }

  @Test
  void recordsShareAnObjectForAnHourADayOrAlways() {
    KeyFormat hours = KeyFormat.parse("/%Y/%m/%d/%H/%M", ".", false);
    assertThat(hours.period(SECOND)).isEqualTo(SECOND - 4 * 60 - 5);
    assertThat(hours.periodEnd(SECOND)).isEqualTo(SECOND - 4 * 60 - 5 + 3600);
    assertThat(hours.period(-1)).isEqualTo(-3600);
    KeyFormat days = KeyFormat.parse("/%Y/%m/$UUID", ".", false);
    assertThat(days.period(SECOND) % 86_400).isZero();
    assertThat(KeyFormat.parse("/%H/%d", ".", false).periodEnd(SECOND) - SECOND)
        .isLessThanOrEqualTo(3600);
    assertThat(KeyFormat.parse("/$TAG/$UUID", ".", false).period(SECOND)).isZero();
  }

  @Test
  void aKeyThatIsTooLongIsCutAndStaysUnique() {
    String key =
        KeyFormat.parse("/$TAG/%Y", ".", false).key("ä".repeat(900), SECOND, "aB3dE5gH", 0);
    assertThat(key.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(1024);
    assertThat(key).endsWith("-aB3dE5gH").doesNotContain("\uFFFD");
  }

  @Test
  void whatIsNoFormatIsRefusedWithTheRule() {
    assertThatThrownBy(() -> key("logs/$TAG")).hasMessageContaining("begin with /");
    assertThatThrownBy(() -> key("/$TAGG[x]$HOST")).hasMessageContaining("$TAG[0]");
    assertThatThrownBy(() -> key("/%Q")).hasMessageContaining("%Q");
  }
}
