package io.logboom.output.elasticsearch;

import io.logboom.api.batch.Batch;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.net.body.Body;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.StatusCounters;
import io.logboom.net.send.Pass;
import io.logboom.net.send.Passes;
import io.logboom.net.send.Receiver;
import io.logboom.net.send.Senders;
import io.logboom.output.elasticsearch.ElasticsearchConfig.Compress;
import io.logboom.output.elasticsearch.ElasticsearchConfig.OnTypeConflict;
import io.logboom.output.elasticsearch.ElasticsearchConfig.Operation;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers to Elasticsearch or OpenSearch. */
final class Elasticsearch implements Output {
  private static final Logger LOG = LoggerFactory.getLogger(Elasticsearch.class);
  private static final int SEGMENT = 64 * 1024;

  /** By how much the last record of a request may go beyond max_request_size. */
  private static final int OVERSHOOT = 8 * SEGMENT;

  /** Segments of a worker that do not count towards the memory budget: 4 MiB. */
  private static final int MOST_KEPT = 64;

  private static final int MOST_NAMED_FIELDS = 64;

  private final ElasticsearchConfig config;
  private final Context context;
  private final HttpClient client;
  private final Passes passes;
  private final SegmentPool pool;
  private final String path;
  private final List<String> headers;
  private final Receiver receiver;
  private final Senders senders;
  private final long mostOfOne;
  private final Set<String> clashed = ConcurrentHashMap.newKeySet();
  private final StatusCounters requests;
  private final Map<BulkAnswer.Result, Counter> items;
  private final Counter encoded;
  private final Counter sent;
  private final Counter movedAside;
  private final Counter repaired;

  Elasticsearch(ElasticsearchConfig config, Context context, HttpClient client, Passes passes) {
    this.config = config;
    this.context = context;
    this.client = client;
    this.passes = passes;
    long most = config.requests().maxRequestSize().bytes();
    this.receiver = new Receiver(LOG, context.name(), most);
    // What all workers need at once is kept; beyond that only a very large record goes.
    int perWorker = (int) Math.min((most + OVERSHOOT) / SEGMENT, MOST_KEPT);
    this.pool =
        new SegmentPool(
            SEGMENT,
            Math.max(1, context.workers()) * perWorker,
            context.batches()::charge,
            context.batches()::isShort);
    this.mostOfOne = Math.max(most + OVERSHOOT, context.batches().largest());
    this.path = path(config);
    List<String> all = new ArrayList<>(List.of("Content-Type", "application/x-ndjson"));
    if (config.requests().compress() == Compress.GZIP) {
      all.addAll(List.of("Content-Encoding", "gzip"));
    }
    this.headers = List.copyOf(all);
    Meters meters = context.meters();
    this.requests = new StatusCounters(meters, ElasticsearchMeter.REQUESTS);
    this.items =
        Map.of(
            BulkAnswer.Result.CREATED, result(meters, "created"),
            BulkAnswer.Result.CONFLICT, result(meters, "conflict"),
            BulkAnswer.Result.RETRY, result(meters, "retried"),
            BulkAnswer.Result.BLOCKED, result(meters, "retried"),
            BulkAnswer.Result.CLASHED, result(meters, "clashed"),
            BulkAnswer.Result.REJECTED, result(meters, "rejected"));
    this.movedAside = meters.counter(ElasticsearchMeter.MOVED_ASIDE);
    this.repaired = meters.counter(ElasticsearchMeter.REPAIRED);
    this.encoded = meters.counter(ElasticsearchMeter.ENCODED);
    this.sent = meters.counter(ElasticsearchMeter.SENT);
    this.senders = new Senders(this::newBulk);
  }

  private static Counter result(Meters meters, String result) {
    return meters.counter(ElasticsearchMeter.ITEMS, "result", result);
  }

  private static String path(ElasticsearchConfig config) {
    String base = config.target().path() == null ? "" : config.target().path();
    if (!base.isEmpty() && !base.startsWith("/")) {
      base = "/" + base;
    }
    if (base.endsWith("/")) {
      base = base.substring(0, base.length() - 1);
    }
    List<String> query = new ArrayList<>();
    if (config.target().pipeline() != null) {
      query.add(
          "pipeline=" + URLEncoder.encode(config.target().pipeline(), StandardCharsets.UTF_8));
    }
    if (config.requests().shortAnswers()) {
      query.add("filter_path=errors,items.*.status,items.*.error");
    }
    String all = query.isEmpty() ? "" : "?" + String.join("&", query);
    // A signature covers the query with all but letters, digits and -_.~ encoded.
    return base
        + "/_bulk"
        + (config.aws().awsAuth()
            ? all.replace("+", "%20").replace("*", "%2A").replace(",", "%2C")
            : all);
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    return senders.send(batches);
  }

  private Bulk newBulk() {
    return new Bulk(
        this,
        new ElasticsearchEncoder(config, context.names(), this),
        new Body(pool, mostOfOne, config.requests().compress() == Compress.GZIP),
        new BulkAnswer(
            config.ids().writeOperation() == Operation.CREATE,
            config.document().onTypeConflict() == OnTypeConflict.MOVE_ASIDE));
  }

  // ---- for Bulk

  HttpClient client() {
    return client;
  }

  /**
   * For one request.
   *
   * @throws IOException where there are no credentials: nothing was sent
   */
  Pass pass() throws IOException, InterruptedException {
    return passes.next();
  }

  HttpRequest request(Segments body) {
    return new HttpRequest("POST", path, headers, body);
  }

  Receiver receiver() {
    return receiver;
  }

  long nowNanos() {
    Instant now = context.clock().instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
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

  void created(int count) {
    count(BulkAnswer.Result.CREATED, count);
  }

  void item(BulkAnswer.Result result, String reason) {
    count(result, 1);
    if (!reason.isEmpty() && config.requests().traceError()) {
      LOG.warn("[{}] an item was answered {}", context.name(), reason);
    }
  }

  private void count(BulkAnswer.Result result, int count) {
    Counter counter = items.get(result);
    if (counter != null) {
      counter.add(count);
    }
  }

  /** A document goes again without this field. Said once for each field, of a few. */
  void clashed(String field) {
    if (clashed.size() < MOST_NAMED_FIELDS && clashed.add(field)) {
      LOG.warn(
          "[{}] field '{}' has another type in the index than in the record; it is moved aside to"
              + " {}, as on_type_conflict says",
          context.name(),
          field,
          Aside.MEMBER);
    }
  }

  /** A document was taken without the fields that it was refused for. */
  void movedAside() {
    movedAside.add(1);
  }

  void repaired(int records) {
    repaired.add(records);
  }

  @Override
  public void close() {
    senders.close();
    pool.close();
    client.close();
    passes.close();
  }
}
