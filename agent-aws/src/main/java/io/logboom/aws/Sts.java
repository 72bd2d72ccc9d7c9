package io.logboom.aws;

import io.logboom.api.plugin.StartException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * The security token service. Each call is one request, which is not tried again here; its client
 * lives as long as the call, since sessions last for long.
 */
final class Sts {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private final @Nullable URI endpoint;
  private final @Nullable String region;

  /**
   * @param endpoint null for the region's
   * @param region null for none: the service of all regions is asked then
   */
  Sts(@Nullable String endpoint, @Nullable String region) throws StartException {
    this.endpoint = endpoint == null ? null : url(endpoint);
    this.region = region;
  }

  private static URI url(String text) throws StartException {
    URI url = AwsOptions.url(text);
    if (url == null) {
      throw new StartException(
          "sts_endpoint '" + text + "' is no URL: https://sts.eu-west-1.amazonaws.com");
    }
    return url;
  }

  /** One call. */
  io.logboom.aws.Credentials ask(AwsCredentialsProvider as, Function<StsClient, Credentials> call) {
    StsClientBuilder builder =
        StsClient.builder()
            .credentialsProvider(as)
            .region(region == null ? Region.US_EAST_1 : Region.of(region))
            .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    } else if (region == null) {
      builder.endpointOverride(URI.create("https://sts.amazonaws.com"));
    }
    try (var http =
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(SILENCE)
                .build();
        StsClient client = builder.httpClient(http).build()) {
      Credentials given = call.apply(client);
      return new io.logboom.aws.Credentials(
          given.accessKeyId(),
          new io.logboom.api.config.Secret(given.secretAccessKey()),
          new io.logboom.api.config.Secret(given.sessionToken()),
          given.expiration());
    }
  }

  /** The name that the service's logs have for the session. */
  static String sessionName() {
    String set = Surroundings.value(SdkSystemSetting.AWS_ROLE_SESSION_NAME);
    if (set != null) {
      return set;
    }
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "unknown";
    }
    String name = "logboom-" + host.replaceAll("[^\\w+=,.@-]", "-");
    return name.length() > 64 ? name.substring(0, 64) : name;
  }
}
