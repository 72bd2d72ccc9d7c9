package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.net.body.Arena;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.StatusCounters;
import io.logboom.net.send.Receiver;
import io.logboom.net.send.Senders;
import io.logboom.output.loki.PushBody.Format;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers to Loki. */
final class Loki implements Output {
  private static final Logger LOG = LoggerFactory.getLogger(Loki.class);
  private static final int SEGMENT = 64 * 1024;

  /** By how much the last record of a request may go beyond max_request_size. */
  private static final int OVERSHOOT = 8 * SEGMENT;

  private static final int PART_OF_HEAP = 16;

  /** Segments of a worker that do not count towards the memory budget: 2 MiB. */
  private static final int MOST_KEPT = 32;

  private static final Pattern RATE =
      Pattern.compile("\\(limit: (\\d{1,18}) bytes/sec\\)[^)]*?totaling '?(\\d{1,18})'? bytes");

  /** Requests that are refused for a rate until the next ones are smaller. */
  private static final int PATIENCE = 3;

  /** Requests that are taken until the next ones are larger again. */
  private static final int CONFIDENCE = 16;

  private static final long LEAST_REQUEST = 64 * 1024;

  /** For how long after a refusal each stream has requests of its own. */
  private static final long ALONE_SECONDS = 300;

  private final LokiConfig config;
  private final Context context;
  private final HttpClient client;
  private final LokiEncoder.Shape shape;
  private final Format format;
  private final List<String> headers;
  private final SegmentPool pool;
  private final Receiver receiver;
  private final long most;
  private final long mostOfOne;
  private final CardinalityWatch watch;
  private final Senders senders;
  private final StatusCounters requests;
  private final Counter accepted;
  private final Counter rejected;
  private final Counter expired;
  private final Counter labelsCut;
  private final Counter highCardinality;
  private final Counter metadataLeftOut;
  private final Counter repaired;
  private final Counter encoded;
  private final Counter sent;
  private final AtomicInteger limitedInARow = new AtomicInteger();
  private final AtomicInteger takenInARow = new AtomicInteger();
  private volatile long cautious = Long.MAX_VALUE;
  private volatile long aloneUntil = Long.MIN_VALUE;

  Loki(
      LokiConfig config,
      Context context,
      HttpClient client,
      LokiEncoder.Shape shape,
      Format format) {
    this.config = config;
    this.context = context;
    this.client = client;
    this.shape = shape;
    this.format = format;
    this.headers =
        switch (format) {
          case PROTOBUF -> List.of("Content-Type", "application/x-protobuf");
          case JSON -> List.of("Content-Type", "application/json");
          case JSON_GZIP -> List.of("Content-Type", "application/json", "Content-Encoding", "gzip");
        };
    this.most = most(config.requests().maxRequestSize().bytes());
    this.receiver = new Receiver(LOG, context.name(), most);
    // What all workers need at once is kept; beyond that only a very large record goes.
    int perWorker = (int) Math.min((most + OVERSHOOT) / SEGMENT, MOST_KEPT);
    this.pool =
        new SegmentPool(
            SEGMENT,
            Math.max(1, context.workers()) * perWorker,
            context.batches()::charge,
            context.batches()::isShort);
    this.mostOfOne = Math.max(most + OVERSHOOT, 2L * context.batches().largest());
    Meters meters = context.meters();
    this.requests = new StatusCounters(meters, LokiMeter.REQUESTS);
    this.accepted = meters.counter(LokiMeter.LINES, "result", "accepted");
    this.rejected = meters.counter(LokiMeter.LINES, "result", "rejected");
    this.expired = meters.counter(LokiMeter.LINES, "result", "expired");
    this.labelsCut = meters.counter(LokiMeter.LABELS_CUT);
    this.highCardinality = meters.counter(LokiMeter.HIGH_CARDINALITY);
    this.metadataLeftOut = meters.counter(LokiMeter.METADATA_LEFT_OUT);
    this.repaired = meters.counter(LokiMeter.REPAIRED);
    this.encoded = meters.counter(LokiMeter.ENCODED);
    this.sent = meters.counter(LokiMeter.SENT);
    this.watch = new CardinalityWatch(this::passed);
    this.senders = new Senders(this::newPush);
  }

