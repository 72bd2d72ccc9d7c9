package io.logboom.output.http;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.StartException;
import io.logboom.aws.AwsCredentials;
import io.logboom.aws.AwsError;
import io.logboom.aws.AwsRegion;
import io.logboom.aws.AwsSigner;
import io.logboom.aws.Credentials;
import io.logboom.aws.CredentialsFailure;
import io.logboom.aws.Payload;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import java.io.IOException;

/** Signatures for AWS. Loaded only where requests are signed. */
final class Signing implements AutoCloseable {
  private final HostPort host;
  private final AwsCredentials credentials;
  private final AwsSigner signer;

  Signing(HttpConfig.Aws config, String service, HostPort host, Context context)
      throws StartException {
    String region = AwsRegion.find(config.identity());
    if (region == null) {
      throw new StartException(
          "aws_auth needs a region, and neither AWS_REGION nor the profile has one: aws_region:"
              + " eu-west-1");
    }
    this.host = host;
    this.signer = new AwsSigner(region, service, context.clock());
    this.credentials = AwsCredentials.acquire(config.identity(), context.meters());
  }

  /**
   * Takes what one request is signed with.
   *
   * @throws IOException where there are no credentials now: nothing was sent
   */
  Pass next() throws IOException, InterruptedException {
    try {
      return new Pass(credentials.current());
    } catch (CredentialsFailure e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** What one request is signed with. */
  final class Pass {
    private final Credentials used;

    private Pass(Credentials used) {
      this.used = used;
    }

    HttpRequest on(HttpRequest request) {
      return signer.sign(request, host, Payload.of(request.body()), used);
    }

    /**
     * Whether the request was refused for its signature, and may be let in with the next one.
     *
     * @param text the answer's start
     */
    boolean isOutdated(HttpResponse response, String text) {
      if (response.status() != 403 && response.status() != 401 && response.status() != 400) {
        return false;
      }
      AwsError error = AwsError.of(response, text);
      if (error.isExpired()) {
        credentials.rejected(used);
        return true;
      }
      return error.isClockSkew() && signer.adjust(response.header("Date"));
    }
  }

  @Override
  public void close() {
    credentials.close();
  }
}
