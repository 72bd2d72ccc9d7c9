package io.logboom.output.http;

import io.logboom.api.batch.Names;
import io.logboom.api.json.JsonScanner;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import io.logboom.net.HostPort;
import io.logboom.net.NetOptions;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.tls.TlsOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a token server for access tokens by client credentials (RFC 6749 §4.4), each with a
 * connection of its own. What it says goes into messages only where it is an error, and never with
 * the secret.
 */
final class TokenServer {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_ANSWER = 64 * 1024;
  private static final int MOST_REASON = 300;
  private static final int SEGMENT = 4096;

  private final HttpConfig.OAuth2 config;
  private final URI url;
  private final HostPort host;
  private final String clientId;
  private final NetOptions net;
  private final TlsOptions tls;
  private final @Nullable Assertion assertion;
  private final Names names = new Names();
  private final JsonScanner scanner = new JsonScanner(names);

  /** No token: the server refused, in words that somebody has to act on. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Asks nobody yet.
   *
   * @throws StartException where a file that is named cannot be read
   */
  TokenServer(HttpConfig all) throws StartException {
    this.config = all.oauth2();
    URI parsed = url(config.tokenUrl());
    HostPort address = parsed == null ? null : HostPort.parse(parsed.getAuthority(), port(parsed));
    if (parsed == null || address == null || config.clientId() == null) {
      throw new StartException("oauth2.enable needs oauth2.token_url and oauth2.client_id");
    }
    this.url = parsed;
    this.host = address;
    this.clientId = config.clientId();
    HttpConfig.TokenRequests requests = config.requests();
    Duration response = all.timeouts().response();
    Duration most =
        requests.timeout().isPositive()
            ? requests.timeout()
            : response != null && response.isPositive() ? response : PATIENCE;
    Duration connect =
        requests.connectTimeout().isPositive()
            ? requests.connectTimeout()
            : all.net().connectTimeout();
    this.net = all.net().withTimeouts(connect, most, most).withRequestTimeout(most);
    this.tls =
        parsed.getScheme().equals("https")
            ? TlsOptions.trusting(requests.caFile())
            : TlsOptions.off();
    this.assertion = assertion(config, clientId);
    try (HttpClient _ = client()) {
      if (assertion != null) {
        assertion.sign(Instant.EPOCH);
      }
    } catch (IOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable Assertion assertion(HttpConfig.OAuth2 config, String clientId) {
    HttpConfig.Jwt jwt = config.jwt();
    if (config.authMethod() != HttpConfig.AuthMethod.PRIVATE_KEY_JWT
        || jwt.keyFile() == null
        || jwt.certFile() == null) {
      return null;
    }
    String audience = jwt.aud() == null ? String.valueOf(config.tokenUrl()) : jwt.aud();
    return new Assertion(
        clientId,
        audience,
        jwt.keyFile(),
        jwt.certFile(),
        jwt.header(),
        Duration.ofSeconds(jwt.ttlSeconds()));
  }

  /** The URL; null where it is none that a token can be fetched from. */
  static @Nullable URI url(@Nullable String text) {
    try {
      URI url = URI.create(text == null ? "" : text.strip());
      boolean known = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      boolean plain = url.getRawUserInfo() == null && url.getRawFragment() == null;
      return known && plain && url.getHost() != null ? url : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static int port(URI url) {
    return url.getScheme().equals("https") ? 443 : 80;
  }

  private HttpClient client() throws StartException {
    return HttpClient.create(
        new HttpClient.Settings(
            List.of(host), net, tls, List.of("User-Agent", config.userAgent()), Meters.NONE));
  }

  /**
   * Asks for a token.
   *
   * @param now the time
   * @throws IOException where there is none; the message says why
   */
  Token fetch(Instant now) throws IOException, InterruptedException {
    List<String> headers =
        new ArrayList<>(
            List.of(
                "Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json"));
    if (config.authMethod() == HttpConfig.AuthMethod.BASIC) {
      headers.addAll(List.of("Authorization", HttpRequest.basic(clientId, secret())));
    }
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery();
    HttpRequest request =
        new HttpRequest(
            "POST", query == null ? path : path + "?" + query, List.copyOf(headers), form(now));
    try (HttpClient client = client();
        HttpResponse response = client.send(request)) {
      byte[] answer = response.body().readNBytes(MOST_ANSWER);
      boolean object = isObject(answer);
      if (response.status() == 200) {
        String why = "its answer is no JSON object";
        Token token = object ? token(answer, now) : null;
        if (token != null) {
          return token;
        }
        throw new IOException(
            host + " answered 200, but " + (object ? "its answer has no access token" : why));
      }
      String said = object ? said(answer) : "";
      String why = host + " answered " + response.status() + (said.isEmpty() ? "" : ": " + said);
      boolean passing = response.status() >= 500 || response.status() == 429;
      throw passing ? new IOException(why) : new RefusedException(why);
    } catch (StartException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  private String secret() {
    return config.clientSecret() == null ? "" : config.clientSecret().reveal();
  }

  private Segments form(Instant now) throws IOException {
    StringBuilder form = new StringBuilder("grant_type=client_credentials");
    add(form, "scope", config.scope());
    add(form, "audience", config.audience());
    add(form, "resource", config.resource());
    switch (config.authMethod()) {
      case BASIC -> {
        // In a header.
      }
      case POST -> {
        add(form, "client_id", clientId);
        add(form, "client_secret", secret());
      }
      case PRIVATE_KEY_JWT -> {
        add(form, "client_id", clientId);
        add(
            form,
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        add(form, "client_assertion", assertion == null ? null : assertion.sign(now));
      }
    }
    byte[] bytes = form.toString().getBytes(StandardCharsets.US_ASCII);
    Segments body = new Segments(new SegmentPool(SEGMENT, 1));
    body.sink().put(bytes, 0, bytes.length);
    body.seal();
    return body;
  }

  private static void add(StringBuilder form, String name, @Nullable String value) {
    if (value != null) {
      form.append('&').append(name).append('=');
      form.append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }
  }

  // ---- the answer (RFC 6749 §5)

  private boolean isObject(byte[] json) {
    return (scanner.scan(json, 0, json.length) & JsonScanner.NOT_AN_OBJECT) == 0;
  }

  /** The token; null where there is none that can stand in a header. */
  private @Nullable Token token(byte[] json, Instant now) throws IOException {
    String value = value("access_token", json);
    String type = value("token_type", json);
    if (value == null || !value.matches("[!-~]{1,16384}")) {
      return null;
    }
    if (type != null && !type.equalsIgnoreCase("bearer")) {
      throw new RefusedException(
          host + " gives tokens of the type " + clean(type) + ", and only Bearer can be used");
    }
    String expires = value("expires_in", json);
    if (expires == null || !expires.matches("\\d{1,10}(\\.\\d*)?")) {
      return new Token(value, null, null);
    }
    Duration life = Duration.ofMillis((long) (Double.parseDouble(expires) * 1000));
    Duration skew = Duration.ofSeconds(config.requests().refreshSkewSeconds());
    Duration half = life.dividedBy(2);
    Instant end = now.plus(life);
    return new Token(value, end.minus(skew.compareTo(half) < 0 ? skew : half), end);
  }

  private String said(byte[] json) {
    String error = value("error", json);
    String description = value("error_description", json);
    return clean(error == null ? "" : description == null ? error : error + ": " + description);
  }

  /** A string or number of the answer. */
  private @Nullable String value(String name, byte[] json) {
    FieldReader reader = Accessor.parse("$" + name).reader(names);
    if (!reader.read(json, scanner.start(), scanner.stop())
        || (reader.kind() != FieldKind.STRING && reader.kind() != FieldKind.NUMBER)) {
      return null;
    }
    return new String(
        reader.bytes(), reader.from(), reader.to() - reader.from(), StandardCharsets.UTF_8);
  }

  private String clean(String text) {
    String secret = secret();
    String without = secret.isEmpty() ? text : text.replace(secret, "***");
    String line = without.replaceAll("[\\p{Cntrl} ]+", " ").strip();
    return line.length() > MOST_REASON ? line.substring(0, MOST_REASON) + "..." : line;
  }

  /** Its address, for messages. */
  @Override
  public String toString() {
    return host.toString();
  }
}
