package io.logboom.output.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.DatedRecordWriter;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.TemplateWriter;
import io.logboom.net.body.Body;
import io.logboom.net.body.Coding;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.StatusCounters;
import io.logboom.net.msgpack.RecordMsgPack;
import io.logboom.net.send.Groups;
import io.logboom.net.send.Passes;
import io.logboom.net.send.Receiver;
import io.logboom.net.send.Senders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Delivers over HTTP. */
final class Http implements Output {
  private static final int SEGMENT = 64 * 1024;

  /** By how much the last record of a request may go beyond max_request_size. */
  private static final int OVERSHOOT = 8 * SEGMENT;

  /** Segments of a worker that do not count towards the memory budget: 2 MiB. */
  private static final int MOST_KEPT = 32;

  private final HttpConfig config;
  private final Context context;
  private final HttpClient client;
  private final Receiver receiver;
  private final Passes passes;
  private final List<String> headers;
  private final SegmentPool pool;
  private final long mostOfOne;
  private final StatusCounters requests;
  private final Counter accepted;
  private final Counter rejected;
  private final Counter repaired;
  private final Counter encoded;
  private final Counter sent;
  private final Senders senders;

  Http(HttpConfig config, Context context, HttpClient client, Receiver receiver, Passes passes) {
    this.config = config;
    this.context = context;
    this.client = client;
    this.receiver = receiver;
    this.passes = passes;
    this.headers = Headers.of(config);
    long most = config.body().maxRequestSize().bytes();
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
    this.requests = new StatusCounters(meters, HttpMeter.REQUESTS);
    this.accepted = meters.counter(HttpMeter.RECORDS, "result", "accepted");
    this.rejected = meters.counter(HttpMeter.RECORDS, "result", "rejected");
    this.repaired = meters.counter(HttpMeter.REPAIRED);
    this.encoded = meters.counter(HttpMeter.ENCODED);
    this.sent = meters.counter(HttpMeter.SENT);
    this.senders = new Senders(this::newSending);
  }

  static Coding coding(HttpConfig config) {
    return switch (config.body().compress()) {
      case NONE -> Coding.NONE;
      case GZIP -> Coding.GZIP;
      case ZSTD -> Coding.ZSTD;
      case SNAPPY -> Coding.SNAPPY;
    };
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    return senders.send(batches);
  }

  private Sending newSending() {
    Names names = context.names();
    HttpConfig.Body what = config.body();
    Accessor payload = what.bodyKey();
    Accessor own = what.headersKey();
    return new Sending(
        this,
        receiver,
        groups(names),
        new RequestBody(
            new Body(pool, mostOfOne, coding(config)),
            what.format(),
            new DatedRecordWriter(names, what.jsonDateKey(), what.jsonDateFormat()),
            new RecordMsgPack(names, RecordMsgPack.Form.EVENT, this, context.batches()::charge),
            new GelfWriter(config.gelf(), names),
            payload == null ? null : payload.reader(names)),
        new Dispatch(
            this, receiver, config, headers, own == null ? null : own.reader(names), passes),
        payload == null ? Integer.MAX_VALUE : 1);
  }

  /** Records by their path and, where a header has it, their tag. */
  private Groups groups(Names names) {
    TemplateWriter uri = config.target().uri().writer(names);
    UriWriter values = new UriWriter();
    boolean withTag = config.headers().headerTag() != null;
    boolean ofRecords =
        config.target().uri().accessors().stream().map(Accessor::key).anyMatch(Objects::nonNull);
    return new Groups(
        (batch, record, out) -> {
          uri.write(batch, record, values, out);
          out.put(Dispatch.SEPARATOR);
          if (withTag) {
            tag(batch, record, out);
          }
        },
        ofRecords);
  }

  private static void tag(Batch batch, int record, ByteSink out) {
    byte[] tag = batch.originOf(record).memo(Http.class, Http::utf8);
    out.put(tag, 0, tag.length);
  }

  private static byte[] utf8(Origin origin) {
    return origin.tag().getBytes(StandardCharsets.UTF_8);
  }

  // ---- for Sending and Dispatch

  HttpClient client() {
    return client;
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

  void records(int taken, int refused, int mended) {
    accepted.add(taken);
    rejected.add(refused);
    repaired.add(mended);
  }

  @Override
  public void close() {
    senders.close();
    pool.close();
    client.close();
    passes.close();
  }
}
