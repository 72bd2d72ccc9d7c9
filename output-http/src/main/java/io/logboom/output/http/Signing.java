package io.logboom.output.http;

import io.logboom.aws.AwsCredentials;
import io.logboom.aws.AwsError;
import io.logboom.aws.AwsSigner;
import io.logboom.aws.Credentials;
import io.logboom.aws.CredentialsFailure;
import io.logboom.aws.Payload;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.send.Receiver;
import org.jspecify.annotations.Nullable;

/** Signs requests for AWS, and tells an answer to the signature from one to the request. */
final class Signing implements AutoCloseable {
  private final AwsCredentials credentials;
  private final AwsSigner signer;
  private final HostPort host;
  private final Receiver receiver;

  /**
   * A request and what it was signed with.
   *
   * @param request null where there are no credentials now
   * @param why why there are none
   */
  record Signed(@Nullable HttpRequest request, @Nullable Credentials with, String why) {}

  Signing(AwsCredentials credentials, AwsSigner signer, HostPort host, Receiver receiver) {
    this.credentials = credentials;
    this.signer = signer;
    this.host = host;
    this.receiver = receiver;
  }

  Signed sign(HttpRequest request) throws InterruptedException {
    try {
      Credentials now = credentials.current();
      return new Signed(signer.sign(request, host, Payload.of(request.body()), now), now, "");
    } catch (CredentialsFailure e) {
      receiver.operatorMustAct(String.valueOf(e.getMessage()));
      return new Signed(null, null, String.valueOf(e.getMessage()));
    }
  }

  /** Whether the answer is about who sends, or how often, and not about the records. */
  boolean isOfTheSignature(HttpResponse response, String text, Signed signed) {
    AwsError error = AwsError.of(response, text);
    Credentials used = signed.with();
    if (error.isExpired() && used != null) {
      credentials.rejected(used);
      return true;
    }
    if (error.isClockSkew()) {
      receiver.operatorMustAct(response.host() + " refuses this machine's clock: " + error);
      return true;
    }
    return error.isThrottle();
  }

  @Override
  public void close() {
    credentials.close();
  }
}
