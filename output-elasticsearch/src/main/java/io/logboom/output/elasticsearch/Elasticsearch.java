package io.logboom.output.elasticsearch;

import io.logboom.api.batch.Batch;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.SegmentPool;
import io.logboom.net.http.Segments;
import io.logboom.output.elasticsearch.ElasticsearchConfig.Compress;
import io.logboom.output.elasticsearch.ElasticsearchConfig.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers to Elasticsearch or OpenSearch. */
final class Elasticsearch implements Output {
  private static final Logger LOG = LoggerFactory.getLogger(Elasticsearch.class);
  private static final int SEGMENT = 64 * 1024;

  private final ElasticsearchConfig config;
  private final Context context;
  private final HttpClient client;
  private final SegmentPool pool;
  private final String path;
  private final List<String> headers;
  private final long mostBytes;
  private final ArrayDeque<Bulk> idle = new ArrayDeque<>();
  private final AtomicBoolean refused = new AtomicBoolean();
  private final Map<String, Counter> requests;
  private final Map<BulkAnswer.Result, Counter> items;
  private final Counter encoded;
  private final Counter sent;
  private boolean closed;

  Elasticsearch(ElasticsearchConfig config, Context context, HttpClient client) {
    this.config = config;
    this.context = context;
    this.client = client;
    this.mostBytes = config.requests().maxRequestSize().bytes();
    // What all workers need at once is kept; beyond that only a very large record goes.
    int perWorker = (int) Math.min(mostBytes / SEGMENT + 4, 64);
    this.pool = new SegmentPool(SEGMENT, Math.max(1, context.workers()) * perWorker);
    this.path = path(config);
    List<String> all = new ArrayList<>(List.of("Content-Type", "application/x-ndjson"));
    if (config.requests().compress() == Compress.GZIP) {
      all.addAll(List.of("Content-Encoding", "gzip"));
    }
    this.headers = List.copyOf(all);
    Meters meters = context.meters();
    this.requests =
        Stream.of("2xx", "4xx", "429", "5xx", "other", "none")
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    s -> meters.counter(ElasticsearchMeter.REQUESTS, "status", s)));
    this.items =
        Map.of(
            BulkAnswer.Result.CREATED, result(meters, "created"),
            BulkAnswer.Result.CONFLICT, result(meters, "conflict"),
            BulkAnswer.Result.RETRY, result(meters, "retried"),
            BulkAnswer.Result.BLOCKED, result(meters, "retried"),
            BulkAnswer.Result.REJECTED, result(meters, "rejected"));
    this.encoded = meters.counter(ElasticsearchMeter.ENCODED);
    this.sent = meters.counter(ElasticsearchMeter.SENT);
    // Names are registered before any record flows.
    giveBack(newBulk());
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
    return base + "/_bulk" + (query.isEmpty() ? "" : "?" + String.join("&", query));
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    Bulk bulk = take();
    try {
      return bulk.send(batches);
    } finally {
      giveBack(bulk);
    }
  }

  private Bulk take() {
    synchronized (idle) {
      Bulk last = idle.pollLast();
      if (last != null) {
        return last;
      }
    }
    return newBulk();
  }

  private Bulk newBulk() {
    return new Bulk(
        this,
        new ElasticsearchEncoder(config, context.names(), this),
        new BulkBody(pool, config.requests().compress() == Compress.GZIP),
        new BulkAnswer(config.ids().writeOperation() == Operation.CREATE));
  }

  private void giveBack(Bulk bulk) {
    synchronized (idle) {
      if (!closed) {
        idle.addLast(bulk);
        return;
      }
    }
    bulk.close();
  }

  // ---- for Bulk

  HttpClient client() {
    return client;
  }

  HttpRequest request(Segments body) {
    return new HttpRequest("POST", path, headers, body);
  }

  long mostBytes() {
    return mostBytes;
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
    String type =
        status == 0
            ? "none"
            : status == 429
                ? "429"
                : switch (status / 100) {
                  case 2 -> "2xx";
                  case 4 -> "4xx";
                  case 5 -> "5xx";
                  default -> "other";
                };
    Counter counter = requests.get(type);
    if (counter != null) {
      counter.add(1);
    }
  }

  void created(int count) {
    count(BulkAnswer.Result.CREATED, count);
  }

  void item(BulkAnswer.Result result, @Nullable String reason) {
    count(result, 1);
    if (reason != null && config.requests().traceError()) {
      LOG.warn("[{}] an item was answered {}", context.name(), reason);
    }
  }

  private void count(BulkAnswer.Result result, int count) {
    Counter counter = items.get(result);
    if (counter != null) {
      counter.add(count);
    }
  }

  /** Said once, until requests are taken again. */
  void operatorMustAct(String why) {
    if (refused.compareAndSet(false, true)) {
      LOG.error(
          "[{}] requests are refused; nothing is lost, but nothing is delivered until this is"
              + " mended: {}",
          context.name(),
          why);
    }
  }

  void works() {
    refused.set(false);
  }

  @Override
  public void close() {
    List<Bulk> all;
    synchronized (idle) {
      closed = true;
      all = new ArrayList<>(idle);
      idle.clear();
    }
    all.forEach(Bulk::close);
    client.close();
  }
}
