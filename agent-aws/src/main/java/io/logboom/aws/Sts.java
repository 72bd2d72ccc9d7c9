package io.logboom.aws;

import io.logboom.api.config.Secret;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.aws.CredentialSource.SourceFailure;
import io.logboom.net.HostPort;
import io.logboom.net.NetOptions;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.tls.TlsOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * The security token service: two calls of its query API, each one request over a connection of its
 * own. The SDK's client for it would take 20 MiB and a second of CPU.
 */
final class Sts {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final int MOST_ANSWER = 64 * 1024;
  private static final int SEGMENT = 4096;

  private final URI endpoint;
  private final HostPort host;
  private final AwsSigner signer;

  /**
   * @param endpoint null for the region's
   * @param region null for none: the service of all regions is asked then
   */
  Sts(@Nullable String endpoint, @Nullable String region) throws StartException {
    String text = endpoint == null ? usual(region) : endpoint;
    URI url = AwsOptions.url(text);
    HostPort parsed = url == null ? null : HostPort.parse(url.getAuthority(), port(url));
    if (url == null || parsed == null) {
      throw new StartException(
          "sts_endpoint '" + text + "' is no URL: https://sts.eu-west-1.amazonaws.com");
    }
    this.endpoint = url;
    this.host = parsed;
    this.signer =
        new AwsSigner(region == null ? "us-east-1" : region, "sts", InstantSource.system());
  }

  private static String usual(@Nullable String region) {
    if (region == null) {
      return "https://sts.amazonaws.com";
    }
    return "https://sts." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : "");
  }

  private static int port(URI url) {
    return url.getScheme().equals("https") ? 443 : 80;
  }

  /** A session of the role, for whoever has the token. */
  Credentials webIdentity(String role, String token) throws SourceFailure, InterruptedException {
    return ask(null, "AssumeRoleWithWebIdentity", "RoleArn", role, "WebIdentityToken", token);
  }

  /** A session of the role, for whoever has {@code with}. */
  Credentials role(Credentials with, String role, @Nullable String externalId)
      throws SourceFailure, InterruptedException {
    return externalId == null
        ? ask(with, "AssumeRole", "RoleArn", role)
        : ask(with, "AssumeRole", "RoleArn", role, "ExternalId", externalId);
  }

  private Credentials ask(@Nullable Credentials with, String action, String... parameters)
      throws SourceFailure, InterruptedException {
    StringBuilder form = new StringBuilder("Version=2011-06-15&Action=").append(action);
    add(form, "RoleSessionName", sessionName());
    for (int i = 0; i < parameters.length; i += 2) {
      add(form, parameters[i], parameters[i + 1]);
    }
    Segments body = new Segments(new SegmentPool(SEGMENT, 1));
    byte[] bytes = form.toString().getBytes(StandardCharsets.US_ASCII);
    body.sink().put(bytes, 0, bytes.length);
    body.seal();
    String path = endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
    HttpRequest request =
        HttpRequest.post(path, body)
            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    try (HttpClient client = client()) {
      return ask(client, request, with, true);
    } catch (InterruptedIOException e) {
      throw new InterruptedException(e.getMessage());
    } catch (IOException e) {
      throw new SourceFailure(String.valueOf(e.getMessage()), true, e);
    } catch (StartException e) {
      throw new SourceFailure(String.valueOf(e.getMessage()), false, e);
    }
  }

  private Credentials ask(
      HttpClient client, HttpRequest request, @Nullable Credentials with, boolean first)
      throws SourceFailure, IOException, InterruptedException {
    HttpRequest signed =
        with == null ? request : signer.sign(request, host, Payload.of(request.body()), with);
    try (HttpResponse response = client.send(signed)) {
      String text = response.excerpt(MOST_ANSWER);
      if (response.status() == 200) {
        return credentials(text);
      }
      AwsError error = AwsError.of(response, text);
      if (!first || !error.isClockSkew() || !signer.adjust(response.header("Date"))) {
        throw failure(response.status(), error, with);
      }
    }
    return ask(client, request, with, false);
  }

  private HttpClient client() throws StartException {
    NetOptions net = NetOptions.defaults().withTimeouts(CONNECT, SILENCE, CONNECT);
    TlsOptions tls =
        endpoint.getScheme().equals("https") ? TlsOptions.trusting(null) : TlsOptions.off();
    return HttpClient.create(
        new HttpClient.Settings(
            List.of(host), net, tls, List.of("User-Agent", "Logboom"), Meters.NONE));
  }

  private static Credentials credentials(String text) throws SourceFailure {
    try {
      return new Credentials(
          part(text, "AccessKeyId"),
          new Secret(part(text, "SecretAccessKey")),
          new Secret(part(text, "SessionToken")),
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(part(text, "Expiration"), Instant::from));
    } catch (IllegalArgumentException | DateTimeException e) {
      // Without the text, which may have a secret.
      throw new SourceFailure("its answer cannot be read", true, null);
    }
  }

  private static String part(String text, String name) {
    Matcher found = Pattern.compile("<" + name + ">\\s*([^<]+?)\\s*</").matcher(text);
    if (!found.find()) {
      throw new IllegalArgumentException(name);
    }
    return found
        .group(1)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
  }

  private SourceFailure failure(int status, AwsError error, @Nullable Credentials with) {
    boolean passing =
        status >= 500 || error.isThrottle() || error.code().equals("IDPCommunicationError");
    String said = error.toString();
    String why = host + " answered " + status + (said.isEmpty() ? "" : " " + said);
    return with != null && error.isExpired()
        ? new Refused(why)
        : new SourceFailure(why, passing, null);
  }

  /** What the call was signed with is not good any more. */
  static final class Refused extends SourceFailure {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message, false, null);
    }
  }

  private static void add(StringBuilder form, String name, String value) {
    form.append('&').append(name).append('=');
    form.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /** The name that the service's logs have for the session. */
  private static String sessionName() {
    String set = Surroundings.value(SdkSystemSetting.AWS_ROLE_SESSION_NAME);
    if (set != null) {
      return set;
    }
    String host;
    try {
      host = Objects.requireNonNullElse(InetAddress.getLocalHost().getHostName(), "unknown");
    } catch (UnknownHostException e) {
      host = "unknown";
    }
    String name = "logboom-" + host.replaceAll("[^\\w+=,.@-]", "-");
    return name.length() > 64 ? name.substring(0, 64) : name;
  }
}
