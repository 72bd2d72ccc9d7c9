package io.logboom.input.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Intake;
import io.logboom.net.lane.Gate;
import io.logboom.net.stream.Acceptor;
import io.logboom.net.stream.Link;
import io.logboom.net.stream.Loop;
import io.logboom.net.stream.Receiver;
import io.logboom.net.stream.StreamServer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one thread, and the batch that they fill. While the batch cannot be given
 * away, or there is no memory for the next one, none of them is read.
 */
final class Lane implements Acceptor, Gate.Lane<Sealed> {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  /** For how long records wait for company whose sender waits for an acknowledgement. */
  private static final long ACK_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LARGE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Loop loop;
  private final Forward.Rules rules;
  private final Context context;
  private final Intake intake;
  private final Batches batches;
  private final ForwardCounters counters;
  private final LongSupplier clock;
  private final OpenBatch batch;
  private final Origins origins;
  private final Inflation inflation;
  private final LargeUnits large;
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final ArrayDeque<Connection> stalled = new ArrayDeque<>();
  private final List<Connection> unflushed = new ArrayList<>();
  private byte[] work = new byte[StreamServer.READ_BYTES + LargeUnits.SMALL + 8];
  private final Gate<Sealed> gate;
  private long pausedAt;
  private long underWay;
  private volatile boolean closing;
  private volatile boolean lacksMemory;

  Lane(
      Loop loop,
      Forward.Rules rules,
      Context context,
      Intake intake,
      ForwardCounters counters,
      LongSupplier clock) {
    this.loop = loop;
    this.rules = rules;
    this.context = context;
    this.intake = intake;
    this.batches = context.batches();
    this.counters = counters;
    this.clock = clock;
    this.gate = new Gate<>(loop, context, intake, this);
    int most = (int) Math.min(Integer.MAX_VALUE / 4, rules.mostBytes());
    int body = Math.max(batches.usual(), Math.min(2 * most, batches.largest()));
    this.batch = new OpenBatch(batches, context.names(), counters, this, body);
    this.origins = new Origins(context.names(), rules.tag(), rules.tagPrefix());
    this.inflation = new Inflation(batches, most);
    this.large = new LargeUnits(most);
    loop.after(TICK_NANOS, this::tick);
  }

  Loop loop() {
    return loop;
  }

  long now() {
    return clock.getAsLong();
  }

