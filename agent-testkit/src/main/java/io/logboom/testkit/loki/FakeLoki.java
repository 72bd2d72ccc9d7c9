package io.logboom.testkit.loki;

import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Loki's push API: takes protobuf and JSON, keeps the lines it accepts, and refuses the others line
 * by line with Loki's texts. It knows a line that it has already, as Loki does.
 */
public final class FakeLoki implements AutoCloseable {
  private static final int MOST_DECOMPRESSED = 256 << 20;
  private static final int MOST_RETURNED = 10;
  private static final DateTimeFormatter GO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.nnnnnnnnn '+0000 UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** One accepted line. */
  public record Stored(
      String tenant,
      Map<String, String> labels,
      long nanos,
      String line,
      Map<String, String> metadata) {}

  /** Plays one request instead of the usual answer. */
  public interface Fault {
    void play(Received request, Line line) throws IOException, InterruptedException;
  }

  private static final class State {
    long highest = Long.MIN_VALUE;
    final Set<PushReader.Entry> entries = new HashSet<>();
  }

  /** A tenant's rate: what may be spent now, of at most a second's worth. */
  private static final class Bucket {
    Instant at;
    double left;

    Bucket(Instant at, double left) {
      this.at = at;
      this.left = left;
    }
  }

  private final ScriptedServer server;
  private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
  private final List<Stored> stored = new ArrayList<>();
  private final Map<String, State> streams = new LinkedHashMap<>();
  private final Map<String, Bucket> buckets = new HashMap<>();
  private volatile Limits limits = Limits.USUAL;
  private volatile InstantSource clock = InstantSource.system();
  private volatile @Nullable Fault always;
  private int duplicates;

  private FakeLoki(int port) throws IOException {
    this.server = ScriptedServer.on(port, this::play, null, false);
  }

  public static FakeLoki start() throws IOException {
    return new FakeLoki(0);
  }

  public int port() {
    return server.port();
  }

  public ScriptedServer server() {
    return server;
  }

  /** What is enforced from now on. */
  public FakeLoki limits(Limits next) {
    limits = next;
    return this;
  }

  public FakeLoki clock(InstantSource next) {
    clock = next;
    return this;
  }

  /** The next request that nothing else was asked for is played so. */
  public FakeLoki next(Fault fault) {
    faults.addLast(fault);
    return this;
  }

  /** The next request is answered with this status, and nothing of it is kept. */
  public FakeLoki nextStatus(int status, String body, String... headerLines) {
    return next((_, line) -> line.answer(status, body, headerLines));
  }

  /** All requests are played so, until null. */
  public void always(@Nullable Fault fault) {
    always = fault;
  }

  /** What was accepted, in the order in which it came. */
  public List<Stored> stored() {
    synchronized (stored) {
      return List.copyOf(stored);
    }
  }

  public int count() {
    synchronized (stored) {
      return stored.size();
    }
  }

  /** How many lines came that were there already. */
  public int duplicates() {
    synchronized (stored) {
      return duplicates;
    }
  }

  /** The streams that there are, of all tenants. */
  public int streams() {
    synchronized (stored) {
      return streams.size();
    }
  }

  /** The usual answer to a request. */
  public void accept(Received request, Line line) throws IOException {
    Answer answer = judge(request);
    line.answer(answer.status, answer.text);
  }

  private record Answer(int status, String text) {}

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

  private Answer judge(Received request) {
    if (!request.method().equals("POST") || !request.path().equals("/loki/api/v1/push")) {
      return new Answer(404, "404 page not found\n");
    }
    String tenant = request.headers().get("x-scope-orgid");
    if (tenant == null && limits.tenantNeeded()) {
      return new Answer(401, "no org id\n");
    }
    if (request.body().length > limits.mostBody()) {
      return new Answer(413, "request body too large\n");
    }
    List<PushReader.Stream> read;
    try {
      read = read(request);
    } catch (IllegalArgumentException | IOException e) {
      return new Answer(400, e.getMessage() + "\n");
    }
    if (read.isEmpty()) {
      return new Answer(422, "error at least one valid stream is required for ingestion\n");
    }
    synchronized (stored) {
      return take(tenant == null ? "fake" : tenant, read);
    }
  }

