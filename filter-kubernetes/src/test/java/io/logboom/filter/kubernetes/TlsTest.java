package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.api.batch.Origin;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import io.logboom.testkit.kubernetes.FakePod;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String ID = Rig.id('a');

  @TempDir Path state;

  /** A self-signed certificate for {@code san}, made by the JDK's keytool. */
  private Path keys(String name, String san) throws Exception {
    Path file = state.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "server",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=" + san,
                    "-ext",
                    "bc=ca:true",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    new String(PASSWORD)))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    return file;
  }

  private static KeyStore store(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static SSLContext context(Path file) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store(file), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static void writePem(Path keys, Path pem) throws Exception {
    byte[] der = store(keys).getCertificate("server").getEncoded();
    Files.writeString(
        pem,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END CERTIFICATE-----\n");
  }

  private static void pod(FakeKubernetes api) {
    api.put(FakePod.named("shop", "web-0", "uid-web").node(Rig.NODE).container("c", "i", "i", ID));
  }

  private static Origin web(Rig rig) {
    return rig.origin("shop", "web-0", "uid-web", "c", ID);
  }

  @Test
  void trustsTheAuthorityInTheFile() throws Exception {
    Path keys = keys("good", "ip:127.0.0.1");
    Path pem = state.resolve("ca.crt");
    writePem(keys, pem);
    try (FakeKubernetes api = FakeKubernetes.started(context(keys))) {
      pod(api);
      try (Rig rig = Rig.onNode(state, api, "kube_ca_file", pem.toString())) {
        assertThat(rig.isComplete(web(rig))).isTrue();
        await().until(() -> api.openWatches() == 1);
        api.label("shop", "web-0", "app", "tls");
        Origin origin = web(rig);
        await()
            .atMost(Duration.ofSeconds(5))
            .until(() -> rig.labels(origin).path("app").asText().equals("tls"));
      }
    }
  }

  @Test
  void refusesAServerThatItDoesNotTrustUntilTheFileSaysSo() throws Exception {
    Path keys = keys("late", "ip:127.0.0.1");
    Path pem = state.resolve("ca.crt");
    writePem(keys("other", "ip:127.0.0.1"), pem);
    try (FakeKubernetes api = FakeKubernetes.started(context(keys))) {
      pod(api);
      String[] options = {"kube_ca_file", pem.toString(), "kube_meta_wait", "0.5s"};
      try (Rig rig = Rig.onNode(state, api, options)) {
        Origin origin = web(rig);
        assertThat(rig.isComplete(origin)).isFalse();
        assertThat(api.calls()).isEmpty();
        writePem(keys, pem);
        Files.setLastModifiedTime(
            pem, java.nio.file.attribute.FileTime.fromMillis(4_000_000_000_000L));
        await().atMost(Duration.ofSeconds(20)).until(() -> rig.isComplete(origin));
      }
    }
  }

  @Test
  void refusesACertificateForAnotherHostUnlessToldNotTo() throws Exception {
    Path keys = keys("elsewhere", "dns:elsewhere.example");
    Path pem = state.resolve("ca.crt");
    writePem(keys, pem);
    try (FakeKubernetes api = FakeKubernetes.started(context(keys))) {
      pod(api);
      String[] strict = {"kube_ca_file", pem.toString(), "kube_meta_wait", "0.5s"};
      try (Rig rig = Rig.onNode(state, api, strict)) {
        assertThat(rig.isComplete(web(rig))).isFalse();
      }
      String[] loose = {"kube_ca_file", pem.toString(), "tls.verify_hostname", "off"};
      try (Rig rig = Rig.onNode(state, api, loose)) {
        assertThat(rig.isComplete(web(rig))).isTrue();
      }
      String[] vhost = {"kube_ca_file", pem.toString(), "tls.vhost", "elsewhere.example"};
      try (Rig rig = Rig.onNode(state, api, vhost)) {
        assertThat(rig.isComplete(web(rig))).isTrue();
      }
    }
  }

  @Test
  void trustsAnyServerWithVerificationOff() throws Exception {
    try (FakeKubernetes api = FakeKubernetes.started(context(keys("any", "dns:x")))) {
      pod(api);
      String[] options = {"kube_ca_file", state + "/absent", "tls.verify", "off"};
      try (Rig rig = Rig.onNode(state, api, options)) {
        assertThat(rig.isComplete(web(rig))).isTrue();
      }
    }
  }
}
