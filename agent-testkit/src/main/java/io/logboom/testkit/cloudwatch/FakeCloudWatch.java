package io.logboom.testkit.cloudwatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CloudWatch Logs, as far as logs are put there, with its rules enforced: names, the size, order
 * and span of a request, the size and age of events; groups and streams must have been created.
 * Requests must look signed, with the hash of their body, by a key that it knows.
 */
public final class FakeCloudWatch implements AutoCloseable {
  /** The key that it knows. */
  public static final String KEY = "AKIDEXAMPLE";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/[a-z0-9-]+/logs/aws4_request,"
              + " SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}");

  /** One accepted event. */
  public record Stored(String group, String stream, long millis, String message) {}

  /** Plays one request instead of the usual answer. */
  public interface Fault {
    void play(Received request, Line line) throws IOException, InterruptedException;
  }

  private final ScriptedServer server;
  private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
  private final LogGroups all = new LogGroups();
  private final List<String> refused = new ArrayList<>();
  private final AtomicInteger number = new AtomicInteger();
  private volatile InstantSource clock = InstantSource.system();
  private volatile int mostEvent = LogGroups.MOST_BYTES;
  private volatile @Nullable Fault always;

  private FakeCloudWatch(int port) throws IOException {
    this.server = ScriptedServer.on(port, this::play, null, false);
  }

  public static FakeCloudWatch start() throws IOException {
    return new FakeCloudWatch(0);
  }

  public int port() {
    return server.port();
  }

  public ScriptedServer server() {
    return server;
  }

  public FakeCloudWatch clock(InstantSource next) {
    clock = next;
    return this;
  }

  /** The bytes that an event may have, its 26 among them. */
  public FakeCloudWatch mostEvent(int bytes) {
    mostEvent = bytes;
    return this;
  }

  /** Makes a group, which keeps its events for so many days; 0 for ever. */
  public FakeCloudWatch group(String name, int retentionDays) {
    synchronized (all) {
      LogGroups.Group group = new LogGroups.Group();
      group.retentionDays = retentionDays;
      all.groups().put(name, group);
    }
    return this;
  }

  /** Makes a stream in a group that there is. */
  public FakeCloudWatch stream(String group, String name) {
    synchronized (all) {
      group(group).streams.add(name);
    }
    return this;
  }

  private LogGroups.Group group(String name) {
    return Objects.requireNonNull(all.groups().get(name), name);
  }

  /** Forgets a group, with its streams. */
  public void drop(String group) {
    synchronized (all) {
      all.groups().remove(group);
    }
  }

  /** The next request that nothing else was asked for is played so. */
  public FakeCloudWatch next(Fault fault) {
    faults.addLast(fault);
    return this;
  }

  /** The next request is refused with this error, and nothing of it is kept. */
  public FakeCloudWatch nextError(int status, String code, String message) {
    return next((_, line) -> error(line, status, code, message));
  }

  /** The next request is answered as any. */
  public FakeCloudWatch nextUsual() {
    return next(this::accept);
  }

  /** All requests are played so, until null. */
  public void always(@Nullable Fault fault) {
    always = fault;
  }

  /** What was accepted, in the order in which it came. */
  public List<Stored> stored() {
    synchronized (all) {
      return List.copyOf(all.stored());
    }
  }

  public int count() {
    synchronized (all) {
      return all.stored().size();
    }
  }

  /** The groups that there are, each with the days that it keeps its events. */
  public Map<String, Integer> groups() {
    synchronized (all) {
      Map<String, Integer> days = new TreeMap<>();
      all.groups().forEach((name, group) -> days.put(name, group.retentionDays));
      return days;
    }
  }

  public String groupClass(String group) {
    synchronized (all) {
      return group(group).kind;
    }
  }

  /** What it refused by its own rules, each as code and message. */
  public List<String> refused() {
    synchronized (all) {
      return List.copyOf(refused);
    }
  }

  /** The calls that came, such as {@code PutLogEvents}. */
  public List<String> calls() {
    return server.received().stream().map(FakeCloudWatch::action).toList();
  }

  /** The word behind the point of {@code X-Amz-Target}. */
  public static String action(Received request) {
    return request.headers().getOrDefault("x-amz-target", "").replace("Logs_20140328.", "");
  }

  /** Answers with an error of the service. */
  public void error(Line line, int status, String code, String message) throws IOException {
    ObjectNode body = JSON.createObjectNode();
    body.put("__type", code);
    body.put("message", message);
    answer(line, status, body.toString());
  }

  private void answer(Line line, int status, String body) throws IOException {
    line.answer(
        status,
        body,
        "Content-Type: application/x-amz-json-1.1",
        "x-amzn-RequestId: request-" + number.incrementAndGet());
  }

  /** The usual answer to a request. */
  public void accept(Received request, Line line) throws IOException {
    try {
      answer(line, 200, judge(request));
    } catch (LogGroups.Refusal e) {
      synchronized (all) {
        refused.add(e.code + ": " + e.getMessage());
      }
      error(line, 400, e.code, String.valueOf(e.getMessage()));
    }
  }

  private void play(Received request, Line line) throws IOException, InterruptedException {
    Fault fault = faults.pollFirst();
    Fault each = always;
    if (fault != null) {
      fault.play(request, line);
    } else if (each != null) {
      each.play(request, line);
    } else {
      accept(request, line);
    }
  }

  private String judge(Received request) throws LogGroups.Refusal {
    if (!request.method().equals("POST") || !request.path().equals("/")) {
      throw new LogGroups.Refusal("UnknownOperationException", request.path());
    }
    if (!"application/x-amz-json-1.1".equals(request.headers().get("content-type"))) {
      throw new LogGroups.Refusal("UnknownOperationException", "not AWS JSON 1.1");
    }
    checkSignature(request);
    JsonNode ask;
    try {
      ask = JSON.readTree(request.text());
    } catch (JsonProcessingException | IllegalStateException e) {
      throw new LogGroups.Refusal("SerializationException", String.valueOf(e.getMessage()));
    }
    synchronized (all) {
      switch (action(request)) {
        case "CreateLogGroup" -> all.createGroup(ask);
        case "CreateLogStream" -> all.createStream(ask);
        case "PutRetentionPolicy" -> all.retain(ask);
        case "PutLogEvents" -> {
          return answer(all.put(ask, clock.instant(), mostEvent));
        }
        default ->
            throw new LogGroups.Refusal(
                "UnknownOperationException", String.valueOf(request.headers().get("x-amz-target")));
      }
      return "";
    }
  }

  private static String answer(Map<String, Integer> rejected) {
    ObjectNode body = JSON.createObjectNode();
    body.put("nextSequenceToken", "49039859533790039851380816675861673084717305346360483984");
    if (!rejected.isEmpty()) {
      ObjectNode info = body.putObject("rejectedLogEventsInfo");
      rejected.forEach(info::put);
    }
    return body.toString();
  }

  private static void checkSignature(Received request) throws LogGroups.Refusal {
    String header = request.headers().getOrDefault("authorization", "");
    if (header.isEmpty()) {
      throw new LogGroups.Refusal(
          "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    Matcher m = AUTHORIZATION.matcher(header);
    String date = request.headers().getOrDefault("x-amz-date", "");
    if (!m.matches() || !date.startsWith(m.group(2))) {
      throw new LogGroups.Refusal("IncompleteSignatureException", header);
    }
    if (!m.group(1).equals(KEY)) {
      throw new LogGroups.Refusal(
          "UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    List<String> signed = List.of(m.group(3).split(";"));
    if (!signed.containsAll(List.of("host", "x-amz-date", "x-amz-target"))) {
      throw new LogGroups.Refusal("InvalidSignatureException", "not all is signed: " + signed);
    }
    String hash = request.headers().get("x-amz-content-sha256");
    if (hash != null && !hash.equals(sha256(request.body()))) {
      throw new LogGroups.Refusal("InvalidSignatureException", "the body has another hash");
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
