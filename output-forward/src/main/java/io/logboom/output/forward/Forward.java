package io.logboom.output.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.Template;
import io.logboom.api.record.TemplateWriter;
import io.logboom.net.body.Body;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.forward.ForwardClient;
import io.logboom.net.forward.ForwardFailure;
import io.logboom.net.forward.ForwardFailure.Reason;
import io.logboom.net.msgpack.RecordMsgPack;
import io.logboom.net.msgpack.RecordMsgPack.Form;
import io.logboom.net.send.Groups;
import io.logboom.net.send.Senders;
import io.logboom.output.forward.ForwardConfig.Compress;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends frames to one of several servers. */
final class Forward implements Output {
  private static final Logger LOG = LoggerFactory.getLogger(Forward.class);
  private static final int SEGMENT = 64 * 1024;

  /** When a frame is full. */
  private static final long FRAME = 1_000_000;

  /** Segments of a worker that do not count towards the memory budget. */
  private static final int KEPT = (int) (FRAME / SEGMENT) + 2;

  private final ForwardConfig config;
  private final Context context;
  private final ForwardClient client;
  private final SegmentPool pool;
  private final long mostBytes;
  private final Senders senders;
  private final AtomicBoolean refused = new AtomicBoolean();
  private final AtomicLong waiting = new AtomicLong();
  private final Map<Reason, Counter> failures = new EnumMap<>(Reason.class);
  private final Counter encoded;
  private final Counter sent;
  private final Counter frames;
  private final Counter acked;
  private final Counter timesMoved;

  Forward(ForwardConfig config, Context context, ForwardClient client) {
    this.config = config;
    this.context = context;
    this.client = client;
    this.mostBytes = config.frames().maxFrameSize().bytes();
    this.pool =
        new SegmentPool(
            SEGMENT,
            Math.max(1, context.workers()) * KEPT,
            context.batches()::charge,
            context.batches()::isShort);
    Meters meters = context.meters();
    this.encoded = meters.counter(ForwardMeter.ENCODED);
    this.sent = meters.counter(ForwardMeter.SENT);
    this.frames = meters.counter(ForwardMeter.FRAMES);
    this.acked = meters.counter(ForwardMeter.ACKED);
    this.timesMoved = meters.counter(ForwardMeter.TIMES_MOVED);
    for (Reason each : Reason.values()) {
      failures.put(each, meters.counter(ForwardMeter.FAILURES, "reason", each.label()));
    }
    meters.gauge(ForwardMeter.WAITING, waiting::get);
    this.senders = new Senders(this::newSending);
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    return senders.send(batches);
  }

  private Sending newSending() {
    ForwardConfig.Frames how = config.frames();
    boolean gzip = how.compress() == Compress.GZIP;
    return new Sending(
        this,
        new RecordMsgPack(
            context.names(),
            how.timeAsInteger() ? Form.ENTRY_IN_SECONDS : Form.ENTRY,
            this,
            context.batches()::charge),
        new FrameEnds(wantsAcks(), gzip ? "gzip" : "", how.addOption()),
        new Body(pool, Long.MAX_VALUE, gzip),
        byTag(how.tag()));
  }

  /** Records by the tags that they are sent with: their own where the template has gaps. */
  private Groups byTag(@Nullable Template template) {
    TemplateWriter writer = template == null ? null : template.writer(context.names());
    boolean ofRecords =
        template != null
            && template.accessors().stream().map(Accessor::key).anyMatch(Objects::nonNull);
    return new Groups(
        (batch, record, out) -> {
          boolean whole = writer != null && writer.write(batch, record, out) == 0;
          if (!whole || out.position() == 0) {
            out.position(0);
            byte[] tag = batch.originOf(record).memo(Forward.class, Forward::utf8);
            out.put(tag, 0, tag.length);
          }
        },
        ofRecords);
  }

  private static byte[] utf8(Origin origin) {
    return origin.tag().getBytes(StandardCharsets.UTF_8);
  }

  // ---- for Sending

  ForwardClient client() {
    return client;
  }

  boolean wantsAcks() {
    return config.acks().requireAckResponse();
  }

  long ackNanos() {
    return config.acks().ackResponseTimeout().toNanos();
  }

  /** The most bytes of a frame, before compression. */
  long mostBytes() {
    return mostBytes;
  }

  /** The bytes of entries with which a frame is full. */
  long frameBytes() {
    return Math.min(FRAME, mostBytes);
  }

  void sent(long plainBytes, long bytes) {
    encoded.add(plainBytes);
    sent.add(bytes);
    frames.add(1);
  }

  void waiting(int more) {
    waiting.addAndGet(more);
  }

  void acknowledged() {
    waiting.decrementAndGet();
    acked.add(1);
  }

  void movedTime() {
    timesMoved.add(1);
  }

  /**
   * Counts a failure. What only an operator can mend is said once, until frames are taken again.
   */
  void failed(ForwardFailure why) {
    Counter counter = failures.get(why.reason());
    if (counter != null) {
      counter.add(1);
    }
    if (why.reason() == Reason.HANDSHAKE && refused.compareAndSet(false, true)) {
      LOG.error(
          "[{}] nothing is delivered until this is mended, and nothing is lost: {}",
          context.name(),
          why.getMessage());
    }
  }

  void works() {
    refused.set(false);
  }

  @Override
  public void close() {
    senders.close();
    pool.close();
    context.meters().remove(ForwardMeter.WAITING);
    client.close();
  }
}
