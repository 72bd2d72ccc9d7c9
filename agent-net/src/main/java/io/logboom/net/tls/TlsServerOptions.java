package io.logboom.net.tls;

import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The {@code tls.*} options of inputs that listen. */
public record TlsServerOptions(
    @Option(name = "tls", text = "Whether connections are encrypted with TLS.", preset = "false")
        boolean on,
    @Option(name = "tls.crt_file", text = "A PEM file with the server's certificate chain.")
        @Nullable Path crtFile,
    @Option(name = "tls.key_file", text = "A PEM file with the server's private key.")
        @Nullable Path keyFile,
    @Option(name = "tls.key_passwd", text = "The password of the server's private key.")
        @Nullable Secret keyPasswd,
    @Option(
            name = "tls.verify_client_cert",
            text =
                "Whether clients must have a certificate that is signed by an authority in"
                    + " tls.ca_file or tls.ca_path (mutual TLS).",
            preset = "false")
        boolean verifyClientCert,
    @Option(
            name = "tls.ca_file",
            text = "A PEM file with the certificates of the authorities for clients.")
        @Nullable Path caFile,
    @Option(
            name = "tls.ca_path",
            text = "A directory of PEM files with the certificates of the authorities for clients.")
        @Nullable Path caPath,
    @Options(text = "TLS protocol") TlsOptions.Protocol protocol,
    @Options(text = "TLS options without effect") Compatible compatible) {

  /** Options of Fluent Bit that change nothing here. */
  public record Compatible(
      @Option(
              name = "tls.verify",
              text = "Has no effect on a server: tls.verify_client_cert asks for certificates.",
              preset = "true")
          boolean verify,
      @Option(name = "tls.verify_hostname", text = "Has no effect on a server.", preset = "false")
          boolean verifyHostname,
      @Option(name = "tls.vhost", text = "Has no effect on a server.") @Nullable String vhost) {}

  /** No TLS. */
  public static TlsServerOptions off() {
    return new TlsServerOptions(
        false,
        null,
        null,
        null,
        false,
        null,
        null,
        TlsOptions.Protocol.DEFAULT,
        new Compatible(true, false, null));
  }
}
