package io.logboom.input.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Intake;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import io.logboom.net.ingest.Answer;
import io.logboom.net.ingest.Exchange;
import io.logboom.net.ingest.Reason;
import io.logboom.net.ingest.RequestHead;
import io.logboom.net.ingest.Taker;
import io.logboom.net.lane.Gate;
import io.logboom.net.stream.Loop;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one thread, and the batch that they fill. While the batch cannot be given away,
 * or there is no memory for the next one, requests wait in their order; each for so long.
 */
final class Lane implements Taker, Gate.Lane<Sealed> {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  /** For how long records wait for company: their clients wait for the answer. */
  private static final long COMPANY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Loop loop;
  private final Rules rules;
  private final Context context;
  private final Intake intake;
  private final Batches batches;
  private final HttpCounters counters;
  private final OpenBatch batch;
  private final Origins origins;
  private final Bodies bodies;
  private final Heads heads;
  private final @Nullable FieldReader tagKey;
  private final ArrayDeque<Upload> waiting = new ArrayDeque<>();
  private final Gate<Sealed> gate;

  Lane(Loop loop, Rules rules, Context context, Intake intake, HttpCounters counters) {
    this.loop = loop;
    this.rules = rules;
    this.context = context;
    this.intake = intake;
    this.batches = context.batches();
    this.counters = counters;
    this.gate = new Gate<>(loop, context, intake, this);
    this.batch = new OpenBatch(batches, this);
    this.origins = new Origins(context.names(), rules.tag(), rules.addressKey());
    this.bodies = new Bodies(context.names(), rules.mostBytes(), this);
    this.heads = new Heads(rules);
    this.tagKey = rules.tagKey() == null ? null : rules.tagKey().reader(context.names());
  }

  Loop loop() {
    return loop;
  }

  Bodies bodies() {
    return bodies;
  }

  Origins origins() {
    return origins;
  }

  Answer success() {
    return rules.success();
  }

  // ---- connections

  @Override
  public boolean admits(String peer) {
    if (counters.open.get() >= rules.maxConnections()) {
      counters.closed(Reason.TOO_MANY);
      say(peer, Reason.TOO_MANY, "there are max_connections already");
      return false;
    }
    counters.accepted.add(1);
    counters.open.incrementAndGet();
    origins.connected(peer);
    return true;
  }

  @Override
  public void left(String peer, Reason reason) {
    counters.open.decrementAndGet();
    counters.closed(reason);
    origins.left(peer);
    LOG.debug("{}: the connection of {} has ended: {}", context.name(), peer, reason.label());
  }

  @Override
  public void received(int bytes) {
    counters.bytes.add(bytes);
  }

  @Override
  public void charge(long bytes) {
    batches.charge(bytes);
    counters.held.addAndGet(bytes);
  }

  private void say(String peer, Reason reason, String text) {
    if (rules.said().first(reason.label() + ' ' + peer)) {
      LOG.warn("{}: refuses {}: {}", context.name(), peer, text);
    } else {
      LOG.debug("{}: refuses {}: {}", context.name(), peer, text);
    }
  }

  @Override
  public void answered(String peer, Answer answer) {
    counters.answered(answer.status(), answer.reason());
    if (answer.reason() != Reason.NONE) {
      say(peer, answer.reason(), answer.status() + ", " + answer.text().strip());
    }
  }

  @Override
  public void defect(String peer, RuntimeException why) {
    counters.faults.add(1);
    LOG.error("{}: a defect while taking a request of {}", context.name(), peer, why);
  }

  // ---- requests

  @Override
  public @Nullable Answer early(RequestHead head) {
    return heads.early(head);
  }

  @Override
  public void take(Exchange exchange) {
    RequestHead head = exchange.head();
    Instant now = context.clock().instant();
    Upload upload =
        new Upload(
            this,
            exchange,
            heads.coding(head),
            heads.type(head),
            Origins.Client.of(head.peer(), head.address(), heads.address(head)),
            head.path().substring(1).getBytes(StandardCharsets.ISO_8859_1),
            now.getEpochSecond() * 1_000_000_000L + now.getNano());
    counters.underWay.incrementAndGet();
    if (gate.isPaused() || !waiting.isEmpty()) {
      waiting.add(upload);
    } else if (!upload.proceed()) {
      waiting.add(upload);
      gate.pause();
    }
  }

  /** The origin that the record's own tag makes; null where it has none. */
  @Nullable Origin tagged(Bodies of, Origins.Client client) {
    FieldReader reader = tagKey;
    if (reader == null
        || !reader.read(of.json(), of.from(), of.to())
        || reader.kind() != FieldKind.STRING) {
      return null;
    }
    int count = reader.to() - reader.from();
    return count == 0 || count > Origins.MOST_TAG
        ? null
        : origins.of(reader.bytes(), reader.from(), count, client);
  }

  /** Adds the record that was found; false where there is no room. */
  boolean add(Bodies of, Origin origin, long nanos, Upload upload) {
    if (!batch.add(of.json(), of.from(), of.to(), of.names(), origin, nanos, upload)) {
      return false;
    }
    counters.records.add(1);
    if (of.isMended()) {
      counters.mended.add(1);
    }
    return true;
  }

  /** A request is done with, and so are its records. */
  void over() {
    counters.underWay.decrementAndGet();
  }

  // ---- the batch

  /** A client waits for what is in the batch. */
  void awaited() {
    if (!batch.isEmpty()) {
      gate.hurry(Math.min(COMPANY_NANOS, context.flush().toNanos()));
    }
  }

  /** The batch's way into the pipeline. */
  Gate<Sealed> gate() {
    return gate;
  }

  @Override
  public @Nullable Sealed take() {
    return batch.take();
  }

  /** Those who waited may have been told meanwhile to come again. */
  @Override
  public boolean goOn(Batch empty) {
    return !waiting.isEmpty() && batch.goOn(empty);
  }

  // ---- back pressure

  @Override
  public void paused() {
    counters.pauses.add(1);
    counters.paused.incrementAndGet();
  }

  @Override
  public void unpaused() {
    counters.paused.decrementAndGet();
  }

  @Override
  public void proceed() {
    while (!gate.isPaused() && !waiting.isEmpty()) {
      if (waiting.element().proceed()) {
        waiting.remove();
      } else {
        gate.pause();
      }
    }
  }

  @Override
  public void tick(long now) {
    while (!waiting.isEmpty() && waiting.element().isOverdue(now, rules.roomNanos())) {
      waiting.remove().giveUp(Answer.later(Reason.FULL, "the pipeline is full"));
    }
  }

  // ---- the end

  /** Takes nothing any more; who waits for room is told to come again. */
  void quiet() {
    if (gate.quiet()) {
      for (Upload each : waiting) {
        each.giveUp(Answer.later(Reason.SHUTDOWN, "the input ends"));
      }
      waiting.clear();
    }
  }

  /** Gives back what nobody takes any more. */
  void discard() {
    for (Sealed each = gate.next(); each != null; each = gate.next()) {
      intake.discard(each.batch());
    }
    gate.end(batch.takeEmpty());
  }
}
