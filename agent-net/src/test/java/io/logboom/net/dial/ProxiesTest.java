package io.logboom.net.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.plugin.StartException;
import io.logboom.net.HostPort;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
  private static HostPort host(String text) {
    HostPort host = HostPort.parse(text, 443);
    assertThat(host).isNotNull();
    return java.util.Objects.requireNonNull(host);
  }

  @Test
  void tlsHasItsOwnProxyOrThatOfAll() throws Exception {
    Proxies both = Proxies.of(Map.of("HTTP_PROXY", "plain:1", "HTTPS_PROXY", "http://secure:2/"));
    assertThat(both.before(host("a.example"), false).address()).hasToString("plain:1");
    assertThat(both.before(host("a.example"), true).address()).hasToString("secure:2");
    Proxies one = Proxies.of(Map.of("HTTP_PROXY", "plain:1"));
    assertThat(one.before(host("a.example"), true).address()).hasToString("plain:1");
    Proxies secureOnly = Proxies.of(Map.of("HTTPS_PROXY", "secure"));
    assertThat(secureOnly.before(host("a.example"), false)).isNull();
    assertThat(secureOnly.before(host("a.example"), true).address()).hasToString("secure:80");
  }

  @Test
  void theUpperCaseWinsAndEmptyIsNotSet() throws Exception {
    assertThat(
            Proxies.of(Map.of("http_proxy", "lower:1")).before(host("a.example"), false).address())
        .hasToString("lower:1");
    assertThat(
            Proxies.of(Map.of("http_proxy", "lower:1", "HTTP_PROXY", "upper:1"))
                .before(host("a.example"), false)
                .address())
        .hasToString("upper:1");
    assertThat(
            Proxies.of(Map.of("http_proxy", "lower:1", "HTTP_PROXY", ""))
                .before(host("a.example"), false)
                .address())
        .hasToString("lower:1");
    assertThat(Proxies.of(Map.of("HTTP_PROXY", "")).before(host("a.example"), false)).isNull();
    assertThat(
            Proxies.of(Map.of("HTTP_PROXY", "p:1", "no_proxy", "a.example"))
                .before(host("a.example"), false))
        .isNull();
  }

  @Test
  void thisMachineAndCloudMetadataAreNeverBehindAProxy() throws Exception {
    Proxies all = Proxies.of(Map.of("HTTP_PROXY", "p:1"));
    for (String each :
        new String[] {
          "localhost", "127.0.0.1", "127.9.9.9", "[::1]", "169.254.169.254", "[fe80::1]"
        }) {
      assertThat(all.before(host(each), false)).as(each).isNull();
      assertThat(all.before(host(each), true)).as(each).isNull();
    }
    assertThat(all.before(host("10.96.0.1"), true)).isNotNull();
  }

  @Test
  void readsUserAndPasswordAndNeverShowsThem() throws Exception {
    Proxy proxy = Proxy.parse("http://us%40er:pa%3Ass+word@proxy.example:3128", "HTTPS_PROXY");
    assertThat(proxy.authorization()).isEqualTo("Basic dXNAZXI6cGE6c3Mrd29yZA==");
    assertThat(proxy.address()).hasToString("proxy.example:3128");
    assertThat(proxy.toString()).isEqualTo("the proxy proxy.example:3128 (HTTPS_PROXY)");
    assertThat(Proxy.parse("[fd00::3]:3128", "x").address()).hasToString("[fd00::3]:3128");
  }

  @Test
  void aProxyMayBeSpokenToByTls() {
    assertThat(Proxy.parse("http://proxy.example", "x"))
        .isEqualTo(new Proxy(new HostPort("proxy.example", 80), false, null, "x"));
    assertThat(Proxy.parse("HTTPS://proxy.example/", "x"))
        .isEqualTo(new Proxy(new HostPort("proxy.example", 443), true, null, "x"));
    assertThat(Proxy.parse("https://u:p@proxy.example:3129", "x").address())
        .hasToString("proxy.example:3129");
  }

  @Test
  void saysWhatIsWrongWithoutThePassword() {
    assertThatThrownBy(() -> Proxies.of(Map.of("https_proxy", "socks5://u:secret@p:1")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("https_proxy names a proxy that is spoken to by socks5")
        .hasMessageContaining("only http:// and https://")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> Proxies.of(Map.of("HTTP_PROXY", "http://u:secret@p:1/path")))
        .hasMessageContaining("HTTP_PROXY is no proxy")
        .hasMessageContaining("net.proxy_env_ignore")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> Proxies.of(Map.of("HTTP_PROXY", "secret@p:1")))
        .hasMessageContaining("without a password")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*                      | anything.example    | true",
        "example.com            | example.com         | true",
        "example.com            | a.b.EXAMPLE.com     | true",
        "example.com            | badexample.com      | false",
        ".example.com           | a.example.com       | true",
        ".example.com           | example.com         | false",
        "*.example.com          | a.example.com       | true",
        "EXAMPLE.com            | example.com.        | true",
        "example.com:9200       | example.com:9200    | true",
        "example.com:9200       | example.com:9201    | false",
        "a.com, b.com c.com     | c.com               | true",
        "10.0.0.0/8             | 10.96.0.1           | true",
        "10.0.0.0/8             | 11.0.0.1            | false",
        "10.1.2.0/23            | 10.1.3.255          | true",
        "10.1.2.0/23            | 10.1.4.0            | false",
        "10.0.0.0/8             | a10.example         | false",
        "192.0.2.7              | 192.0.2.7           | true",
        "192.0.2.7              | 192.0.2.70          | false",
        "192.0.2.7:9200         | 192.0.2.7:9200      | true",
        "192.0.2.7:9200         | 192.0.2.7:1         | false",
        "fd00::/8               | [fd12::1]           | true",
        "fd00::1                | [fd00:0::1]         | true",
        "[fd00::1]:9200         | [fd00::1]:9200      | true",
        "[fd00::1]:9200         | [fd00::1]:9201      | false",
        ".svc,.cluster.local    | es.logging.svc      | true",
        "0.0.0.0/0              | 8.8.8.8             | true",
        "10.0.0.0/99, , /8, :1  | 10.0.0.1            | false",
      })
  void noProxyHasDomainsAddressesNetworksAndPorts(String list, String host, boolean direct) {
    assertThat(new NoProxy(list).matches(host(host))).isEqualTo(direct);
  }
}