  private static List<PushReader.Stream> read(Received request) throws IOException {
    String type = request.headers().getOrDefault("content-type", "");
    byte[] body = request.body();
    if ("gzip".equals(request.headers().get("content-encoding"))) {
      body = new GZIPInputStream(new java.io.ByteArrayInputStream(body)).readAllBytes();
    }
    return switch (type) {
      case "application/json" -> PushReader.json(body);
      case "application/x-protobuf" ->
          PushReader.protobuf(PushReader.unsnap(body, MOST_DECOMPRESSED));
      default -> throw new IllegalArgumentException("unsupported content type: " + type);
    };
  }

  private Answer take(String tenant, List<PushReader.Stream> read) {
    Map<String, Integer> errors = new LinkedHashMap<>();
    Map<String, List<PushReader.Entry>> valid = new LinkedHashMap<>();
    long bytes = 0;
    int lines = 0;
    Instant now = clock.instant();
    for (PushReader.Stream stream : read) {
      String bad = limits.refusedLabels(stream.labels());
      if (bad != null) {
        errors.merge(bad, stream.entries().size(), Integer::sum);
        continue;
      }
      for (PushReader.Entry entry : stream.entries()) {
        String refused = limits.refused(stream.labels(), entry, now);
        if (refused != null) {
          errors.merge(refused, 1, Integer::sum);
        } else {
          valid.computeIfAbsent(stream.labels(), _ -> new ArrayList<>()).add(entry);
          bytes += entry.line().getBytes(StandardCharsets.UTF_8).length;
          lines++;
        }
      }
    }
    if (!valid.isEmpty() && !isWithinRate(tenant, bytes, now)) {
      return new Answer(429, limits.rateText(tenant, lines, bytes) + "\n");
    }
    String behind = null;
    for (Map.Entry<String, List<PushReader.Entry>> each : valid.entrySet()) {
      String one = push(tenant, each.getKey(), each.getValue());
      behind = one == null ? behind : one;
    }
    if (behind != null) {
      return new Answer(400, behind + "\n");
    }
    return errors.isEmpty() ? new Answer(204, "") : new Answer(400, grouped(errors) + "\n");
  }

  private boolean isWithinRate(String tenant, long bytes, Instant now) {
    long rate = limits.bytesPerSecond();
    if (rate == 0) {
      return true;
    }
    Bucket bucket = buckets.computeIfAbsent(tenant, _ -> new Bucket(now, (double) rate));
    double passed = ChronoUnit.NANOS.between(bucket.at, now) / 1e9;
    bucket.left = Math.min((double) rate, bucket.left + passed * rate);
    bucket.at = now;
    if (bytes > bucket.left) {
      return false;
    }
    bucket.left -= bytes;
    return true;
  }

  private @Nullable String push(String tenant, String labels, List<PushReader.Entry> entries) {
    State state = streams.computeIfAbsent(tenant + '/' + labels, _ -> new State());
    Map<String, String> map = Labels.read(labels);
    StringBuilder failed = new StringBuilder();
    int count = 0;
    for (PushReader.Entry entry : entries) {
      long cutoff = state.highest - limits.window().toNanos();
      if (state.highest != Long.MIN_VALUE && entry.nanos() < cutoff) {
        if (count++ < MOST_RETURNED) {
          failed.append(
              String.format(
                  Locale.ROOT,
                  "entry with timestamp %s ignored, reason: 'entry too far behind, entry timestamp"
                      + " is: %s, oldest acceptable timestamp is: %s',\n",
                  GO.format(Limits.instant(entry.nanos())),
                  Limits.seconds(entry.nanos()),
                  Limits.seconds(cutoff)));
        }
        continue;
      }
      state.highest = Math.max(state.highest, entry.nanos());
      if (state.entries.add(entry)) {
        stored.add(new Stored(tenant, map, entry.nanos(), entry.line(), entry.metadata()));
      } else {
        duplicates++;
      }
    }
    return count == 0
        ? null
        : failed
            + String.format(
                Locale.ROOT,
                "user '%s', total ignored: %d out of %d for stream: %s",
                tenant,
                count,
                entries.size(),
                labels);
  }

  private static String grouped(Map<String, Integer> errors) {
    List<String> texts = new ArrayList<>();
    errors.forEach(
        (text, n) -> texts.add(errors.size() > 1 || n > 1 ? n + " errors like: " + text : text));
    return String.join("; ", texts);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
