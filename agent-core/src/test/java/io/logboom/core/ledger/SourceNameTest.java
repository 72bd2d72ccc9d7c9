package io.logboom.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceNameTest {
  private static final String ID =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @CsvSource({
    "/var/log/containers/web-7d_shop_nginx-" + ID + ".log",
    "/host/containers/web-7d_shop_nginx-" + ID + ".log",
    "/var/log/pods/shop_web-7d_9a1c1d7e-0000-4000-8000-000000000000/nginx/0.log",
    "/var/log/pods/shop_web-7d_9a1c1d7e-0000-4000-8000-000000000000/nginx/3.log.20251122-101112"
  })
  void knowsAContainerByBothOfTheKubeletsNames(String path) {
    assertThat(SourceName.of(path))
        .isEqualTo(new SourceName("shop/web-7d/nginx", "shop", "web-7d", "nginx"));
  }

  @Test
  void aContainersNameMayHaveDashes() {
    assertThat(SourceName.of("/x/a-b_c-d_e-f-g-" + ID + ".log"))
        .isEqualTo(new SourceName("c-d/a-b/e-f-g", "c-d", "a-b", "e-f-g"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/log/syslog",
        "/var/log/app.log",
        "/var/log/one_two.log",
        "/var/log/one_two_three.log",
        "/var/log/one_two_three-four.log",
        "/var/log/a_b_c_d-" + ID + ".log",
        "/var/log/_b_c-" + ID + ".log",
        "/var/log/pods/no_uid/c/0.log",
        "/var/log/pods/",
        "10.0.0.7",
        "-"
      })
  void keepsAnyOtherNameAsItIs(String source) {
    assertThat(SourceName.of(source)).isEqualTo(new SourceName(source, "", "", ""));
  }

  @Test
  void isTheTagWhereAnOriginHasNoSource() {
    Names names = new Names();
    assertThat(SourceName.of(Origin.builder(names, "app.x").build()).source()).isEqualTo("app.x");
    assertThat(SourceName.of(Origin.builder(names, "app.x").source("/a/b").build()).source())
        .isEqualTo("/a/b");
  }
}
