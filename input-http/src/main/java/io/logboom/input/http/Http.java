package io.logboom.input.http;

import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.StartException;
import io.logboom.net.ingest.IngestServer;
import io.logboom.net.ingest.Limits;
import io.logboom.net.lane.Gate;
import io.logboom.net.stream.StreamAddress;
import io.logboom.net.stream.StreamServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The http input: a server and its lanes. */
final class Http implements Input {
  private static final Logger LOG = LoggerFactory.getLogger(Http.class);
  private static final int MOST_LINE = 8 * 1024;
  private static final int MOST_HEAD = 16 * 1024;

  private final Context context;
  private final HttpCounters counters;
  private final Rules rules;
  private final IngestServer server;
  private final String place;
  private final List<Lane> lanes = new ArrayList<>();
  private @Nullable Intake intake;
  private volatile boolean started;
  private volatile boolean quiet;
  private boolean closed;

  /**
   * @param clock the monotonic time
   */
  Http(HttpConfig config, Context context, LongSupplier clock) throws StartException {
    this.context = context;
    this.counters = new HttpCounters(context.meters());
    // A body's records are to fit into the memory that one batch may have.
    int largest = context.batches().largest();
    int most = (int) Math.min(config.sizes().bufferMaxSize().bytes(), largest);
    this.rules = Rules.of(config, context.name(), most);
    // Names are registered while plugins are created.
    Origin.builder(context.names(), "").build();
    if (rules.addressKey() != null) {
      context.names().of(rules.addressKey());
    }
    HttpConfig.Connections connections = config.connections();
    Limits limits =
        new Limits(
            MOST_LINE,
            MOST_HEAD,
            most,
            Math.max(most, largest / 2 / connections.workers()),
            connections.idleTimeout(),
            connections.acceptTimeout(),
            connections.ioTimeout(),
            connections.requestTimeout(),
            config.answers().roomTimeout(),
            config.answers().answerTimeout());
    this.server =
        IngestServer.listen(
            new StreamServer.Settings(
                new StreamAddress.Tcp(
                    new InetSocketAddress(config.listen(), config.port()), connections.sharePort()),
                connections.backlog(),
                connections.workers(),
                context.name(),
                config.tls(),
                connections.acceptTimeout(),
                context.meters()),
            limits,
            clock,
            context.clock());
    this.place = config.listen() + ":" + server.address().getPort();
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.address();
  }

  @Override
  public synchronized void start(Intake to) {
    intake = to;
    server.start(
        loop -> {
          Lane lane = new Lane(loop, rules, context, to, counters);
          lanes.add(lane);
          return lane;
        });
    started = true;
    LOG.info("{}: takes records at {}", context.name(), place);
  }

  @Override
  public synchronized void quiesce() throws InterruptedException {
    quiet = true;
    server.quiesce();
    Intake to = intake;
    if (to == null || closed) {
      return;
    }
    for (Lane lane : lanes) {
      Gate<Sealed> gate = lane.gate();
      gate.call(lane::quiet);
      gate.stopWaiting();
      for (Sealed next = gate.ask(gate::next); next != null; next = gate.ask(gate::next)) {
        to.put(next.batch(), next);
      }
    }
  }

  @Override
  public @Nullable String problem() {
    return started && !quiet && !server.isListening()
        ? "it does not take connections any more"
        : null;
  }

  @Override
  public boolean isWorking() {
    return problem() == null;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    quiet = true;
    // What follows is short, and is to be done in any case.
    boolean interrupted = Thread.interrupted();
    server.quiesce();
    try {
      for (Lane lane : lanes) {
        lane.gate().call(lane::quiet);
        lane.gate().stopWaiting();
        lane.gate().call(lane::discard);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    server.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
