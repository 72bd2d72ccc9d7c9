package io.logboom.input.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.config.Secret;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.StartException;
import io.logboom.net.stream.StreamAddress;
import io.logboom.net.stream.StreamServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The forward input: a server and its lanes. */
final class Forward implements Input {
  private static final Logger LOG = LoggerFactory.getLogger(Forward.class);

  private final Context context;
  private final LongSupplier clock;
  private final ForwardCounters counters;
  private final Rules rules;
  private final StreamServer server;
  private final String place;
  private final List<Lane> lanes = new ArrayList<>();
  private @Nullable Intake intake;
  private volatile boolean started;
  private volatile boolean quiet;
  private boolean closed;

  /** What the lanes go by. */
  record Rules(
      long mostBytes,
      int maxConnections,
      long acceptNanos,
      long ioNanos,
      @Nullable String tag,
      @Nullable String tagPrefix,
      Greeting.@Nullable Keys keys,
      Said said) {}

  /**
   * @param clock the monotonic time
   */
  Forward(ForwardConfig config, Context context, LongSupplier clock) throws StartException {
    this.context = context;
    this.clock = clock;
    this.counters = new ForwardCounters(context.meters());
    ForwardConfig.Connections connections = config.connections();
    this.rules =
        new Rules(
            config.sizes().bufferMaxSize().bytes(),
            connections.maxConnections(),
            connections.acceptTimeout().toNanos(),
            connections.ioTimeout().toNanos(),
            config.tag(),
            config.tagPrefix(),
            keys(config.security()),
            new Said());
    // Names are registered while plugins are created.
    Origin.builder(context.names(), "").build();
    this.server =
        StreamServer.listen(
            new StreamServer.Settings(
                address(config),
                connections.backlog(),
                connections.workers(),
                context.name(),
                config.tls(),
                connections.acceptTimeout(),
                context.meters()));
    this.place = place(config, server);
  }

  private static String place(ForwardConfig config, StreamServer server) {
    String path = config.unix().unixPath();
    return path != null ? path : config.listen() + ":" + server.address().getPort();
  }

  private static StreamAddress address(ForwardConfig config) {
    String path = config.unix().unixPath();
    return path != null
        ? new StreamAddress.Unix(Path.of(path), config.unix().unixPerm())
        : new StreamAddress.Tcp(
            new InetSocketAddress(config.listen(), config.port()),
            config.connections().sharePort());
  }

  private static Greeting.@Nullable Keys keys(ForwardConfig.Security security) {
    Secret key = security.sharedKey();
    if (key == null && !security.emptySharedKey()) {
      return null;
    }
    List<User> users = new ArrayList<>();
    for (Secret each : security.users()) {
      User user = User.parse(each);
      if (user != null) {
        users.add(user);
      }
    }
    return new Greeting.Keys(
        key == null ? "" : key.reveal(), security.selfHostname(), List.copyOf(users));
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
          Lane lane = new Lane(loop, rules, context, to, counters, clock);
          lanes.add(lane);
          return lane;
        });
    started = true;
    LOG.info("{}: takes records at {}", context.name(), place);
  }

  @Override
  public synchronized void quiesce() throws InterruptedException {
    quiet = true;
    server.stopAccepting();
    Intake to = intake;
    if (to == null || closed) {
      return;
    }
    for (Lane lane : lanes) {
      lane.gate().call(lane::quiet);
      lane.gate().stopWaiting();
      handOn(lane, to);
    }
  }

  /** Gives away what has come, waiting for room and for memory. */
  private void handOn(Lane lane, Intake to) throws InterruptedException {
    while (true) {
      Sealed next = lane.gate().ask(lane::next);
      if (next != null) {
        to.put(next.batch(), next);
      } else if (lane.lacksMemory()) {
        Batch empty = context.batches().open();
        lane.gate().call(() -> lane.gate().goOn(empty));
      } else {
        return;
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
    try {
      for (Lane lane : lanes) {
        lane.closing();
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
