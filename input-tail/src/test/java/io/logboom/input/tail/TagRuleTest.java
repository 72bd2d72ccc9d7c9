package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagRuleTest {
  @ParameterizedTest
  @CsvSource({
    "kube.*, /var/log/containers/a.log, kube.var.log.containers.a.log",
    "*, /var/log/a.log, var.log.a.log",
    "app, /var/log/a.log, app",
    "x.*.y.*, /a//b.log, x.a.b.log.y",
    "*, C:\\logs\\a, C.logs.a",
  })
  void aStarBecomesThePathWithDots(String tag, String path, String expected) {
    assertThat(TagRule.of(tag, null).tag(path)).isEqualTo(expected);
  }

  @Test
  void namedGroupsFillTheTag() {
    TagRule rule =
        TagRule.of(
            "<namespace_name>.<pod_name>.<missing>",
            "(?<pod_name>[a-z0-9-]+)_(?<namespace_name>[^_]+)_(?<container>.+)-");
    assertThat(rule.tag("/var/log/containers/web-1_shop_app-abc.log")).isEqualTo("shop.web-1._");
    assertThat(rule.tag("/var/log/other.log")).isNull();
  }
}