  long nowNanos() {
    Instant now = context.clock().instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  Origin origin(byte[] b, int from, int count, Connection connection) {
    return origins.of(b, from, count, connection.peer(), connection.address());
  }

  Inflation inflation() {
    return inflation;
  }

  LargeUnits large() {
    return large;
  }

  /** Working memory of at least so many bytes, for one call. */
  byte[] work(int bytes) {
    return bytes <= work.length ? work : new byte[bytes];
  }

  // ---- connections

  @Override
  public @Nullable Receiver accept(Link link) {
    if (gate.isQuiet() || counters.open.get() >= rules.maxConnections()) {
      Fault fault = gate.isQuiet() ? Fault.SHUTDOWN : Fault.TOO_MANY;
      counters.closed(fault);
      say(link.peer(), fault, fault.text);
      return null;
    }
    counters.accepted.add(1);
    counters.open.incrementAndGet();
    Connection made = new Connection(link, this, batch, rules.mostBytes(), rules.keys());
    connections.add(made);
    origins.connected(link.peer());
    if (gate.isPaused()) {
      made.stopReading();
    }
    return made;
  }

  void ended(Connection connection, Fault fault, String why) {
    counters.closed(fault);
    say(connection.peer(), fault, why);
  }

  private void say(String peer, Fault fault, String why) {
    if (!fault.isPlain() && rules.said().first(fault.label + ' ' + peer)) {
      LOG.warn("{}: the connection of {} ends: {}", context.name(), peer, why);
    } else {
      LOG.debug("{}: the connection of {} ends: {}", context.name(), peer, why);
    }
  }

  /** The connection is no more. */
  void left(Connection connection) {
    if (connections.remove(connection)) {
      origins.left(connection.peer());
    }
    stalled.remove(connection);
    counters.open.decrementAndGet();
  }

  void defect(Connection connection, RuntimeException why) {
    counters.faults.add(1);
    LOG.error("{}: a defect while decoding what {} sent", context.name(), connection.peer(), why);
    connection.end(Fault.INTERNAL, String.valueOf(why));
  }

  void refused(Connection connection, long signal) {
    String what = signal == 1 ? "metrics" : signal == 2 ? "traces" : "signal " + signal;
    (signal == 1 ? counters.metrics : signal == 2 ? counters.traces : counters.otherSignals).add(1);
    if (rules.said().first(what + ' ' + connection.peer())) {
      LOG.warn(
          "{}: {} sends {}, which are left out: only logs are taken",
          context.name(),
          connection.peer(),
          what);
    }
  }

  void received(int bytes) {
    counters.bytes.add(bytes);
  }

  void charge(long bytes) {
    batches.charge(bytes);
    counters.unfinished.addAndGet(bytes);
  }

  /** Counts memory for chunks until they are settled, but no longer than the lane lives. */
  void chargeUnderWay(long bytes) {
    if (!gate.isEnded()) {
      batches.charge(bytes);
      underWay += bytes;
    }
  }

  // ---- acknowledgements

  void acknowledged() {
    counters.acks.add(1);
  }

  void notAcknowledged() {
    counters.notAcked.add(1);
  }

  void lost(long records) {
    if (records > 0) {
      counters.lost.add(records);
      LOG.error(
          "{}: {} records were not delivered, and nobody is to send them again",
          context.name(),
          records);
    }
  }

  void flushLater(Connection connection) {
    if (unflushed.isEmpty()) {
      loop.execute(this::flushAcks);
    }
    unflushed.add(connection);
  }

  void flushAcks() {
    for (Connection each : unflushed) {
      each.flush();
    }
    unflushed.clear();
  }

  // ---- the batch

  /** The batch's way into the pipeline. */
  Gate<Sealed> gate() {
    return gate;
  }

  /** The batch has its first record. */
  void begun() {
    gate.sealAfter(context.flush().toNanos());
  }

  /** A sender waits for what is in the batch, or in one before it. */
  void awaited() {
    if (!batch.isEmpty() && gate.hurry(Math.min(ACK_WAIT_NANOS, context.flush().toNanos()))) {
      batch.await();
    }
  }

  @Override
  public @Nullable Sealed take() {
    return batch.take();
  }

  @Override
  public boolean goOn(Batch empty) {
    return batch.goOn(empty);
  }

  // ---- back pressure

  boolean isClosing() {
    return closing;
  }

  /** The connection has bytes that cannot be taken now. */
  void stalls(Connection connection) {
    if (inflation.isOf(connection)) {
      stalled.addFirst(connection); // others may wait for it
    } else {
      stalled.add(connection);
    }
    gate.pause();
  }

  @Override
  public void paused() {
    pausedAt = now();
    counters.pauses.add(1);
    counters.paused.incrementAndGet();
    connections.forEach(Connection::stopReading);
  }

  @Override
  public void unpaused() {
    counters.paused.decrementAndGet();
  }

  @Override
  public void proceed() {
    long now = now();
    long waited = now - pausedAt;
    large.restart(now);
    for (int left = stalled.size(); left > 0 && !gate.isPaused(); left--) {
      stalled.remove().proceed();
    }
    if (!gate.isPaused()) {
      connections.forEach(each -> each.read(waited));
    }
  }

  private void tick() {
    if (gate.isQuiet()) {
      return;
    }
    long now = now();
    for (Connection each : List.copyOf(connections)) {
      each.tick(now, rules.acceptNanos(), rules.ioNanos());
    }
    Connection slow = gate.isPaused() ? null : large.overdue(LARGE_PATIENCE_NANOS, now);
    if (slow != null) {
      slow.end(Fault.SLOW, Fault.SLOW.text);
    }
    loop.after(TICK_NANOS, this::tick);
  }

  // ---- the end

  /** Reads nothing any more. */
  void quiet() {
    if (gate.quiet()) {
      connections.forEach(Connection::stopReading);
    }
  }

  /** The next batch to be given away after {@link #quiet}; null after the last one. */
  @Nullable Sealed next() {
    for (int left = stalled.size(); left > 0 && gate.mayOpen(); left--) {
      stalled.remove().proceed();
    }
    Sealed next = gate.next();
    lacksMemory = next == null && !stalled.isEmpty();
    return next;
  }

  /** Whether the last call of {@link #next} left something behind for want of a batch. */
  boolean lacksMemory() {
    return lacksMemory;
  }

  /** What comes now ends with the input. */
  void closing() {
    closing = true;
  }

  void discard(Batch one) {
    intake.discard(one);
  }

  /** Gives back what nobody takes any more. */
  void discard() {
    for (Sealed each = next(); each != null; each = next()) {
      discard(each.batch());
      each.withdrawn();
    }
    Batch empty = batch.takeEmpty();
    chargeUnderWay(-underWay);
    gate.end(empty);
  }
}
