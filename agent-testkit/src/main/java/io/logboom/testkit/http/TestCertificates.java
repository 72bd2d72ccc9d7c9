package io.logboom.testkit.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority and certificates that it signed, made with the JDK's keytool in a directory of the
 * test.
 */
public final class TestCertificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;

  private TestCertificates(Path directory) {
    this.directory = directory;
  }

  /** Makes an authority in {@code directory}. */
  public static TestCertificates in(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    Files.createDirectories(directory);
    TestCertificates made = new TestCertificates(directory);
    made.generate("ca", "CN=Test Authority", "-ext", "bc:c");
    writePem(made.authority(), "CERTIFICATE", made.store().getCertificate("ca").getEncoded());
    return made;
  }

  /** The authority's certificate. */
  public Path authority() {
    return directory.resolve("ca.pem");
  }

  /** The certificate chain that {@link #issue} made. */
  public Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  /** The private key that {@link #issue} made, in PKCS#8. */
  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /**
   * Makes a key and a certificate signed by the authority.
   *
   * @param san its names, such as {@code dns:localhost,ip:127.0.0.1}
   */
  public TestCertificates issue(String name, String san)
      throws IOException, InterruptedException, GeneralSecurityException {
    return issue(name, san, "-0d");
  }

  /**
   * Makes a certificate whose 30 days begin another day.
   *
   * @param start as keytool has it, such as {@code -40d}
   */
  public TestCertificates issue(String name, String san, String start)
      throws IOException, InterruptedException, GeneralSecurityException {
    generate(name, "CN=" + name, "-signer", "ca", "-ext", "san=" + san, "-startdate", start);
    KeyStore store = store();
    writePem(certificate(name), "CERTIFICATE", store.getCertificate(name).getEncoded());
    writePem(key(name), "PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()).getEncoded());
    return this;
  }

  /** Writes a file in PEM form. */
  public static void writePem(Path file, String kind, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der)
            + "\n-----END "
            + kind
            + "-----\n");
  }

  /** A context for a server with the certificate {@code name}, which trusts the authority. */
  public SSLContext server(String name) throws IOException, GeneralSecurityException {
    KeyStore all = store();
    KeyStore own = empty();
    own.setKeyEntry(
        name,
        all.getKey(name, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(name));
    KeyStore trusted = empty();
    trusted.setCertificateEntry("ca", all.getCertificate("ca"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private KeyStore store() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("all.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private void generate(String name, String subject, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-dname",
                subject,
                "-storetype",
                "PKCS12",
                "-keystore",
                "all.p12"));
    arguments.addAll(List.of(more));
    keytool(arguments.toArray(String[]::new));
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
  }
}
