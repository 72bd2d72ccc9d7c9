package io.logboom.aws;

import io.logboom.api.config.Secret;
import io.logboom.net.HostPort;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.tls.NativeCrypto;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Signs requests with AWS's Signature Version 4. The signature covers method, path, query, the
 * request's own headers and the body; not what the client adds to each request, such as {@code
 * User-Agent}. Safe for all threads.
 *
 * <p>A signed request is good for five minutes: it is signed for each try.
 */
public final class AwsSigner {
  private static final Logger LOG = LoggerFactory.getLogger(AwsSigner.class);

  /** Services take what is off by up to five minutes. */
  private static final Duration TOLERATED = Duration.ofMinutes(1);

  private final String region;
  private final String service;
  private final InstantSource clock;
  private final boolean plainPath;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final SignatureV4 ofKnownHash;
  private volatile Duration offset = Duration.ZERO;

  /**
   * @param service as signatures name it: {@code es}, {@code aoss}, {@code s3}, {@code logs}
   */
  public AwsSigner(String region, String service, InstantSource clock) {
    NativeCrypto.use();
    this.region = region;
    this.service = service;
    this.clock = clock;
    // S3 takes a key's characters as they are; all others have the path normalised and encoded
    // again.
    this.plainPath = service.equals("s3") || service.equals("s3-outposts");
    this.ofKnownHash = new SignatureV4(region, service);
  }

  /**
   * The request with {@code Host}, {@code x-amz-date}, {@code x-amz-content-sha256}, {@code
   * x-amz-security-token} for a session, and {@code Authorization}. It may go to this host alone.
   *
   * @param request its path with the query, encoded as it is to be sent: a space is {@code %20}
   */
  public HttpRequest sign(
      HttpRequest request, HostPort host, Payload payload, Credentials credentials) {
    String name = hostHeader(host);
    String sha256 = payload.sha256();
    if (sha256 != null && plainPath) {
      return hashed(request, name, sha256, credentials);
    }
    SdkHttpRequest.Builder unsigned =
        SdkHttpRequest.builder()
            .protocol("https") // is not signed; a body without a hash needs it
            .host(host.host())
            .port(host.port())
            .method(SdkHttpMethod.fromValue(request.method()))
            .putHeader("Host", name);
    path(request.path(), unsigned);
    List<String> own = request.headers();
    for (int i = 0; i < own.size(); i += 2) {
      unsigned.appendHeader(own.get(i), own.get(i + 1));
    }
    SignRequest.Builder<AwsCredentialsIdentity> ask =
        SignRequest.builder(identity(credentials))
            .request(unsigned.build())
            .putProperty(AwsV4HttpSigner.REGION_NAME, region)
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
            .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, !plainPath)
            .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, !plainPath)
            .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, payload.isSigned())
            .putProperty(HttpSigner.SIGNING_CLOCK, now());
    InputStream bytes = payload.bytes();
    if (bytes != null) {
      ask.payload(() -> bytes);
    }
    SdkHttpRequest signed = signer.sign(ask.build()).request();
    return new HttpRequest(
        request.method(), request.path(), headers(own, signed.headers()), request.body());
  }

  private HttpRequest hashed(
      HttpRequest request, String host, String sha256, Credentials credentials) {
    List<String> all = new ArrayList<>(request.headers());
    all.addAll(
        ofKnownHash.sign(
            request.method(),
            request.path(),
            host,
            request.headers(),
            sha256,
            credentials,
            now().instant()));
    return new HttpRequest(request.method(), request.path(), List.copyOf(all), request.body());
  }

  /**
   * Signs with the service's time from here on, where this machine's clock differs from it.
   *
   * @param date of an answer that found fault with the time
   * @return whether requests are signed otherwise now, and the refused one may be taken
   */
  public boolean adjust(@Nullable String date) {
    Instant theirs;
    try {
      theirs =
          date == null ? null : DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
    } catch (DateTimeException e) {
      theirs = null;
    }
    if (theirs == null) {
      return false;
    }
    Duration next = Duration.between(clock.instant(), theirs);
    if (next.minus(offset).abs().compareTo(TOLERATED) < 0) {
      return false;
    }
    offset = next;
    LOG.warn(
        "[aws] this machine's clock is {} s {} the service's; requests are signed with the"
            + " service's time",
        next.abs().toSeconds(),
        next.isNegative() ? "ahead of" : "behind");
    return true;
  }

  /** As the request's {@code Host}: a port that the scheme has anyway is left out. */
  private static String hostHeader(HostPort host) {
    String all = host.toString();
    return host.port() == 443 || host.port() == 80 ? all.substring(0, all.lastIndexOf(':')) : all;
  }

  private Clock now() {
    return Clock.fixed(clock.instant().plus(offset), ZoneOffset.UTC);
  }

  private static void path(String path, SdkHttpRequest.Builder to) {
    int query = path.indexOf('?');
    to.encodedPath(query < 0 ? path : path.substring(0, query));
    if (query < 0) {
      return;
    }
    for (String each : path.substring(query + 1).split("&")) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      to.appendRawQueryParameter(
          decoded(name), equals < 0 ? "" : decoded(each.substring(equals + 1)));
    }
  }

  private static String decoded(String text) {
    return text.indexOf('%') < 0
        ? text
        : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static AwsCredentialsIdentity identity(Credentials credentials) {
    String secret = credentials.secretAccessKey().reveal();
    Secret token = credentials.sessionToken();
    return token == null
        ? AwsCredentialsIdentity.create(credentials.accessKeyId(), secret)
        : AwsSessionCredentialsIdentity.create(credentials.accessKeyId(), secret, token.reveal());
  }

  /** The request's own headers as they were, and what signing added. */
  private static List<String> headers(List<String> own, Map<String, List<String>> signed) {
    List<String> all = new ArrayList<>(own);
    for (Map.Entry<String, List<String>> header : signed.entrySet()) {
      String name = header.getKey();
      if (isAdded(name.toLowerCase(Locale.ROOT)) && value(own, name) == null) {
        all.add(name);
        all.add(header.getValue().getFirst());
      }
    }
    return List.copyOf(all);
  }

  private static boolean isAdded(String name) {
    return switch (name) {
      case "host", "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token" ->
          true;
      default -> false;
    };
  }

  private static @Nullable String value(List<String> headers, String name) {
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase(name)) {
        return headers.get(i + 1);
      }
    }
    return null;
  }
}
