package io.logboom.it.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.testkit.kubernetes.FakeKubernetes;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceAccountTest {
  @TempDir Path directory;

  @Test
  void itsAuthorityAndTokenOpenTheApi() throws Exception {
    ServiceAccount account = ServiceAccount.in(directory);
    String token = Files.readString(directory.resolve("token"));
    try (FakeKubernetes api = FakeKubernetes.started(account.tls()).token(account.token());
        HttpClient http = HttpClient.newBuilder().sslContext(trusting()).build()) {
      URI pods = URI.create(api.url() + "/api/v1/pods");
      HttpRequest.Builder request = HttpRequest.newBuilder(pods);

      assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      request.header("Authorization", "Bearer " + token);
      assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  private SSLContext trusting() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(directory.resolve("ca.crt"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
