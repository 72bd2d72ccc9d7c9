package io.logboom.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.net.HostPort;
import io.logboom.net.NetMeter;
import io.logboom.net.NetOptions;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.dial.Proxies;
import io.logboom.net.dial.Proxy;
import io.logboom.net.tls.ProxyTlsOptions;
import io.logboom.net.tls.TlsOptions;
import io.logboom.testkit.TestMeters;
import io.logboom.testkit.http.FakeProxy;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyTest {
  @TempDir private static Path shared;
  private static TestCertificates certificates;

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final TestMeters meters = new TestMeters();

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates =
        TestCertificates.in(shared)
            .issue("server", "dns:search.example,dns:localhost")
            .issue("proxy", "dns:localhost");
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

  /** With the proxy, by its own certificate, and through its tunnel with the receiver. */
  @Test
  void speaksTlsWithAProxyAndThroughIt() throws Exception {
    ScriptedServer server =
        add(
            ScriptedServer.start(
                (request, line) -> line.answer(200, request.text().repeat(50_000)),
                certificates.server("server"),
                false));
    FakeProxy proxy = add(FakeProxy.start("agent:secret", certificates.server("proxy")));
    ProxyTlsOptions trusting = new ProxyTlsOptions(true, true, certificates.authority(), null);
    HttpClient client =
        client(server.port(), true, "https://agent:secret@localhost:" + proxy.port(), trusting);
    for (int i = 0; i < 3; i++) {
      assertThat(post(client)).isEqualTo("200 " + "body".repeat(25));
    }
    assertThat(proxy.lines())
        .containsExactly("CONNECT search.example:" + server.port() + " HTTP/1.1");
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void speaksTlsWithAProxyThatPassesPlainRequestsOn() throws Exception {
    ScriptedServer server = add(ScriptedServer.start((_, line) -> line.answer(200, "yes")));
    FakeProxy proxy = add(FakeProxy.start("agent:secret", certificates.server("proxy")));
    ProxyTlsOptions careless = new ProxyTlsOptions(false, true, null, null);
    HttpClient client =
        client(server.port(), false, "https://agent:secret@localhost:" + proxy.port(), careless);
    assertThat(post(client)).isEqualTo("200 yes");
    assertThat(post(client)).isEqualTo("200 yes");
    assertThat(proxy.lines())
        .containsOnly("POST http://search.example:" + server.port() + "/in HTTP/1.1");
  }

  /** The kernel sends files where there is no TLS, and there is some on the way to the proxy. */
  @Test
  void sendsAFileThroughAProxyThatIsSpokenToByTls() throws Exception {
    ScriptedServer server =
        add(ScriptedServer.start((request, line) -> line.answer(200, request.text())));
    FakeProxy proxy = add(FakeProxy.start(null, certificates.server("proxy")));
    ProxyTlsOptions trusting = new ProxyTlsOptions(true, true, certificates.authority(), null);
    HttpClient client = client(server.port(), false, "https://localhost:" + proxy.port(), trusting);
    Path path = Files.writeString(shared.resolve("body"), "<the body>");
    try (FileChannel file = FileChannel.open(path)) {
      Segments body =
          Segments.reading(
              file, 1, 8, (into, count, at) -> file.read(ByteBuffer.wrap(into, 0, count), 1 + at));
      try (HttpResponse response = client.send(HttpRequest.post("/in", body))) {
        assertThat(response.excerpt(100)).isEqualTo("the body");
      }
    }
  }

  @Test
  void saysWhyTheProxyIsNotTrusted() throws Exception {
    FakeProxy proxy = add(FakeProxy.start(null, certificates.server("proxy")));
    HttpClient unknown =
        client(1, true, "https://localhost:" + proxy.port(), ProxyTlsOptions.DEFAULT);
    assertThatThrownBy(() -> post(unknown))
        .hasMessageStartingWith(
            "search.example:1 cannot be reached: the proxy localhost:"
                + proxy.port()
                + " (HTTP_PROXY) and this agent do not agree on TLS: its certificate");
    ProxyTlsOptions trusting = new ProxyTlsOptions(true, true, certificates.authority(), null);
    HttpClient other = client(1, true, "https://127.0.0.1:" + proxy.port(), trusting);
    assertThatThrownBy(() -> post(other)).hasMessageContaining("is for another host");
    ScriptedServer plain = add(ScriptedServer.start((_, line) -> line.close()));
    plain.bare(
        (_, line) -> line.raw("HTTP/1.1 400 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    HttpClient not = client(1, false, "https://localhost:" + plain.port(), trusting);
    assertThatThrownBy(() -> post(not)).hasMessageContaining("do not agree on TLS");
    assertThat(meters.count(NetMeter.CONNECT_FAILURES, "kind", "proxy")).isGreaterThan(2);
    assertThat(meters.count(NetMeter.CONNECTS)).isZero();
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

  /** The proxy is tinyproxy, which wants a password and allows ways to one port only. */
  @Test
  void agreesWithARealProxy() throws Exception {
    ScriptedServer plain = add(ScriptedServer.start((_, line) -> line.answer(200, "plain")));
    ScriptedServer secure =
        add(
            ScriptedServer.start(
                (_, line) -> line.answer(200, "secure"), certificates.server("server"), false));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path settings =
        Files.writeString(
            directory.resolve("tinyproxy.conf"),
            "Port "
                + port
                + "\nListen 127.0.0.1\nBasicAuth agent s3cret\nConnectPort "
                + secure.port()
                + "\n");
    Process proxy;
    try {
      proxy =
          new ProcessBuilder("tinyproxy", "-d", "-c", settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("tinyproxy.log").toFile())
              .start();
    } catch (IOException e) {
      Assumptions.abort("there is no tinyproxy here: " + e.getMessage());
      return;
    }
    try {
      Proxies right =
          Proxies.all(Proxy.parse("http://agent:s3cret@127.0.0.1:" + port, "HTTP_PROXY"));
      HttpClient through = client("localhost", plain.port(), TlsOptions.off(), right);
      Awaitility.await()
          .ignoreExceptionsInstanceOf(HttpFailure.class)
          .untilAsserted(() -> assertThat(post(through)).isEqualTo("200 plain"));
      TlsOptions trusting = TlsOptions.trusting(certificates.authority());
      HttpClient tunnelled = client("localhost", secure.port(), trusting, right);
      assertThat(post(tunnelled)).isEqualTo("200 secure");
      assertThat(post(tunnelled)).isEqualTo("200 secure");
      assertThat(secure.connections()).isEqualTo(1);
      Proxies wrong = Proxies.all(Proxy.parse("agent:wrong@127.0.0.1:" + port, "HTTP_PROXY"));
      assertThatThrownBy(() -> post(client("localhost", secure.port(), trusting, wrong)))
          .hasMessageContaining("does not take this user and password (40");
      assertThatThrownBy(() -> post(client("localhost", plain.port(), trusting, right)))
          .hasMessageContaining("does not allow connections to localhost:" + plain.port());
    } finally {
      proxy.destroyForcibly();
    }
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
    return client(port, tls, proxy, ProxyTlsOptions.DEFAULT);
  }

  private HttpClient client(int port, boolean tls, String proxy, ProxyTlsOptions proxyTls)
      throws Exception {
    return client(
        "search.example",
        port,
        tls ? TlsOptions.trusting(certificates.authority()) : TlsOptions.off(),
        NetOptions.defaults().withProxyTls(proxyTls),
        Proxies.of(Map.of("HTTP_PROXY", proxy)));
  }

  private HttpClient client(String host, int port, TlsOptions tls, Proxies proxies)
      throws Exception {
    return client(host, port, tls, NetOptions.defaults(), proxies);
  }

  /** No name of a receiver can be looked up here: the proxy knows them. */
  private HttpClient client(String host, int port, TlsOptions tls, NetOptions net, Proxies proxies)
      throws Exception {
    return add(
        HttpClient.create(
            new HttpClient.Settings(
                List.of(new HostPort(host, port)),
                net,
                tls,
                List.of(),
                meters,
                name -> {
                  if (name.equals("localhost")) {
                    return new InetAddress[] {InetAddress.getLoopbackAddress()};
                  }
                  throw new UnknownHostException(name);
                },
                proxies)));
  }
}
