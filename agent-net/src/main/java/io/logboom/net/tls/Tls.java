package io.logboom.net.tls;

import io.logboom.api.config.Secret;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS contexts from {@link TlsOptions}. */
public final class Tls {
  private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");

  private Tls() {}

  /** The rules between the options, without opening a file. */
  public static void check(TlsOptions options, Problems problems) {
    if ((options.crtFile() == null) != (options.keyFile() == null)) {
      problems.error(
          options.crtFile() == null ? "tls.key_file" : "tls.crt_file",
          "a client certificate needs tls.crt_file and tls.key_file",
          "give both, or neither");
    }
    check(options.protocol(), problems);
    if (options.on() && !options.verify()) {
      problems.warning(
          "tls.verify",
          "is off: anyone on the way can read and change what is sent",
          "name the authority in tls.ca_file instead");
    }
    if (!options.on() && (options.caFile() != null || options.crtFile() != null)) {
      problems.warning("tls", "is off, so the other tls options have no effect", "tls: on");
    }
  }

  /** The rules between the options of a server, without opening a file. */
  public static void check(TlsServerOptions options, Problems problems) {
    if ((options.crtFile() == null) != (options.keyFile() == null)) {
      problems.error(
          options.crtFile() == null ? "tls.key_file" : "tls.crt_file",
          "a server's certificate needs tls.crt_file and tls.key_file",
          "give both");
    }
    check(options.protocol(), problems);
    if (options.on() && options.crtFile() == null && options.keyFile() == null) {
      problems.error(
          "tls", "a server needs a certificate", "give tls.crt_file and tls.key_file as well");
    }
    boolean authorities = options.caFile() != null || options.caPath() != null;
    if (options.verifyClientCert() && !authorities) {
      problems.error(
          "tls.verify_client_cert",
          "nothing says which certificates are right",
          "name the authority in tls.ca_file");
    }
    if (options.on() && authorities && !options.verifyClientCert()) {
      problems.warning(
          options.caFile() != null ? "tls.ca_file" : "tls.ca_path",
          "has no effect: clients are not asked for a certificate",
          "tls.verify_client_cert: on");
    }
    if (!options.on() && options.crtFile() != null) {
      problems.warning("tls", "is off, so the other tls options have no effect", "tls: on");
    }
  }

  private static void check(TlsOptions.Protocol protocol, Problems problems) {
    version("tls.min_version", protocol.minVersion(), problems);
    if (protocol.maxVersion() != null) {
      version("tls.max_version", protocol.maxVersion(), problems);
    }
    if (protocol.maxVersion() != null
        && index(protocol.minVersion()) > index(protocol.maxVersion())
        && index(protocol.maxVersion()) >= 0) {
      problems.error("tls.max_version", "is older than tls.min_version", "");
    }
  }

  /**
   * A context for servers.
   *
   * @throws StartException where a file cannot be read or used; the message names it
   */
  public static SslContext server(TlsServerOptions options) throws StartException {
    Path certificate = options.crtFile();
    Path key = options.keyFile();
    if (certificate == null || key == null) {
      throw new StartException("TLS needs tls.crt_file and tls.key_file");
    }
    NativeCrypto.use();
    SslContextBuilder builder;
    try {
      Pair pair = pair(certificate, key, options.keyPasswd());
      builder = SslContextBuilder.forServer(pair.key, pair.chain);
    } catch (IllegalArgumentException | GeneralSecurityException | IOException e) {
      throw new StartException(
          "the server's certificate "
              + certificate
              + " with the key "
              + key
              + " cannot be used: "
              + e.getMessage(),
          e);
    }
    builder.sslProvider(SslProvider.JDK);
    if (options.verifyClientCert()) {
      builder
          .trustManager(trusted(options.caFile(), options.caPath()))
          .clientAuth(ClientAuth.REQUIRE);
    }
    return build(builder, options.protocol());
  }

