package io.logboom.testkit.aws;

import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The places that give credentials, on one port: the security token service at {@code /}, the
 * metadata service of an instance at {@code /latest/}, a container's endpoint at {@code
 * /container}. It knows what it gave, so that a service of a test can ask it about a request.
 */
public final class FakeAws implements AutoCloseable {
  /** What a service answers to a request whose credentials are not good. */
  public record Refusal(int status, String code, String message) {}

  /** One successful call, such as {@code AssumeRole}. */
  public record Call(String action, String keyId, Map<String, String> parameters) {}

  private record Session(String secret, @Nullable String token, Instant expiry) {}

  private static final String METADATA_TOKEN = "metadata-token";

  private final ScriptedServer server;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final List<Call> calls = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile Duration life = Duration.ofHours(1);
  private volatile boolean outage;
  private volatile @Nullable Refusal refusal;
  private volatile @Nullable String containerToken;

  private FakeAws() throws IOException {
    this.server = ScriptedServer.start(this::play);
  }

  public static FakeAws start() throws IOException {
    return new FakeAws();
  }

  /** Where it is, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  public ScriptedServer server() {
    return server;
  }

  /** How long sessions last that are given from here on. */
  public FakeAws life(Duration next) {
    life = next;
    return this;
  }

  /** A user with a lasting key. */
  public FakeAws user(String keyId, String secret) {
    sessions.put(keyId, new Session(secret, null, Instant.MAX));
    return this;
  }

  /** The web identity tokens that are good from here on. */
  public void tokens(String... good) {
    tokens.addAll(List.of(good));
    tokens.retainAll(Set.of(good));
  }

  /** What the container's endpoint wants as {@code Authorization}. */
  public void containerToken(String token) {
    containerToken = token;
  }

  /** Whether all calls end without an answer. */
  public void outage(boolean on) {
    outage = on;
  }

  /** What each call is answered; null for what is usual. */
  public void refuse(@Nullable Refusal next) {
    refusal = next;
  }

  /** Ends all sessions that were given so far, as a service sees it. */
  public void expireAll() {
    sessions.replaceAll(
        (_, session) ->
            session.token() == null
                ? session
                : new Session(session.secret(), session.token(), Instant.EPOCH));
  }

  /** The calls that gave credentials. */
  public List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** How many calls gave none. */
  public int failed() {
    return failed.get();
  }

  /**
   * What a service would say of a request: its key, its session, its signature.
   *
   * @return null where all is good
   */
  public @Nullable Refusal judge(Received request) {
    Signature signature = Signature.of(request);
    if (signature == null) {
      return new Refusal(403, "MissingAuthenticationToken", "Missing Authentication Token");
    }
    Session session = sessions.get(signature.keyId());
    String token = request.headers().get("x-amz-security-token");
    if (session == null
        || (session.token() == null ? token != null : !session.token().equals(token))) {
      return new Refusal(
          403,
          "UnrecognizedClientException",
          "The security token included in the request is invalid.");
    }
    if (session.expiry().isBefore(Instant.now())) {
      return new Refusal(
          403, "ExpiredTokenException", "The security token included in the request is expired");
    }
    String complaint = signature.complaint(request, session.secret());
    return complaint == null ? null : new Refusal(403, "SignatureDoesNotMatch", complaint);
  }

  private void play(Received request, Line line) throws IOException {
    if (outage) {
      failed.incrementAndGet();
      line.close();
      return;
    }
    Refusal refused = refusal;
    if (refused != null) {
      refuse(line, refused);
    } else if (request.path().equals("/")) {
      sts(request, line);
    } else if (request.path().equals("/container")) {
      container(request, line);
    } else if (request.path().startsWith("/latest/")) {
      metadata(request, line);
    } else {
      line.answer(404, "");
    }
  }

  private void sts(Received request, Line line) throws IOException {
    Map<String, String> form = form(request.text());
    String action = form.getOrDefault("Action", "");
    Refusal refused =
        switch (action) {
          case "AssumeRoleWithWebIdentity" ->
              tokens.contains(form.getOrDefault("WebIdentityToken", ""))
                  ? null
                  : new Refusal(400, "InvalidIdentityToken", "The token is expired or unknown");
          case "AssumeRole" -> judge(request);
          default -> new Refusal(400, "InvalidAction", "Could not find operation " + action);
        };
    if (refused != null) {
      refuse(line, refused);
      return;
    }
    Signature signature = Signature.of(request);
    form.remove("WebIdentityToken");
    String key = give(action, signature == null ? "" : signature.keyId(), form);
    Session session = session(key);
    line.answer(
        200,
        """
        <ACTIONResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><ACTIONResult><Credentials>
        <AccessKeyId>KEY</AccessKeyId><SecretAccessKey>SECRET</SecretAccessKey>
        <SessionToken>TOKEN</SessionToken><Expiration>EXPIRY</Expiration>
        </Credentials></ACTIONResult></ACTIONResponse>
        """
            .replace("ACTION", action)
            .replace("KEY", key)
            .replace("SECRET", session.secret())
            .replace("TOKEN", String.valueOf(session.token()))
            .replace("EXPIRY", session.expiry().toString()),
        "Content-Type: text/xml");
  }

  private void refuse(Line line, Refusal refused) throws IOException {
    failed.incrementAndGet();
    line.answer(
        refused.status(),
        "<ErrorResponse><Error><Code>"
            + refused.code()
            + "</Code><Message>"
            + refused.message()
            + "</Message></Error></ErrorResponse>",
        "Content-Type: text/xml");
  }

  private void container(Received request, Line line) throws IOException {
    String wanted = containerToken;
    if (wanted != null && !wanted.equals(request.headers().get("authorization"))) {
      failed.incrementAndGet();
      line.answer(401, "{\"code\":\"AccessDenied\",\"message\":\"wrong token\"}");
      return;
    }
    line.answer(200, json(give("container", "", Map.of())));
  }

  private void metadata(Received request, Line line) throws IOException {
    String path = request.path().substring("/latest".length());
    if (path.equals("/api/token") && request.method().equals("PUT")) {
      line.answer(200, METADATA_TOKEN);
    } else if (!METADATA_TOKEN.equals(request.headers().get("x-aws-ec2-metadata-token"))) {
      failed.incrementAndGet();
      line.answer(401, "");
    } else if (path.equals("/meta-data/iam/security-credentials/")) {
      line.answer(200, "node-role");
    } else if (path.equals("/meta-data/iam/security-credentials/node-role")) {
      line.answer(200, json(give("metadata", "", Map.of())));
    } else {
      line.answer(404, "");
    }
  }

  private String give(String action, String by, Map<String, String> parameters) {
    int number = numbers.incrementAndGet();
    String key = String.format(Locale.ROOT, "ASIAFAKE%08d", number);
    sessions.put(
        key, new Session("secret/" + number, "token+/=" + number, Instant.now().plus(life)));
    synchronized (calls) {
      calls.add(new Call(action, by, parameters));
    }
    return key;
  }

  private Session session(String key) {
    Session session = sessions.get(key);
    if (session == null) {
      throw new IllegalStateException("no session " + key);
    }
    return session;
  }

  private String json(String key) {
    Session session = session(key);
    return """
    {"Code":"Success","AccessKeyId":"KEY","SecretAccessKey":"SECRET","Token":"TOKEN","Expiration":"EXPIRY"}
    """
        .replace("KEY", key)
        .replace("SECRET", session.secret())
        .replace("TOKEN", String.valueOf(session.token()))
        .replace("EXPIRY", session.expiry().toString());
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new TreeMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return form;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
