package io.logboom.net.ingest;

import io.logboom.api.plugin.StartException;
import io.logboom.net.stream.Loop;
import io.logboom.net.stream.StreamServer;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Listens, and has a {@link Taker} take the requests of each loop. */
public final class IngestServer implements AutoCloseable {
  private final StreamServer server;
  private final Limits limits;
  private final LongSupplier clock;
  private final InstantSource wall;
  private final List<Connections> loops = new CopyOnWriteArrayList<>();

  private IngestServer(StreamServer server, Limits limits, LongSupplier clock, InstantSource wall) {
    this.server = server;
    this.limits = limits;
    this.clock = clock;
    this.wall = wall;
  }

  /**
   * Binds.
   *
   * @param clock the monotonic time
   * @param wall the time that answers tell
   * @throws StartException where it cannot listen there, or a file of TLS cannot be used
   */
  public static IngestServer listen(
      StreamServer.Settings settings, Limits limits, LongSupplier clock, InstantSource wall)
      throws StartException {
    return new IngestServer(StreamServer.listen(settings), limits, clock, wall);
  }

  /**
   * Begins to accept.
   *
   * @param takers called once for each loop, before its first connection, on this thread
   */
  public void start(Function<Loop, ? extends Taker> takers) {
    server.start(
        loop -> {
          Connections made = new Connections(loop, limits, takers.apply(loop), clock, wall);
          loops.add(made);
          return made;
        });
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Whether it accepts connections. */
  public boolean isListening() {
    return server.isListening();
  }

  /**
   * Takes neither connections nor requests any more: who sends one is told to come again. Requests
   * that have come whole are answered as ever. Safe when repeated.
   */
  public void quiesce() {
    server.stopAccepting();
    for (Connections each : loops) {
      each.loop().execute(each::quiet);
    }
  }

  /** Closes all connections and ends the threads. Safe when repeated. */
  @Override
  public void close() {
    for (Connections each : loops) {
      each.loop().execute(each::closing);
    }
    server.close();
  }
}
