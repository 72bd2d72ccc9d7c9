package io.logboom.testkit.loki;

import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
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
 *
 * <p>What it refuses as a stream is written it tells of the request's last stream only, as Loki
 * does: of the others lines are gone without a word. {@link #silentlyDropped} counts them.
 */
public final class FakeLoki implements AutoCloseable {
  private static final int MOST_DECOMPRESSED = 256 << 20;
  private static final int MOST_RETURNED = 10;
  private static final DateTimeFormatter GO =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral(" +0000 UTC")
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** One accepted line, with the labels that it came with. */
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
    @Nullable Bucket bucket;
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

    boolean allows(long bytes, long rate, Instant now) {
      double passed = ChronoUnit.NANOS.between(at, now) / 1e9;
      left = Math.min((double) rate, left + passed * rate);
      at = now;
      if (bytes > left) {
        return false;
      }
      left -= bytes;
      return true;
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
  private int silentlyDropped;

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

  /** How many lines were refused of which no answer told. */
  public int silentlyDropped() {
    synchronized (stored) {
      return silentlyDropped;
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
    if (request.body().length > limits.body()) {
      return new Answer(
          413,
          "request body too large: message size too large than max ("
              + request.body().length
              + " vs "
              + limits.body()
              + ")\n");
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
    List<Map<String, String>> labels = new ArrayList<>();
    for (PushReader.Stream stream : read) {
      try {
        labels.add(Labels.read(stream.labels()));
      } catch (IllegalArgumentException e) {
        return new Answer(400, "couldn't parse labels: " + e.getMessage() + "\n");
      }
    }
    Map<String, Integer> errors = new LinkedHashMap<>();
    List<Valid> valid = new ArrayList<>();
    long bytes = 0;
    int lines = 0;
    Instant now = clock.instant();
    for (int i = 0; i < read.size(); i++) {
      Map<String, String> known = labels.get(i);
      String text = Labels.write(Labels.withService(known));
      String bad = limits.refusedLabels(Labels.withService(known), text);
      if (bad != null) {
        errors.merge(bad, 1, Integer::sum);
        continue;
      }
      Valid taken = new Valid(text, known, new ArrayList<>());
      for (PushReader.Entry entry : read.get(i).entries()) {
        String refused = limits.refused(text, entry, now);
        if (refused != null) {
          errors.merge(refused, 1, Integer::sum);
        } else {
          taken.entries.add(entry);
          bytes += Limits.bytes(entry);
          lines++;
        }
      }
      if (!taken.entries.isEmpty()) {
        valid.add(taken);
      }
    }
    if (lines > 0 && limits.rate() > 0) {
      Bucket bucket = buckets.computeIfAbsent(tenant, _ -> new Bucket(now, (double) limits.rate()));
      if (!bucket.allows(bytes, limits.rate(), now)) {
        return new Answer(429, limits.rateText(tenant, lines, bytes) + "\n");
      }
    }
    Answer last = null;
    int untold = 0;
    for (Valid each : valid) {
      int before = stored.size() + duplicates;
      silentlyDropped += untold;
      last = push(tenant, each, now);
      untold = each.entries.size() - (stored.size() + duplicates - before);
    }
    if (last != null) {
      return last;
    }
    return errors.isEmpty() ? new Answer(204, "") : new Answer(400, grouped(errors) + "\n");
  }

  /** A stream's lines that are to be written. */
  private record Valid(String text, Map<String, String> labels, List<PushReader.Entry> entries) {}

  private @Nullable Answer push(String tenant, Valid stream, Instant now) {
    State state = streams.get(tenant + '/' + stream.text);
    if (state == null) {
      if (limits.streams() > 0 && streams.size() >= limits.streams()) {
        return new Answer(429, Limits.streamsText(stream.text, tenant) + "\n");
      }
      state = new State();
      streams.put(tenant + '/' + stream.text, state);
    }
    List<PushReader.Entry> valid = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    long highest = state.highest;
    long bytes = 0;
    for (PushReader.Entry entry : stream.entries) {
      long cutoff = highest - Limits.WINDOW.toNanos();
      if (highest != Long.MIN_VALUE && entry.nanos() < cutoff) {
        failed.add(
            ignored(
                entry,
                "entry too far behind, entry timestamp is: "
                    + Limits.seconds(entry.nanos())
                    + ", oldest acceptable timestamp is: "
                    + Limits.seconds(cutoff)));
      } else {
        valid.add(entry);
        bytes += Limits.bytes(entry);
        highest = Math.max(highest, entry.nanos());
      }
    }
    long rate = limits.streamRate();
    if (rate > 0) {
      state.bucket = state.bucket == null ? new Bucket(now, (double) rate) : state.bucket;
      if (!state.bucket.allows(bytes, rate, now)) {
        return new Answer(
            429,
            told(
                tenant,
                stream,
                valid.stream()
                    .map(e -> ignored(e, limits.streamRateText(stream.text, Limits.bytes(e))))
                    .toList()));
      }
    }
    state.highest = highest;
    for (PushReader.Entry entry : valid) {
      if (state.entries.add(entry)) {
        stored.add(
            new Stored(tenant, stream.labels, entry.nanos(), entry.line(), entry.metadata()));
      } else {
        duplicates++;
      }
    }
    return failed.isEmpty() ? null : new Answer(400, told(tenant, stream, failed));
  }

  private static String ignored(PushReader.Entry entry, String reason) {
    return "entry with timestamp "
        + GO.format(Limits.instant(entry.nanos()))
        + " ignored, reason: '"
        + reason
        + "',\n";
  }

  private static String told(String tenant, Valid stream, List<String> failed) {
    return String.join("", failed.subList(0, Math.min(MOST_RETURNED, failed.size())))
        + "user '"
        + tenant
        + "', total ignored: "
        + failed.size()
        + " out of "
        + stream.entries.size()
        + " for stream: "
        + stream.text
        + "\n";
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
