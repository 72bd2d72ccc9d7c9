package io.logboom.aws;

import io.logboom.api.config.Secret;
import io.logboom.aws.CredentialSource.SourceFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** From the SDK's types to ours and back. */
final class Sdk {
  /** What is said to last longer does not end. */
  private static final Duration ENDLESS = Duration.ofDays(3650);

  private static final int MOST_TEXT = 400;

  /** Put behind messages; there is always one. */
  private static final Pattern ATTEMPTS = Pattern.compile(" \\(SDK Attempt Count: \\d+\\)");

  private Sdk() {}

  static Credentials credentials(AwsCredentialsIdentity identity) {
    Instant expiry = identity.expirationTime().orElse(null);
    boolean ends = expiry != null && expiry.isBefore(Instant.now().plus(ENDLESS));
    return new Credentials(
        identity.accessKeyId(),
        new Secret(identity.secretAccessKey()),
        identity instanceof AwsSessionCredentialsIdentity session
            ? new Secret(session.sessionToken())
            : null,
        ends ? expiry : null);
  }

  /**
   * Why the SDK gave nothing.
   *
   * @throws InterruptedException where that is why
   */
  static SourceFailure failure(RuntimeException e) throws InterruptedException {
    Throwable root = e;
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof AbortedException || each instanceof InterruptedException) {
        throw new InterruptedException(each.getMessage());
      }
      if (each instanceof SdkServiceException answered) {
        return new SourceFailure(text(answered), isPassing(answered), e);
      }
      root = each;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException(root.getMessage());
    }
    return new SourceFailure(text(e, root), root instanceof IOException, e);
  }

  private static boolean isPassing(SdkServiceException answered) {
    return answered.statusCode() >= 500 || answered.isThrottlingException();
  }

  private static String text(SdkServiceException answered) {
    String code = null;
    String message = answered.getMessage();
    if (answered instanceof AwsServiceException aws && aws.awsErrorDetails() != null) {
      code = aws.awsErrorDetails().errorCode();
      message = aws.awsErrorDetails().errorMessage();
    }
    return shortened(
        "it answered "
            + answered.statusCode()
            + (code == null ? "" : " " + code)
            + (message == null || message.isBlank() ? "" : ": " + message));
  }

  private static String text(Throwable top, Throwable root) {
    String what = message(top);
    String why = message(root);
    if (what.toLowerCase(Locale.ROOT).contains(why.toLowerCase(Locale.ROOT))) {
      return shortened(what);
    }
    return shortened(what + ": " + why);
  }

  private static String message(Throwable e) {
    @Nullable String message = e.getMessage();
    if (message == null || message.isBlank()) {
      return e.getClass().getSimpleName();
    }
    String line = ATTEMPTS.matcher(message).replaceAll("").replaceAll("\\s+", " ").strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static String shortened(String text) {
    return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + "..." : text;
  }
}
