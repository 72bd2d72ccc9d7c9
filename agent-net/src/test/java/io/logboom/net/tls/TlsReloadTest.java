package io.logboom.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.net.HostPort;
import io.logboom.net.NetMeter;
import io.logboom.net.NetOptions;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.stream.Link;
import io.logboom.net.stream.Receiver;
import io.logboom.net.stream.StreamAddress;
import io.logboom.net.stream.StreamServer;
import io.logboom.testkit.TestMeters;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change while they are in use, and what is said of those that do not fit. */
class TlsReloadTest {
  @TempDir private static Path shared;
  private static TestCertificates ours;
  private static TestCertificates others;

  @TempDir private Path directory;
  private final TestMeters meters = new TestMeters();
  private final List<AutoCloseable> open = new ArrayList<>();
  private int generation;

  @BeforeAll
  static void makeCertificates() throws Exception {
    ours =
        TestCertificates.in(shared.resolve("ours"))
            .issue("first", "dns:localhost,ip:127.0.0.1")
            .issue("second", "dns:localhost,ip:127.0.0.1")
            .issue("expired", "dns:localhost,ip:127.0.0.1", "-40d")
            .issue("early", "dns:localhost,ip:127.0.0.1", "+2d");
    others = TestCertificates.in(shared.resolve("others")).issue("first", "dns:localhost");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  /** As the kubelet mounts a Secret: the files are links through one link that is replaced. */
  private void mount(Path certificate, Path key, Path authority) throws IOException {
    Path now = Files.createDirectories(directory.resolve("..gen" + generation++));
    Files.copy(certificate, now.resolve("tls.crt"));
    Files.copy(key, now.resolve("tls.key"));
    Files.copy(authority, now.resolve("ca.crt"));
    Path next = directory.resolve("..data_tmp");
    Files.createSymbolicLink(next, now.getFileName());
    Files.move(next, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
      Path link = directory.resolve(name);
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, Path.of("..data", name));
      }
    }
  }

  private TlsServerOptions serverOptions() {
    return new TlsServerOptions(
        true,
        directory.resolve("tls.crt"),
        directory.resolve("tls.key"),
        null,
        false,
        null,
        null,
        TlsOptions.Protocol.DEFAULT,
        TlsServerOptions.off().compatible());
  }

  private StreamServer server() throws Exception {
    StreamServer server =
        StreamServer.listen(
            new StreamServer.Settings(
                new StreamAddress.Tcp(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), false),
                16,
                1,
                "stream",
                serverOptions(),
                Duration.ofSeconds(5),
                meters));
    open.add(server);
    server.start(_ -> this::receiver);
    return server;
  }

  private final BlockingQueue<String> faults = new LinkedBlockingQueue<>();

  private Receiver receiver(Link link) {
    return new Receiver() {
      @Override
      public void opened() {}

      @Override
      public void received(Arrived bytes) {}

      @Override
      public void closed(@Nullable Throwable why) {
        faults.add(why == null ? "" : String.valueOf(why.getMessage()));
      }
    };
  }

  /** The subject of the certificate that new connections get. */
  private static String shown(int port) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            ours.server("first")
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }

  @Test
  void aServerTakesReplacedFilesAndKeepsTheOldOnesWhereTheNewAreBroken() throws Exception {
    mount(ours.certificate("first"), ours.key("first"), ours.authority());
    StreamServer server = server();
    int port = server.address().getPort();
    assertThat(shown(port)).isEqualTo("CN=first");
    String file = directory.resolve("tls.crt").toString();
    double days =
        (meters.value(TlsMeter.CERTIFICATE_EXPIRY, "file", file)
                - System.currentTimeMillis() / 1000.0)
            / 86_400;
    assertThat(days).isBetween(29.0, 30.1);

    mount(ours.certificate("second"), ours.key("second"), ours.authority());
    Awaitility.await().until(() -> shown(port).equals("CN=second"));
    assertThat(meters.count(TlsMeter.RELOADS)).isEqualTo(1);

    // A key that is not the certificate's.
    mount(ours.certificate("first"), ours.key("second"), ours.authority());
    Awaitility.await().until(() -> meters.count(TlsMeter.RELOAD_FAILURES) == 1);
    assertThat(shown(port)).isEqualTo("CN=second");

    mount(ours.certificate("first"), ours.key("first"), ours.authority());
    Awaitility.await().until(() -> shown(port).equals("CN=first"));
    assertThat(meters.count(TlsMeter.RELOAD_FAILURES)).isEqualTo(1);
    server.close();
    assertThat(meters.value(TlsMeter.CERTIFICATE_EXPIRY, "file", file)).isNaN();
  }

  @Test
  void aServerSaysWhyAClientDidNotComeIn() throws Exception {
    mount(ours.certificate("first"), ours.key("first"), ours.authority());
    int port = server().address().getPort();
    assertThatThrownBy(() -> get(port, TlsOptions.trusting(others.authority())))
        .hasMessageContaining("its certificate is signed by an authority that is not trusted here");
    assertThat(faults.poll(5, TimeUnit.SECONDS))
        .contains("it does not take our certificate (Received fatal alert: certificate_unknown)");
  }

  @Test
  void aClientTakesANewAuthorityInTheVeryCallThatFailedWithoutIt() throws Exception {
    ScriptedServer server =
        ScriptedServer.start((_, line) -> line.answer(200, "yes"), ours.server("first"), false);
    open.add(server);
    Path file = Files.copy(others.authority(), directory.resolve("authority.pem"));
    HttpClient client = client(server.port(), TlsOptions.trusting(file));
    assertThatThrownBy(() -> get(client)).hasMessageContaining("see tls.ca_file");
    assertThat(meters.count(NetMeter.CONNECT_FAILURES, "kind", "tls")).isEqualTo(1);
    Files.copy(ours.authority(), file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(get(client)).isEqualTo(200);
    assertThat(meters.count(NetMeter.CONNECT_FAILURES, "kind", "tls")).isEqualTo(1);
    assertThat(meters.count(TlsMeter.RELOADS)).isEqualTo(1);
  }

  @Test
  void aClientSaysWhatIsWrongWithTheCertificate() throws Exception {
    TlsOptions trusting = TlsOptions.trusting(ours.authority());
    assertThatThrownBy(() -> get(port("expired"), trusting))
        .hasMessageContaining("cannot be reached: TLS: its certificate has expired (NotAfter");
    assertThatThrownBy(() -> get(port("early"), trusting))
        .hasMessageContaining("TLS: its certificate is not valid yet (NotBefore");
    ScriptedServer plain = ScriptedServer.start((_, line) -> line.answer(200, "yes"));
    open.add(plain);
    plain.bare((_, line) -> line.answer(400, "no TLS here"));
    assertThatThrownBy(() -> get(plain.port(), trusting))
        .hasMessageContaining("TLS: what answers there does not speak it");
    ScriptedServer asking =
        ScriptedServer.start((_, line) -> line.answer(200, "yes"), ours.server("first"), true);
    open.add(asking);
    assertThatThrownBy(() -> get(asking.port(), trusting)).hasMessageContaining("TLS: it ");
  }

  /** The other end is OpenSSL: a server that asks for the client's certificate. */
  @Test
  void agreesWithOpenSslAndShowsItTheReplacedCertificate() throws Exception {
    mount(ours.certificate("first"), ours.key("first"), ours.authority());
    Process server =
        openssl(
            "s_server",
            "-accept",
            "127.0.0.1:0",
            "-naccept",
            "2",
            "-www",
            "-cert",
            ours.certificate("first").toString(),
            "-key",
            ours.key("first").toString(),
            "-CAfile",
            ours.authority().toString(),
            "-Verify",
            "2");
    try (var out = server.inputReader()) {
      String line = out.readLine();
      while (line != null && !line.startsWith("ACCEPT")) {
        line = out.readLine();
      }
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
      TlsOptions options =
          new TlsOptions(
              true,
              true,
              true,
              directory.resolve("ca.crt"),
              null,
              directory.resolve("tls.crt"),
              directory.resolve("tls.key"),
              null,
              null,
              TlsOptions.Protocol.DEFAULT);
      HttpClient client = client(port, options);
      assertThat(get(client)).isEqualTo(200);
      mount(ours.certificate("second"), ours.key("second"), ours.authority());
      Awaitility.await().until(() -> meters.count(TlsMeter.RELOADS) == 1);
      assertThat(get(client)).isEqualTo(200);
      assertThat(
              out.lines()
                  .map(each -> each.replace(" = ", "=")) // as older versions write it
                  .filter(each -> each.startsWith("depth=0")))
          .containsExactly("depth=0 CN=first", "depth=0 CN=second");
    } finally {
      server.destroyForcibly();
    }
  }

  /** The other end is OpenSSL: a client that verifies. */
  @Test
  void openSslTrustsTheServer() throws Exception {
    mount(ours.certificate("first"), ours.key("first"), ours.authority());
    int port = server().address().getPort();
    Process client =
        openssl(
            "s_client",
            "-connect",
            "127.0.0.1:" + port,
            "-CAfile",
            ours.authority().toString(),
            "-verify_ip",
            "127.0.0.1",
            "-verify_return_error");
    client.outputWriter().close();
    String said =
        new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replace(" = ", "=");
    assertThat(said).contains("Verify return code: 0 (ok)").contains("CN=first");
  }

  private static Process openssl(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort("there is no openssl here: " + e.getMessage());
      throw e;
    }
  }

  private int port(String certificate) throws Exception {
    ScriptedServer server =
        ScriptedServer.start((_, line) -> line.answer(200, "yes"), ours.server(certificate), false);
    open.add(server);
    return server.port();
  }

  private HttpClient client(int port, TlsOptions options) throws Exception {
    HttpClient client =
        HttpClient.create(
            new HttpClient.Settings(
                List.of(new HostPort("127.0.0.1", port)),
                NetOptions.defaults(),
                options,
                List.of(),
                meters));
    open.add(client);
    return client;
  }

  private int get(int port, TlsOptions options) throws Exception {
    return get(client(port, options));
  }

  private static int get(HttpClient client) throws Exception {
    try (HttpResponse response = client.send(HttpRequest.get("/"))) {
      response.body().readAllBytes();
      return response.status();
    }
  }
}