  private static SslContext build(SslContextBuilder builder, TlsOptions.Protocol protocol)
      throws StartException {
    builder.protocols(versions(protocol));
    if (protocol.ciphers() != null) {
      builder.ciphers(List.of(protocol.ciphers().split(":")));
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new StartException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /**
   * A context for clients.
   *
   * @throws StartException where a file cannot be read or used; the message names it
   */
  public static SslContext client(TlsOptions options) throws StartException {
    NativeCrypto.use();
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (!options.verify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else {
      List<X509Certificate> trusted = trusted(options.caFile(), options.caPath());
      if (!trusted.isEmpty()) {
        builder.trustManager(trusted);
      }
    }
    builder.endpointIdentificationAlgorithm(
        options.verify() && options.verifyHostname() ? "HTTPS" : null);
    if (options.crtFile() != null && options.keyFile() != null) {
      try {
        Pair pair = pair(options.crtFile(), options.keyFile(), options.keyPasswd());
        builder.keyManager(pair.key, pair.chain);
      } catch (IllegalArgumentException | GeneralSecurityException | IOException e) {
        throw new StartException(
            "the client certificate "
                + options.crtFile()
                + " with the key "
                + options.keyFile()
                + " cannot be used: "
                + e.getMessage(),
            e);
      }
    }
    return build(builder, options.protocol());
  }

  private record Pair(PrivateKey key, List<X509Certificate> chain) {}

  /** Reads both; as they may be replaced one after the other, they need not belong together. */
  private static Pair pair(Path certificate, Path key, @Nullable Secret password)
      throws StartException, IOException, GeneralSecurityException {
    PrivateKey secret = PemKeys.read(key, password);
    List<X509Certificate> chain = certificates(certificate);
    PublicKey open = chain.getFirst().getPublicKey();
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> secret.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    byte[] text = {1, 2, 3};
    boolean fits;
    try {
      signature.initSign(secret);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(text);
      fits = signature.verify(signed);
    } catch (InvalidKeyException | SignatureException e) {
      fits = false; // keys of two kinds
    }
    if (!fits) {
      throw new InvalidKeyException("the key is not the certificate's");
    }
    return new Pair(secret, chain);
  }

  private static List<X509Certificate> trusted(@Nullable Path caFile, @Nullable Path caPath)
      throws StartException {
    List<X509Certificate> all = new ArrayList<>();
    if (caFile != null) {
      all.addAll(certificates(caFile));
    }
    if (caPath != null) {
      List<Path> files;
      try (Stream<Path> each = Files.list(caPath)) {
        files = each.filter(Files::isRegularFile).sorted().toList();
      } catch (IOException e) {
        throw new StartException("the directory " + caPath + " of certificates cannot be read", e);
      }
      for (Path file : files) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".pem") || name.endsWith(".crt") || name.endsWith(".0")) {
          all.addAll(certificates(file));
        }
      }
      if (all.isEmpty()) {
        throw new StartException("the directory " + caPath + " has no certificate");
      }
    }
    return all;
  }

  /** All certificates of a PEM file, at least one. */
  public static List<X509Certificate> certificates(Path file) throws StartException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new StartException(file + " has no certificate in PEM form");
      }
      return found;
    } catch (IOException e) {
      throw new StartException("the certificate file " + file + " cannot be read", e);
    } catch (CertificateException e) {
      throw new StartException(
          "the certificate file " + file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static List<String> versions(TlsOptions.Protocol protocol) {
    int from = index(protocol.minVersion());
    int to = protocol.maxVersion() == null ? VERSIONS.size() - 1 : index(protocol.maxVersion());
    return VERSIONS.subList(Math.max(0, from), Math.max(0, to) + 1);
  }

  private static void version(String option, String value, Problems problems) {
    if (index(value) < 0) {
      problems.error(option, "is no TLS version known here", "TLSv1.2 or TLSv1.3");
    }
  }

  /** The version's place in {@link #VERSIONS}; older ones count as the oldest; -1 for none. */
  private static int index(@Nullable String version) {
    if (version == null) {
      return -1;
    }
    String digits = version.toUpperCase(Locale.ROOT).replace("TLSV", "").replace("TLS", "");
    return switch (digits) {
      case "1", "1.0", "1.1", "1.2" -> 0;
      case "1.3" -> 1;
      default -> -1;
    };
  }
}
