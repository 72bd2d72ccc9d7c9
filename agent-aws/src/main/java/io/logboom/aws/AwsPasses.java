package io.logboom.aws;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.StartException;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.send.Pass;
import io.logboom.net.send.Passes;
import java.io.IOException;

/**
 * Signatures, for outputs whose receivers may be at AWS and may be elsewhere. Loaded only where
 * requests are signed.
 */
public final class AwsPasses implements Passes {
  private final HostPort host;
  private final AwsCredentials credentials;
  private final AwsSigner signer;

  /**
   * @param service as signatures name it
   * @param host the one that all requests go to
   * @throws StartException as {@link AwsCredentials#acquire}
   */
  public AwsPasses(
      AwsOptions identity, String region, String service, HostPort host, Context context)
      throws StartException {
    this.host = host;
    this.signer = new AwsSigner(region, service, context.clock());
    this.credentials = AwsCredentials.acquire(identity, context.meters());
  }

  @Override
  public Pass next() throws IOException, InterruptedException {
    try {
      return new Signed(credentials.current());
    } catch (CredentialsFailure e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private final class Signed implements Pass {
    private final Credentials used;

    Signed(Credentials used) {
      this.used = used;
    }

    @Override
    public HttpRequest on(HttpRequest request) {
      return signer.sign(request, host, Payload.of(request.body()), used);
    }

    @Override
    public boolean isOutdated(HttpResponse response, String text) {
      boolean mayBe =
          switch (response.status()) {
            case 401, 403 -> true;
            // Of what AWS itself says, not of what a receiver quotes of the records.
            case 400 -> response.header("x-amzn-ErrorType") != null;
            default -> false;
          };
      if (!mayBe) {
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
