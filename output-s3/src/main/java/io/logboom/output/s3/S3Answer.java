package io.logboom.output.s3;

import io.logboom.aws.AwsError;
import io.logboom.net.http.HttpResponse;
import io.logboom.output.s3.UploadFailure.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An answer of S3, read to its end, or as far as it is read at all.
 *
 * @param host who gave it
 * @param etag empty where there is none
 * @param length that it says of the object; -1 where it does not
 * @param date of the service, as it stands there
 */
record S3Answer(
    String host,
    int status,
    String body,
    String etag,
    long length,
    @Nullable String date,
    Duration retryAfter,
    AwsError error) {
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_TEXT = 200;

  /**
   * Reads it.
   *
   * @param head whether it is one to {@code HEAD}, and so without a body
   */
  static S3Answer of(HttpResponse response, boolean head) throws IOException {
    String body =
        head ? "" : new String(response.body().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    String etag = response.header("ETag");
    String length = response.header("Content-Length");
    return new S3Answer(
        response.host(),
        response.status(),
        body,
        etag == null ? "" : etag,
        length == null || !length.matches("[0-9]{1,18}") ? -1 : Long.parseLong(length),
        response.header("Date"),
        response.retryAfter(),
        AwsError.of(response, body));
  }

  boolean isSuccess() {
    return status / 100 == 2;
  }

  /** Why it is no success. */
  UploadFailure failure(String what) {
    String words = error.toString();
    return failure(kind(), "", words.isEmpty() ? body : words, what);
  }

  /** It says success, and does not have what a success has: a proxy's page, or half of one. */
  UploadFailure incomplete(String missing, String what) {
    return failure(Kind.LATER, " without " + missing, body, what);
  }

  private UploadFailure failure(Kind kind, String which, String words, String what) {
    String text = words.substring(0, Math.min(words.length(), 4 * MOST_TEXT));
    text = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    text = text.substring(0, Math.min(text.length(), MOST_TEXT));
    String why = host + " answered " + status + which + (text.isEmpty() ? "" : ": " + text);
    return new UploadFailure(kind, why + " (" + what + ")", retryAfter);
  }

  private Kind kind() {
    switch (error.code()) {
      case "NoSuchUpload" -> {
        return Kind.NO_UPLOAD;
      }
      case "InvalidPart", "InvalidPartOrder", "EntityTooSmall" -> {
        return Kind.BAD_PARTS;
      }
      case "RequestTimeout", "InternalError", "ServiceUnavailable", "OperationAborted" -> {
        return Kind.LATER;
      }
      case "BadDigest", "XAmzContentSHA256Mismatch" -> {
        return Kind.BAD_DIGEST;
      }
      case "NoSuchBucket", "AuthorizationHeaderMalformed", "PermanentRedirect" -> {
        return Kind.OPERATOR;
      }
      default -> {
        // The status tells.
      }
    }
    if (error.isThrottle()) {
      return Kind.LATER;
    }
    if (error.isExpired() || error.isClockSkew()) {
      return Kind.OPERATOR;
    }
    return switch (status) {
      case 200, 408, 429 -> Kind.LATER;
      // 501: something that the configuration asks for is not there.
      case 401, 403, 404, 405, 501 -> Kind.OPERATOR;
      default -> status >= 500 ? Kind.LATER : status < 400 ? Kind.OPERATOR : Kind.OBJECT;
    };
  }
}
