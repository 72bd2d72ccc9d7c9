package io.logboom.input.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Intake;
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
final class Lane implements Acceptor {
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
  private @Nullable Sealed refused;
  private long number;
  private boolean hurried;
  private boolean paused;
  private long pausedAt;
  private boolean quiet;
  private boolean discarded;
  private long underWay;
  private volatile @Nullable Thread memoryWaiter;
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
    if (quiet || counters.open.get() >= rules.maxConnections()) {
      Fault fault = quiet ? Fault.SHUTDOWN : Fault.TOO_MANY;
      counters.closed(fault);
      say(link.peer(), fault, fault.text);
      return null;
    }
    counters.accepted.add(1);
    counters.open.incrementAndGet();
    Connection made = new Connection(link, this, batch, rules.mostBytes(), rules.keys());
    connections.add(made);
    origins.connected(link.peer());
    if (paused) {
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
    if (!discarded) {
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

  /** Whether a new batch may be opened. */
  boolean mayOpen() {
    return refused == null;
  }

  /** The batch has its first record. */
  void begun() {
    hurried = false;
    sealAfter(context.flush().toNanos());
  }

  /** A sender waits for what is in the batch, or in one before it. */
  void awaited() {
    if (!hurried && !batch.isEmpty()) {
      hurried = true;
      batch.await();
      sealAfter(Math.min(ACK_WAIT_NANOS, context.flush().toNanos()));
    }
  }

  private void sealAfter(long nanos) {
    long mine = number;
    loop.after(
        nanos,
        () -> {
          if (number == mine && !quiet) {
            seal();
          }
        });
  }

  /** Gives the batch away; false where it must wait for room. */
  boolean seal() {
    Sealed full = batch.take();
    if (full == null) {
      return true;
    }
    number++;
    hurried = false;
    if (!quiet && intake.offer(full.batch(), full)) {
      return true;
    }
    refused = full;
    pause();
    return false;
  }

  // ---- back pressure

  boolean isPaused() {
    return paused;
  }

  boolean isQuiet() {
    return quiet;
  }

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
    pause();
  }

  private void pause() {
    if (paused || quiet) {
      return;
    }
    paused = true;
    pausedAt = now();
    counters.pauses.add(1);
    counters.paused.incrementAndGet();
    connections.forEach(Connection::stopReading);
    awaitRoom();
  }

  private void awaitRoom() {
    if (refused != null) {
      intake.onRoom(() -> loop.execute(this::resume));
    } else {
      awaitMemory();
    }
  }

  /** Waits in one line with all who need memory. */
  private void awaitMemory() {
    memoryWaiter =
        Thread.ofVirtual()
            .name(context.name())
            .start(
                () -> {
                  try {
                    Batch empty = batches.open();
                    loop.execute(() -> hasMemory(empty));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // the input ends
                  }
                });
  }

  private void hasMemory(Batch empty) {
    memoryWaiter = null;
    goOn(empty);
    resume();
  }

  /** Goes on with this batch, where none is open. */
  void goOn(Batch empty) {
    if (discarded || !batch.goOn(empty)) {
      discard(empty);
    }
  }

  private void resume() {
    if (!paused || quiet) {
      return;
    }
    Sealed waiting = refused;
    if (waiting != null) {
      if (!intake.offer(waiting.batch(), waiting)) {
        awaitRoom();
        return;
      }
      refused = null;
    }
    paused = false;
    counters.paused.decrementAndGet();
    long now = now();
    long waited = now - pausedAt;
    large.restart(now);
    for (int left = stalled.size(); left > 0 && !paused; left--) {
      stalled.remove().proceed();
    }
    if (!paused) {
      connections.forEach(each -> each.read(waited));
    }
  }

  private void tick() {
    if (quiet) {
      return;
    }
    long now = now();
    for (Connection each : List.copyOf(connections)) {
      each.tick(now, rules.acceptNanos(), rules.ioNanos());
    }
    Connection slow = paused ? null : large.overdue(LARGE_PATIENCE_NANOS, now);
    if (slow != null) {
      slow.end(Fault.SLOW, Fault.SLOW.text);
    }
    loop.after(TICK_NANOS, this::tick);
  }

  // ---- the end

  /** Reads nothing any more. */
  void quiet() {
    if (!quiet) {
      quiet = true;
      connections.forEach(Connection::stopReading);
      if (paused) {
        paused = false;
        counters.paused.decrementAndGet();
      }
    }
  }

  /** The next batch to be given away after {@link #quiet}; null after the last one. */
  @Nullable Sealed next() {
    for (int left = stalled.size(); left > 0 && refused == null; left--) {
      stalled.remove().proceed();
    }
    if (refused == null) {
      refused = batch.take();
    }
    Sealed next = refused;
    refused = null;
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

  /** Waits for no memory any more; after {@link #quiet}, on another thread. */
  void stopWaiting() throws InterruptedException {
    Thread waiter = memoryWaiter;
    if (waiter != null) {
      waiter.interrupt();
      waiter.join();
    }
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
    if (empty != null) {
      discard(empty);
    }
    chargeUnderWay(-underWay);
    discarded = true;
  }
}
