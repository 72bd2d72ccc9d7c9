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
  void readsAPodAndItsContainerOutOfATag() {
    String uid = "0a1b2c3d-1234-5678-9abc-def012345678";
    LogName name = new LogName("shop", "web-7d9.x", uid, "app", "", null);
    assertThat(LogName.ofTag("shop_web-7d9.x_" + uid + ".app")).isEqualTo(name);
    assertThat(LogName.ofTag("kube.sidecar.shop_web-7d9.x_" + uid + ".app.var.log.app.log"))
        .isEqualTo(name);
    assertThat(LogName.ofTag("my_own_tag.shop_web-7d9.x_" + uid + ".app")).isEqualTo(name);
    assertThat(LogName.ofTag("shop_web-7d9.x_" + uid))
        .isEqualTo(new LogName("shop", "web-7d9.x", uid, "", "", null));
    String hash = "0123456789abcdef0123456789abcdef";
    assertThat(LogName.ofTag("kube-system_etcd-node_" + hash + ".etcd"))
        .isEqualTo(new LogName("kube-system", "etcd-node", hash, "etcd", "", null));
  }

  @Test
  void takesNothingElseForAPodInATag() {
    String uid = "0a1b2c3d-1234-5678-9abc-def012345678";
    for (String tag :
        new String[] {
          "",
          "_",
          "__",
          "tail.0",
          "shop_web_" + uid + "x.app",
          "shop_web_" + uid.toUpperCase(java.util.Locale.ROOT) + ".app",
          "shop_web_" + uid.substring(1) + ".app",
          "shop_web_" + uid.replace('-', '0') + ".app",
          "_web_" + uid + ".app",
          "shop__" + uid + ".app",
          "web_" + uid + ".app",
          "Shop_web_" + uid + ".app",
          "shop_-web_" + uid + ".app",
        }) {
      assertThat(LogName.ofTag(tag)).as(tag).isNull();
    }
  }

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
