package io.logboom.aws;

import io.logboom.net.body.Segments;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** How a signature covers a request's body. */
public final class Payload {
  /** The body is not covered. For S3 over TLS; other services refuse it. */
  public static final Payload UNSIGNED = new Payload(false, null, null);

  private final boolean signed;
  private final @Nullable Segments body;
  private final @Nullable String sha256;

  private Payload(boolean signed, @Nullable Segments body, @Nullable String sha256) {
    this.signed = signed;
    this.body = body;
    this.sha256 = sha256;
  }

  /**
   * By its SHA-256, which is computed when the request is signed.
   *
   * @param body sealed, and not changed until then; null for an empty one
   */
  public static Payload of(@Nullable Segments body) {
    return new Payload(true, body, null);
  }

  /**
   * By its SHA-256, which is known: the body is not read. For S3 alone.
   *
   * @param sha256 in hexadecimal digits
   */
  public static Payload hashed(String sha256) {
    return new Payload(true, null, sha256);
  }

  /** The body's SHA-256; null where it is to be computed. */
  @Nullable String sha256() {
    return sha256;
  }

  boolean isSigned() {
    return signed;
  }

  /** The bytes that the signature covers; null for none. */
  @Nullable InputStream bytes() {
    return body == null ? null : new SegmentsStream(body);
  }

  /** Reads segments in their order. */
  private static final class SegmentsStream extends InputStream {
    private final Segments body;
    private int segment;
    private int at;

    SegmentsStream(Segments body) {
      this.body = body;
    }

    @Override
    public int read() {
      return next() ? body.segment(segment)[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int most) {
      if (!next()) {
        return -1;
      }
      int count = Math.min(most, body.used(segment) - at);
      System.arraycopy(body.segment(segment), at, into, from, count);
      at += count;
      return count;
    }

    private boolean next() {
      while (segment < body.count()) {
        if (at < body.used(segment)) {
          return true;
        }
        segment++;
        at = 0;
      }
      return false;
    }
  }
}