  /** A request stands in memory as a whole, and while it grows twice. */
  private long most(long configured) {
    long room = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    if (configured <= room) {
      return configured;
    }
    LOG.warn(
        "[{}] max_request_size is more than a {}th of the memory that Java has: requests have no"
            + " more than {} bytes",
        context.name(),
        PART_OF_HEAP,
        room);
    return room;
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    return senders.send(batches);
  }

  private Push newPush() {
    long usual = most + OVERSHOOT;
    Entries entries = new Entries(usual, mostOfOne, context.batches()::charge);
    Arena[] scratch = new Arena[3];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new Arena(SEGMENT, mostOfOne, context.batches()::charge);
    }
    LokiConfig.Auth auth = config.auth();
    return new Push(
        this,
        new LokiEncoder(this, shape, context.names(), entries, scratch),
        entries,
        new PushBody(pool, Long.MAX_VALUE, format),
        new Tenants(
            auth.tenantIdKey() == null ? null : auth.tenantIdKey().reader(context.names()),
            auth.tenantId(),
            headers));
  }

  // ---- for Push and the encoder

  HttpClient client() {
    return client;
  }

  HttpRequest request(Segments body, Tenants.Tenant tenant) {
    return new HttpRequest("POST", config.target().uri(), tenant.headers(), body);
  }

  CardinalityWatch watch() {
    return watch;
  }

  Receiver receiver() {
    return receiver;
  }

  /** When a request is full. */
  long mostBytes() {
    return Math.min(receiver.mostBytes(), cautious);
  }

  /** Whether no request may have several streams. */
  boolean hasEachStreamAlone(long nowSecond) {
    return config.requests().separateStreams() || nowSecond < aloneUntil;
  }

  /** Loki has told what became of one stream of a request, and not of the others. */
  void haveEachStreamAlone() {
    aloneUntil = nowSecond() + ALONE_SECONDS;
  }

  /**
   * A request that is more than may be sent in a second, or at once, would never be taken. What may
   * be sent at once Loki does not tell, so requests get smaller as long as none is taken.
   */
  void limited(String text, long bytes) {
    Matcher m = RATE.matcher(text);
    if (m.find() && Long.parseLong(m.group(2)) > Long.parseLong(m.group(1))) {
      receiver.tooLarge(bytes, m.group());
    }
    takenInARow.set(0);
    if (limitedInARow.incrementAndGet() % PATIENCE == 0) {
      cautious = Math.max(LEAST_REQUEST, mostBytes() / 2);
    }
  }

  /** A request was taken. */
  void taken() {
    receiver.works();
    limitedInARow.set(0);
    if (cautious != Long.MAX_VALUE && takenInARow.incrementAndGet() % CONFIDENCE == 0) {
      cautious = cautious < receiver.mostBytes() ? cautious * 2 : Long.MAX_VALUE;
    }
  }

  long nowSecond() {
    return context.clock().instant().getEpochSecond();
  }

  /** The time of the oldest line that is sent. */
  long oldestNanos() {
    Duration most = config.requests().maxAge();
    if (most == null) {
      return Long.MIN_VALUE;
    }
    Instant oldest = context.clock().instant().minus(most);
    return oldest.getEpochSecond() * 1_000_000_000L + oldest.getNano();
  }

  String tooOld(long epochNanos) {
    return "the line of "
        + Push.time(epochNanos)
        + " is older than max_age, "
        + config.requests().maxAge();
  }

  void sending(long plainBytes, long bytes) {
    encoded.add(plainBytes);
    sent.add(bytes);
  }

  /**
   * Counts an answer.
   *
   * @param status 0 for none
   */
  void answered(int status) {
    requests.answered(status);
  }

  void lines(int taken, int refusedOnes, int old) {
    accepted.add(taken);
    rejected.add(refusedOnes);
    expired.add(old);
  }

  void cut(int labels) {
    labelsCut.add(labels);
  }

  void leftOut(int members) {
    metadataLeftOut.add(members);
  }

  void repaired() {
    repaired.add(1);
  }

  private void passed(String label) {
    highCardinality.add(1);
    LOG.warn(
        "[{}] label '{}' has more than {} different values; each set of labels is a stream of its"
            + " own to Loki, so such values belong into structured_metadata",
        context.name(),
        label,
        CardinalityWatch.MOST);
  }

  @Override
  public void close() {
    senders.close();
    pool.close();
    client.close();
  }
}
