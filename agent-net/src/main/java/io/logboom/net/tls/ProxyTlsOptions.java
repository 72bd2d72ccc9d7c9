package io.logboom.net.tls;

import io.logboom.api.config.Option;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The {@code tls.proxy.*} options of outputs: TLS with a proxy whose URL begins with https. */
public record ProxyTlsOptions(
    @Option(
            text =
                "Whether the certificate of a proxy that is spoken to by TLS must be signed by a"
                    + " trusted authority. Off also turns off the check of its name.",
            preset = "true")
        boolean verify,
    @Option(text = "Whether the proxy's certificate must be for the proxy's name.", preset = "true")
        boolean verifyHostname,
    @Option(
            text =
                "A PEM file with the certificates of authorities that are trusted for the proxy.")
        @Nullable Path caFile,
    @Option(
            text =
                "A directory of PEM files with the certificates of authorities that are trusted for"
                    + " the proxy.")
        @Nullable Path caPath) {
  /** The authorities of the JDK. */
  public static final ProxyTlsOptions DEFAULT = new ProxyTlsOptions(true, true, null, null);

  TlsOptions asTls() {
    return new TlsOptions(
        true,
        verify,
        verifyHostname,
        caFile,
        caPath,
        null,
        null,
        null,
        null,
        TlsOptions.Protocol.DEFAULT);
  }
}
