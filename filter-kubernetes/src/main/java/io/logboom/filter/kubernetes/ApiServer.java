package io.logboom.filter.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.logboom.filter.kubernetes.TransportFactory.TransportBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The server that is asked: its URL, the client with the authorities it is trusted by, and the
 * token. The client is made when first needed, and again when a handshake failed and the file of
 * authorities is another one by then. Safe for all threads.
 */
final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final int CONNECT_SECONDS = 10;

  private final String url;
  private final KubernetesConfig.Tls tls;
  private final @Nullable Path caFile;
  private final @Nullable Path caPath;
  private final Credentials credentials;
  private final @Nullable Config kubeconfig;
  private final Complaints complaints;
  private @Nullable HttpClient client;
  private @Nullable FileTime caTime;
  private boolean closed;

  /**
   * @param kubeconfig what a kubeconfig file says, credentials included; null for the service
   *     account's files
   */
  ApiServer(
      String url,
      KubernetesConfig.Tls tls,
      @Nullable Path caFile,
      @Nullable Path caPath,
      Credentials credentials,
      @Nullable Config kubeconfig,
      LongSupplier nanos) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.tls = tls;
    this.caFile = caFile;
    this.caPath = caPath;
    this.credentials = credentials;
    this.kubeconfig = kubeconfig;
    this.complaints = new Complaints(LOG, nanos);
  }

  String url() {
    return url;
  }

  Credentials credentials() {
    return credentials;
  }

  synchronized HttpClient client() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    HttpClient known = client;
    if (known == null) {
      known = open();
      client = known;
    }
    return known;
  }

  /** A request failed before any answer: what the client was made from may have changed. */
  synchronized void failed(Throwable cause) {
    if (cause instanceof SSLException && client != null && !timeOf(caFile).equals(caTime)) {
      client.close();
      client = null;
    }
  }

  private HttpClient open() throws IOException {
    TransportFactory factory = new TransportFactory();
    TransportBuilder builder = factory.newBuilder();
    if (kubeconfig != null) {
      HttpClientUtils.applyCommonConfiguration(kubeconfig, builder, factory);
      builder.tag(kubeconfig.getRequestConfig());
      return builder.build();
    }
    caTime = timeOf(caFile);
    Config config = config();
    builder.connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS);
    // Repeating is the callers' affair.
    builder.tag(config.getRequestConfig());
    builder.anyHostname(!tls.verifyHostname() || !tls.verify());
    if (tls.vhost() != null) {
      builder.tlsServerName(tls.vhost());
    }
    if (url.startsWith("https:")) {
      try {
        builder.sslContext(SSLUtils.keyManagers(config), SSLUtils.trustManagers(config));
      } catch (GeneralSecurityException e) {
        throw new IOException("cannot use the authorities in " + caFile + ": " + e.getMessage(), e);
      }
    }
    return builder.build();
  }

  private Config config() throws IOException {
    ConfigBuilder config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(url)
            .withTrustCerts(!tls.verify())
            .withRequestRetryBackoffLimit(0);
    String authorities = authorities();
    if (!authorities.isEmpty()) {
      config.withCaCertData(
          Base64.getEncoder().encodeToString(authorities.getBytes(StandardCharsets.US_ASCII)));
    } else if (url.startsWith("https:") && tls.verify()) {
      complaints.say(
          Level.WARN,
          "There is no certificate authority in "
              + caFile
              + ", so the system's are trusted for "
              + url);
    }
    return config.build();
  }

  /** The PEM text of all files of authorities. */
  private String authorities() throws IOException {
    StringBuilder pem = new StringBuilder();
    if (caFile != null && Files.exists(caFile)) {
      pem.append(Files.readString(caFile, StandardCharsets.ISO_8859_1)).append('\n');
    }
    if (caPath != null && Files.isDirectory(caPath)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(caPath, "*.{crt,pem}")) {
        for (Path file : files) {
          pem.append(Files.readString(file, StandardCharsets.ISO_8859_1)).append('\n');
        }
      }
    }
    return pem.toString();
  }

  private static FileTime timeOf(@Nullable Path file) {
    try {
      return file == null ? FileTime.fromMillis(0) : Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
