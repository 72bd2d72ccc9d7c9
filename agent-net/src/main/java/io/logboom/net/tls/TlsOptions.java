package io.logboom.net.tls;

import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The {@code tls.*} options of outputs. */
public record TlsOptions(
    @Option(name = "tls", text = "Whether connections are encrypted with TLS.", preset = "false")
        boolean on,
    @Option(
            name = "tls.verify",
            text =
                "Whether the peer's certificate must be signed by a trusted authority. Off also"
                    + " turns off the check of the host's name.",
            preset = "true")
        boolean verify,
    @Option(
            name = "tls.verify_hostname",
            text = "Whether the peer's certificate must be for the host's name.",
            preset = "true")
        boolean verifyHostname,
    @Option(name = "tls.ca_file", text = "A PEM file with the certificates of trusted authorities.")
        @Nullable Path caFile,
    @Option(
            name = "tls.ca_path",
            text = "A directory of PEM files with the certificates of trusted authorities.")
        @Nullable Path caPath,
    @Option(name = "tls.crt_file", text = "A PEM file with the client's certificate chain.")
        @Nullable Path crtFile,
    @Option(name = "tls.key_file", text = "A PEM file with the client's private key.")
        @Nullable Path keyFile,
    @Option(name = "tls.key_passwd", text = "The password of the client's private key.")
        @Nullable Secret keyPasswd,
    @Option(
            name = "tls.vhost",
            text =
                "The host name that is asked for (SNI) and checked instead of the host's own name.")
        @Nullable String vhost,
    @Options(text = "TLS protocol") Protocol protocol) {

  /** What may be spoken. */
  public record Protocol(
      @Option(
              name = "tls.min_version",
              text = "The oldest TLS version that is accepted.",
              preset = "TLSv1.2")
          String minVersion,
      @Option(
              name = "tls.max_version",
              text = "The newest TLS version that is used. By default the newest there is.")
          @Nullable String maxVersion,
      @Option(
              name = "tls.ciphers",
              text =
                  "The cipher suites, separated by colons, in the JDK's names. By default its own.")
          @Nullable String ciphers,
      @Option(name = "tls.debug", text = "Has no effect.", preset = "1") int debug) {
    /** The JDK's own choice from TLS 1.2 on. */
    public static final Protocol DEFAULT = new Protocol("TLSv1.2", null, null, 1);
  }

  /** No TLS. */
  public static TlsOptions off() {
    return new TlsOptions(false, true, true, null, null, null, null, null, null, Protocol.DEFAULT);
  }

  /** TLS that trusts the authorities in {@code caFile}; null for those of the JDK. */
  public static TlsOptions trusting(@Nullable Path caFile) {
    return new TlsOptions(true, true, true, caFile, null, null, null, null, null, Protocol.DEFAULT);
  }
}
