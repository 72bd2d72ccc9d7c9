package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LogNameTest {
  private static final String ID = Rig.id('a');
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?<pod>[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*)"
              + "_(?<ns>[^_]+)_(?<c>.+)-(?<id>[a-z0-9]{64})\\.log$");

  @Test
  void readsTheKubeletsNames() {
    assertThat(LogName.ofFile("web-7d9-x_shop_app-" + ID + ".log"))
        .isEqualTo(new LogName("shop", "web-7d9-x", null, "app", ID, null));
    assertThat(LogName.ofFile("a.b.c_kube-system_c-1-2-" + ID + ".log"))
        .isEqualTo(new LogName("kube-system", "a.b.c", null, "c-1-2", ID, null));
  }

  @Test
  void readsTheKubeletsPaths() {
    assertThat(LogName.ofPath("/var/log/pods/shop_web-0_1234-5678/app/12.log"))
        .isEqualTo(new LogName("shop", "web-0", "1234-5678", "app", "", null));
    assertThat(LogName.ofPath("/var/log/pods/shop_web-0/app/0.log")).isNull();
    assertThat(LogName.ofPath("/var/log/containers/x.log")).isNull();
    assertThat(LogName.ofPath("/pods/")).isNull();
  }

  @Test
  void takesAUidOnlyFromAPathOfTheSamePod() {
    LogName name = new LogName("shop", "web-0", null, "c", ID, null);
    assertThat(name.uidIn("/var/log/pods/shop_web-0_u1/c/0.log")).isEqualTo("u1");
    assertThat(name.uidIn("/var/log/pods/shop_web-1_u1/c/0.log")).isNull();
  }

  @Property
  void agreesWithTheReferencesPattern(@ForAll("names") String text) {
    Matcher matcher = REFERENCE.matcher(text);
    LogName name = LogName.ofFile(text);
    if (!matcher.find()) {
      assertThat(name).isNull();
    } else {
      assertThat(name)
          .isEqualTo(
              new LogName(
                  matcher.group("ns"),
                  matcher.group("pod"),
                  null,
                  matcher.group("c"),
                  matcher.group("id"),
                  null));
    }
  }

  @Property
  void survivesAnyText(@ForAll String text) {
    LogName.ofFile(text);
    LogName.ofPath("/pods/" + text);
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> part = Arbitraries.strings().withChars("a1-.").ofMaxLength(4);
    Arbitrary<String> label = Arbitraries.strings().withChars("a1-").ofMinLength(0).ofMaxLength(4);
    Arbitrary<String> id = Arbitraries.of(ID, ID.substring(1), Rig.id('A'), "z1".repeat(32));
    Arbitrary<String> end = Arbitraries.of(".log", ".log", ".log", ".txt", "");
    return Combinators.combine(part, label, label, id, end)
        .as((p, n, c, i, e) -> p + "_" + n + "_" + c + "-" + i + e);
  }
}
