package io.logboom.output.elasticsearch;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.StartException;
import io.logboom.aws.AwsCredentials;
import io.logboom.aws.AwsError;
import io.logboom.aws.AwsSigner;
import io.logboom.aws.Credentials;
import io.logboom.aws.CredentialsFailure;
import io.logboom.aws.Payload;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import java.io.IOException;

/** Signatures for Amazon OpenSearch Service. Loaded only where requests are signed. */
final class AwsPasses implements AutoCloseable {
  private final HostPort host;
  private final AwsCredentials credentials;
  private final AwsSigner signer;

  AwsPasses(ElasticsearchConfig.Aws config, HostPort host, Context context) throws StartException {
    this.host = host;
    this.signer =
        new AwsSigner(AwsHost.region(config, host), AwsHost.service(config, host), context.clock());
    this.credentials = AwsCredentials.acquire(config.identity(), context.meters());
  }

  /**
   * For one request.
   *
   * @throws IOException where there are no credentials: nothing was sent
   */
  Pass next() throws IOException, InterruptedException {
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
      if (response.status() != 403 && response.status() != 401) {
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
