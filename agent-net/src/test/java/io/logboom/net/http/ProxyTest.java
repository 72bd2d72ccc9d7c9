package io.logboom.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.net.HostPort;
import io.logboom.net.NetMeter;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.dial.Proxies;
import io.logboom.net.tls.TlsOptions;
import io.logboom.testkit.TestMeters;
import io.logboom.testkit.http.FakeProxy;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.TestCertificates;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyTest {
  @TempDir private static Path shared;
  private static TestCertificates certificates;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final TestMeters meters = new TestMeters();

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = TestCertificates.in(shared).issue("server", "dns:search.example");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void passesPlainRequestsOnWithTheHostInTheTarget() throws Exception {
    ScriptedServer server = add(ScriptedServer.start((_, line) -> line.answer(200, "yes")));
    FakeProxy proxy = add(FakeProxy.start());
    HttpClient client = client(server.port(), false, "http://127.0.0.1:" + proxy.port());
    assertThat(post(client)).isEqualTo("200 yes");
    assertThat(post(client)).isEqualTo("200 yes");
    assertThat(proxy.lines())
        .hasSize(2)
        .containsOnly("POST http://search.example:" + server.port() + "/in HTTP/1.1");
    assertThat(server.received().getFirst().path()).isEqualTo("/in");
    assertThat(server.received().getFirst().headers())
        .containsEntry("host", "search.example:" + server.port());
    assertThat(meters.count(NetMeter.CONNECTS)).isEqualTo(1);
  }

  @Test
  void opensAWayForTlsAndKeepsIt() throws Exception {
    ScriptedServer server =
        add(
            ScriptedServer.start(
                (request, line) -> line.answer(200, request.text()),
                certificates.server("server"),
                false));
    FakeProxy proxy = add(FakeProxy.start("agent:secret"));
    HttpClient client =
        client(server.port(), true, "http://agent:secret@127.0.0.1:" + proxy.port());
    assertThat(post(client)).isEqualTo("200 body");
    assertThat(post(client)).isEqualTo("200 body");
    assertThat(proxy.lines())
        .containsExactly("CONNECT search.example:" + server.port() + " HTTP/1.1");
    assertThat(meters.count(NetMeter.CONNECTION_REUSES)).isEqualTo(1);
    assertThat(meters.count(NetMeter.SENT)).isGreaterThan(300);
    assertThat(meters.count(NetMeter.RECEIVED)).isGreaterThan(300);
  }

  @Test
  void saysWhatTheProxyRefuses() throws Exception {
    FakeProxy proxy = add(FakeProxy.start("agent:secret"));
    HttpClient without = client(1, true, "http://127.0.0.1:" + proxy.port());
    assertThatThrownBy(() -> post(without))
        .isInstanceOfSatisfying(
            HttpFailure.class, e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.UNREACHED))
        .hasMessage(
            "search.example:1 cannot be reached: the proxy 127.0.0.1:"
                + proxy.port()
                + " (HTTP_PROXY) wants a user and a password (407): give them as"
                + " http://user:password@host:port");
    HttpClient wrong = client(1, true, "http://agent:wrong@127.0.0.1:" + proxy.port());
    assertThatThrownBy(() -> post(wrong))
        .hasMessageContaining("does not take this user and password (407)")
        .hasMessageNotContaining("wrong");
    HttpClient plain = client(1, false, "http://agent:wrong@127.0.0.1:" + proxy.port());
    assertThatThrownBy(() -> post(plain))
        .isInstanceOfSatisfying(
            HttpFailure.class, e -> assertThat(e.kind()).isEqualTo(HttpFailure.Kind.UNREACHED))
        .hasMessageContaining("does not take this user and password (407)");
    HttpClient right = client(1, true, "http://agent:secret@127.0.0.1:" + proxy.port());
    proxy.refuse(403);
    assertThatThrownBy(() -> post(right))
        .hasMessageContaining("does not allow connections to search.example:1 (403)");
    proxy.refuse(502);
    assertThatThrownBy(() -> post(right))
        .hasMessageContaining("cannot reach search.example:1 (502)");
    assertThat(meters.count(NetMeter.CONNECT_FAILURES, "kind", "proxy")).isEqualTo(4);
  }

  @Test
  void saysThatTheProxyIsNotThere() throws Exception {
    FakeProxy proxy = FakeProxy.start();
    proxy.close();
    HttpClient gone = client(1, true, "http://127.0.0.1:" + proxy.port());
    assertThatThrownBy(() -> post(gone))
        .hasMessageContaining("search.example:1 cannot be reached: the proxy 127.0.0.1:")
        .hasMessageContaining("refused");
    HttpClient unknown = client(1, true, "http://nowhere.example:3128");
    assertThatThrownBy(() -> post(unknown))
        .hasMessageContaining("the proxy nowhere.example:3128 (HTTP_PROXY) has no address");
  }

  private <T extends AutoCloseable> T add(T one) {
    open.add(one);
    return one;
  }

  private static String post(HttpClient client) throws Exception {
    Segments body = new Segments(new SegmentPool(1024, 1));
    byte[] text = "body".getBytes(StandardCharsets.US_ASCII);
    body.sink().put(text, 0, text.length);
    body.seal();
    try (HttpResponse response = client.send(HttpRequest.post("/in", body))) {
      return response.status() + " " + response.excerpt(100);
    }
  }

  private HttpClient client(int port, boolean tls, String proxy) throws Exception {
    Resolver.Lookup literalsOnly =
        host -> {
          throw new UnknownHostException(host);
        };
    assertThat(InetAddress.ofLiteral("127.0.0.1").isLoopbackAddress()).isTrue();
    return add(
        HttpClient.create(
            new HttpClient.Settings(
                List.of(new HostPort("search.example", port)),
                NetOptions.defaults(),
                tls ? TlsOptions.trusting(certificates.authority()) : TlsOptions.off(),
                List.of(),
                meters,
                literalsOnly,
                Proxies.of(Map.of("HTTP_PROXY", proxy)))));
  }
}
