package io.logboom.aws;

import io.logboom.net.body.Segments;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a signature covers a request's body.
 *
 * @param sha256 the body's SHA-256 in lower-case hexadecimal digits; null where the signature does
 *     not cover the body
 */
public record Payload(@Nullable String sha256) {
  /** The body is not covered. For S3 over TLS; other services refuse it. */
  public static final Payload UNSIGNED = new Payload(null);

  public Payload {
    if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("no SHA-256: " + sha256);
    }
  }

  /**
   * The hash of these bytes.
   *
   * @param body sealed; null for an empty one
   */
  public static Payload of(@Nullable Segments body) {
    MessageDigest digest = digest();
    for (int i = 0; body != null && i < body.count(); i++) {
      digest.update(body.segment(i), 0, body.used(i));
    }
    return new Payload(HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }
}
