package io.logboom.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.config.Secret;
import io.logboom.api.plugin.StartException;
import io.logboom.net.HostPort;
import io.logboom.net.NetOptions;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.testkit.TestMeters;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir private static Path shared;
  private static TestCertificates certificates;

  @TempDir private Path directory;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates =
        TestCertificates.in(shared)
            .issue("server", "dns:search.example,ip:127.0.0.1")
            .issue("client", "dns:agent.example");
  }

  @Test
  void trustsTheAuthorityInTheFileOrDirectory() throws Exception {
    assertThat(exchange(options(certificates.authority(), null, true, true, null), "127.0.0.1"))
        .isEqualTo(200);
    Path authorities = Files.createDirectories(directory.resolve("authorities"));
    Files.copy(certificates.authority(), authorities.resolve("ours.pem"));
    assertThat(exchange(options(null, authorities, true, true, null), "127.0.0.1")).isEqualTo(200);
  }

  @Test
  void refusesAnUnknownAuthorityByDefault() {
    assertThatThrownBy(() -> exchange(TlsOptions.trusting(null), "127.0.0.1"))
        .hasMessageContaining("cannot be reached: TLS: ")
        .hasMessageContaining("unable to find valid certification path");
  }

  @Test
  void refusesACertificateForAnotherHostByDefault() throws Exception {
    TlsOptions strict = options(certificates.authority(), null, true, true, null);
    assertThatThrownBy(() -> exchange(strict, "other.example"))
        .hasMessageContaining("other.example");
    assertThat(exchange(strict, "search.example")).isEqualTo(200);
    TlsOptions lax = options(certificates.authority(), null, true, false, null);
    assertThat(exchange(lax, "other.example")).isEqualTo(200);
  }

  @Test
  void asksForAndChecksTheNameInVhost() throws Exception {
    TlsOptions vhost = options(certificates.authority(), null, true, true, "search.example");
    assertThat(exchange(vhost, "other.example")).isEqualTo(200);
  }

  @Test
  void takesAnythingWhereVerifyIsOff() throws Exception {
    assertThat(exchange(options(null, null, false, true, null), "other.example")).isEqualTo(200);
  }

  @Test
  void showsTheClientCertificate() throws Exception {
    TlsOptions without = options(certificates.authority(), null, true, true, null);
    assertThatThrownBy(() -> exchange(without, "127.0.0.1", true)).isInstanceOf(IOException.class);
    assertThat(exchange(with(certificates.key("client"), null), "127.0.0.1", true)).isEqualTo(200);
  }

  @Test
  void readsKeysInPkcs8AndPkcs1() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(new ECGenParameterSpec("secp256r1"));
    PrivateKey one = rsa.generateKeyPair().getPrivate();
    PrivateKey other = ec.generateKeyPair().getPrivate();
    assertThat(read("PRIVATE KEY", one.getEncoded())).isEqualTo(one);
    assertThat(read("PRIVATE KEY", other.getEncoded())).isEqualTo(other);
    assertThat(read("RSA PRIVATE KEY", inner(one.getEncoded()))).isEqualTo(one);
  }

  /** One key, as {@code openssl ecparam -genkey} and {@code openssl pkcs8 -topk8} wrote it. */
  @Test
  void readsTheSameKeyInSec1AndEncrypted() throws Exception {
    Path plain =
        Files.writeString(
            directory.resolve("sec1.key"),
            """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEILIxzFw3resEmfLLUxbrcgMp6EPR663xthOtfsQtjy0roAoGCCqGSM49
            AwEHoUQDQgAEUeN85HhHai1Pp+DJ/99LK1WUku3/spUM9yykUVaJ5nhNoFzUC0DP
            JebeAevu3IhMD70xe/pUSrjHHqIt/QJEVw==
            -----END EC PRIVATE KEY-----
            """);
    Path encrypted =
        Files.writeString(
            directory.resolve("encrypted.key"),
            """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiBWKZHrJzKrAICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEJlO4cLrTdm0O6tdOBjJR3gEgZA7
            4CMjI0m2Z1qi8n9UL2UFiWN7UbsEO4SvW+b1gOScbaU1iouDHEaKv2xsf4+ExvXk
            skfqeXhzAdvEc7uKOnClKKbSoEViTph4isKbUHb3LHr/CRJPF0362/ei5EtGEg23
            B/R2B+5zI/5Dt0WGgl8Ci50uHp6bdyTxaakPncGwEYY5za94VUW7i4bzowRQzOY=
            -----END ENCRYPTED PRIVATE KEY-----
            """);
    ECPrivateKey key = (ECPrivateKey) PemKeys.read(plain, null);
    ECPrivateKey same = (ECPrivateKey) PemKeys.read(encrypted, new Secret("secret"));
    assertThat(same.getS()).isEqualTo(key.getS());
    assertThat(same.getParams()).isEqualTo(key.getParams());
    assertThatThrownBy(() -> PemKeys.read(encrypted, new Secret("wrong")))
        .hasMessageContaining("tls.key_passwd does not open the key");
    assertThatThrownBy(() -> PemKeys.read(encrypted, null))
        .hasMessageContaining("tls.key_passwd is not given");
  }

  @Test
  void namesTheFileThatCannotBeUsed() throws Exception {
    Path none = directory.resolve("missing.pem");
    assertThatThrownBy(() -> Tls.client(options(none, null, true, true, null)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("missing.pem");
    Path text = Files.writeString(directory.resolve("text.pem"), "no certificate at all");
    assertThatThrownBy(() -> Tls.client(options(text, null, true, true, null)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("text.pem");
    assertThatThrownBy(() -> Tls.client(with(text, null)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("no private key");
  }

  // ---- what the tests are made of

  private static int exchange(TlsOptions options, String host) throws Exception {
    return exchange(options, host, false);
  }

  private static int exchange(TlsOptions options, String host, boolean clientCertificate)
      throws Exception {
    byte[] large = new byte[300_000];
    Arrays.fill(large, (byte) 'x');
    try (ScriptedServer server =
            ScriptedServer.start(
                (request, line) -> line.answer(200, request.text()),
                certificates.server("server"),
                clientCertificate);
        HttpClient client =
            HttpClient.create(
                new HttpClient.Settings(
                    List.of(new HostPort(host, server.port())),
                    NetOptions.defaults(),
                    options,
                    List.of(),
                    new TestMeters(),
                    _ -> new InetAddress[] {InetAddress.getLoopbackAddress()}))) {
      var segments =
          new io.logboom.net.body.Segments(new io.logboom.net.body.SegmentPool(64 * 1024, 4));
      segments.sink().put(large, 0, large.length);
      segments.seal();
      int status = 0;
      for (int i = 0; i < 3; i++) {
        try (HttpResponse response = client.send(HttpRequest.post("/", segments))) {
          assertThat(response.body().readAllBytes()).isEqualTo(large);
          status = response.status();
        }
      }
      assertThat(server.connections()).isEqualTo(1);
      return status;
    }
  }

  private static TlsOptions options(
      @Nullable Path caFile,
      @Nullable Path caPath,
      boolean verify,
      boolean verifyHostname,
      @Nullable String vhost) {
    return new TlsOptions(
        true,
        verify,
        verifyHostname,
        caFile,
        caPath,
        null,
        null,
        null,
        vhost,
        TlsOptions.Protocol.DEFAULT);
  }

  private static TlsOptions with(Path key, @Nullable Secret password) {
    return new TlsOptions(
        true,
        true,
        true,
        certificates.authority(),
        null,
        certificates.certificate("client"),
        key,
        password,
        null,
        TlsOptions.Protocol.DEFAULT);
  }

  private PrivateKey read(String kind, byte[] der) throws Exception {
    Path file = directory.resolve("a.key");
    TestCertificates.writePem(file, kind, der);
    return PemKeys.read(file, null);
  }

  /** PKCS#1 out of PKCS#8: the content of its only octet string, 26 bytes in for such keys. */
  private static byte[] inner(byte[] pkcs8) {
    return Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
  }
}
