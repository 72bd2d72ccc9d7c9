package io.logboom.net.tls;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import org.jspecify.annotations.Nullable;

/** Why two ends could not agree on TLS, in words that say what to do about it. */
public final class TlsReasons {
  private static final String ALERT = "Received fatal alert: ";

  private TlsReasons() {}

  /** As a client sees it: {@code it} is the server. */
  public static String ofClient(Throwable why) {
    return of(why, false);
  }

  /** As a server sees it: {@code it} is the client. */
  public static String ofServer(Throwable why) {
    return of(why, true);
  }

  /** Whether this is about TLS at all. */
  public static boolean isTls(@Nullable Throwable why) {
    return why instanceof javax.net.ssl.SSLException
        || (why instanceof DecoderException && isTls(why.getCause()));
  }

  private static String of(Throwable why, boolean server) {
    Throwable root = why;
    for (Throwable each = why; each != null; each = each.getCause()) {
      root = each;
      String text = String.valueOf(each.getMessage());
      switch (each) {
        case CertificateExpiredException e -> {
          return "its certificate has expired (" + e.getMessage() + ")";
        }
        case CertificateNotYetValidException e -> {
          return "its certificate is not valid yet (" + e.getMessage() + ")";
        }
        case CertPathBuilderException _ -> {
          return untrusted(text);
        }
        case CertPathValidatorException e
            when e.getReason() == PKIXReason.NO_TRUST_ANCHOR
                || e.getReason() == BasicReason.INVALID_SIGNATURE -> {
          return untrusted(text);
        }
        case CertificateException e
            when text.contains("subject alternative") || text.contains("No name matching") -> {
          return "its certificate is for another host (" + e.getMessage() + ")";
        }
        case NotSslRecordException _ -> {
          // Netty's own text has the bytes.
          return server ? "what it sends is not TLS" : "what answers there does not speak it";
        }
        default -> {
          if (text.contains(ALERT)) {
            String told = text.substring(text.indexOf(ALERT));
            return alert(told.substring(ALERT.length()), server) + " (" + told + ")";
          }
          if (text.contains("Empty client certificate chain")) {
            return "it shows no certificate, and tls.verify_client_cert asks for one";
          }
        }
      }
    }
    if (root instanceof ClosedChannelException) {
      return "it closed the connection in the handshake";
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private static String untrusted(String text) {
    return "its certificate is signed by an authority that is not trusted here, see tls.ca_file ("
        + text
        + ")";
  }

  private static String alert(String name, boolean server) {
    return switch (name) {
      case "unknown_ca" -> "it does not trust the authority of our certificate";
      case "certificate_expired" -> "it says that our certificate has expired";
      case "certificate_unknown", "bad_certificate", "unsupported_certificate" ->
          "it does not take our certificate";
      case "certificate_required" ->
          server ? "it asks for a certificate" : "it asks for a certificate, see tls.crt_file";
      case "protocol_version" -> "no version of TLS suits both ends, see tls.min_version";
      case "handshake_failure" ->
          "no cipher suite or certificate suits both ends"
              + (server ? "" : ", see tls.ciphers and tls.crt_file");
      case "unrecognized_name" -> "it has no host of that name, see tls.vhost";
      default -> "it ended the handshake";
    };
  }
}
