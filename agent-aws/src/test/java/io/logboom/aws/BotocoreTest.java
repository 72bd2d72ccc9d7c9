package io.logboom.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logboom.api.config.Secret;
import io.logboom.net.HostPort;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpRequest;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our signatures and those of AWS's own library for Python. */
final class BotocoreTest {
  private static final int REQUESTS = 200;
  private static final Instant NOW = Instant.parse("2026-11-26T23:59:58Z");
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  private static final String[] SERVICES = {"es", "aoss", "s3", "logs", "sts", "execute-api"};
  private static final String[] METHODS = {"GET", "PUT", "POST", "DELETE", "HEAD"};

  @TempDir Path directory;

  private final Random random = new Random(20261126);
  private final SegmentPool pool = new SegmentPool(512, 1000);

  @Test
  void signsAsBotocoreDoes() throws Exception {
    String python = python();
    assumeTrue(python != null, "python3-botocore is not installed: signatures are not compared");
    List<String> ours = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      request(ours, asked);
    }
    List<String> theirs = botocore(String.valueOf(python), asked);
    assertThat(theirs).hasSize(REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(ours.get(i)).as("request %s: %s", i, asked.get(i)).isEqualTo(theirs.get(i));
    }
  }

  private void request(List<String> ours, List<String> asked) throws NoSuchAlgorithmException {
    String service = SERVICES[random.nextInt(SERVICES.length)];
    String region = random.nextBoolean() ? "eu-west-1" : "us-gov-east-1";
    String method = METHODS[random.nextInt(METHODS.length)];
    boolean signed = !service.equals("s3") || random.nextBoolean();
    HostPort host = host();
    String path = path(service.equals("s3")) + query();
    byte[] body = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(2000)];
    random.nextBytes(body);
    List<String> headers = headers();
    Credentials credentials =
        new Credentials(
            "AKIA" + text(16),
            new Secret(text(40)),
            random.nextBoolean() ? new Secret(text(300) + "+/==") : null,
            null);

    Segments segments = new Segments(pool);
    segments.sink().put(body, 0, body.length);
    segments.seal();
    HttpRequest request = new HttpRequest(method, path, headers, segments);
    HttpRequest result =
        new AwsSigner(region, service, () -> NOW)
            .sign(request, host, payload(service, signed, segments, body), credentials);
    segments.clear();
    ours.add(value(result, "Authorization"));
    assertThat(value(result, "X-Amz-Date")).isEqualTo("20261126T235958Z");
    assertThat(result.headers()).startsWith(headers.toArray(String[]::new));

    String scheme = host.port() == 80 ? "http" : "https";
    asked.add(
        json(
            "method", quoted(method),
            "url", quoted(scheme + "://" + host + path),
            "service", quoted(service),
            "region", quoted(region),
            "signed", String.valueOf(signed),
            "headers", pairs(headers),
            "body", quoted(Base64.getEncoder().encodeToString(body)),
            "key", quoted(credentials.accessKeyId()),
            "secret", quoted(credentials.secretAccessKey().reveal()),
            "token",
                credentials.sessionToken() == null
                    ? "null"
                    : quoted(credentials.sessionToken().reveal()),
            "time",
                quoted(
                    DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(NOW))));
  }

  /** For S3 now and then with a hash that is known. */
  private Payload payload(String service, boolean signed, Segments segments, byte[] body)
      throws NoSuchAlgorithmException {
    if (!signed) {
      return Payload.UNSIGNED;
    }
    return service.equals("s3") && random.nextBoolean()
        ? Payload.hashed(hash(body))
        : Payload.of(segments);
  }

  private static String hash(byte[] body) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
  }

  /** Also where there is no Python. */
  @Test
  void signsAKnownHashAsTheBodyThatHasIt() throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      byte[] body = new byte[random.nextInt(2000)];
      random.nextBytes(body);
      Segments segments = new Segments(pool);
      segments.sink().put(body, 0, body.length);
      segments.seal();
      HttpRequest request =
          new HttpRequest(
              METHODS[random.nextInt(METHODS.length)], path(true) + query(), headers(), segments);
      Credentials credentials =
          new Credentials(
              "AKIA" + text(16),
              new Secret(text(40)),
              random.nextBoolean() ? new Secret(text(300) + "+/==") : null,
              null);
      AwsSigner signer = new AwsSigner("eu-west-1", "s3", () -> NOW);
      HostPort host = host();
      HttpRequest known = signer.sign(request, host, Payload.hashed(hash(body)), credentials);
      HttpRequest read = signer.sign(request, host, Payload.of(segments), credentials);
      for (String name : List.of("Authorization", "Host", "X-Amz-Date", "x-amz-content-sha256")) {
        assertThat(value(known, name)).as(name).isEqualTo(value(read, name));
      }
      assertThat(known.headers()).hasSameSizeAs(read.headers());
      segments.clear();
    }
  }

  private HostPort host() {
    return switch (random.nextInt(4)) {
      case 0 -> new HostPort("search-logs.eu-west-1.es.amazonaws.com", 443);
      case 1 -> new HostPort("bucket.s3.amazonaws.com", 80);
      case 2 -> new HostPort("10.1.2.3", 9200);
      default -> new HostPort("localhost", 4566);
    };
  }

  /** A path as it is sent: what is not unreserved is encoded, once. */
  private String path(boolean plain) {
    StringBuilder path = new StringBuilder();
    int parts = random.nextInt(5);
    int depth = 0;
    for (int i = 0; i < parts; i++) {
      path.append('/');
      int kind = plain ? 9 : random.nextInt(10);
      if (kind == 0 && depth > 0) {
        path.append("..");
        depth--;
      } else if (kind == 1) {
        path.append('.');
      } else {
        path.append(encoded(part()));
        depth++;
      }
    }
    return path.isEmpty() || random.nextInt(4) == 0 ? path + "/" : path.toString();
  }

  private String query() {
    int count = random.nextInt(4);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = encoded(part());
      all.add(random.nextInt(5) == 0 ? name + "=" : name + "=" + encoded(part()));
    }
    return all.isEmpty() ? "" : "?" + String.join("&", all);
  }

  private String part() {
    String some = " !*'();:@&=+$,/?#[]%\"<>\u00e4\u20ac";
    StringBuilder part = new StringBuilder(text(1 + random.nextInt(6)));
    for (int i = random.nextInt(3); i > 0; i--) {
      part.append(some.charAt(random.nextInt(some.length()))).append(text(1));
    }
    return part.toString();
  }

  private static String encoded(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return out.toString();
  }

  private List<String> headers() {
    List<String> headers = new ArrayList<>(List.of("Content-Type", "application/x-ndjson"));
    if (random.nextBoolean()) {
      headers.addAll(List.of("Content-Encoding", "gzip"));
    }
    if (random.nextBoolean()) {
      headers.addAll(List.of("X-Amz-Target", "Logs_20140328.PutLogEvents"));
    }
    if (random.nextBoolean()) {
      headers.addAll(List.of("x-amz-meta-note", "  " + text(4) + "   " + text(5) + " "));
    }
    return headers;
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(UNRESERVED.charAt(random.nextInt(62)));
    }
    return text.toString();
  }

  private static String value(HttpRequest request, String name) {
    List<String> headers = request.headers();
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase(name)) {
        return headers.get(i + 1);
      }
    }
    throw new AssertionError("no " + name + " in " + headers);
  }

  private static String json(String... namesAndValues) {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.append(i == 0 ? "" : ",").append(quoted(namesAndValues[i])).append(':');
      out.append(namesAndValues[i + 1]);
    }
    return out.append('}').toString();
  }

  private static String pairs(List<String> headers) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < headers.size(); i += 2) {
      all.add("[" + quoted(headers.get(i)) + "," + quoted(headers.get(i + 1)) + "]");
    }
    return "[" + String.join(",", all) + "]";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** A Python that has the library: that of the PATH, or the system's, where packages are put. */
  private static @Nullable String python() throws InterruptedException {
    for (String each : List.of("python3", "/usr/bin/python3")) {
      try {
        if (new ProcessBuilder(each, "-c", "import botocore.auth").start().waitFor() == 0) {
          return each;
        }
      } catch (IOException e) {
        // There is no such program.
      }
    }
    return null;
  }

  private List<String> botocore(String program, List<String> asked) throws Exception {
    Path script = directory.resolve("sign.py");
    try (var from = BotocoreTest.class.getResourceAsStream("/sign.py")) {
      Files.write(script, Objects.requireNonNull(from).readAllBytes());
    }
    Path answer = directory.resolve("answer");
    Process python =
        new ProcessBuilder(program, script.toString())
            .redirectOutput(answer.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Writer to = python.outputWriter(StandardCharsets.UTF_8)) {
      for (String each : asked) {
        to.write(each + "\n");
      }
    }
    assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Files.readAllLines(answer);
  }
}
