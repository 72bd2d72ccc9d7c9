package io.logboom.net.stream;

import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.net.EventLoops;
import io.logboom.net.NetCounters;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.dial.DialFailure;
import io.logboom.net.dial.Dialer;
import io.logboom.net.dial.Endpoint;
import io.logboom.net.dial.Target;
import io.logboom.net.dial.Targets;
import io.logboom.net.tls.ClientTls;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes connections for protocols of their own. Safe for all threads, best virtual ones: they wait.
 */
public final class StreamClient implements AutoCloseable {
  private final EventLoops loops = EventLoops.acquire();
  private final List<ClientTls> tls;
  private final NetCounters counters;
  private final Targets targets;
  private final Dialer dialer;
  private final Set<StreamConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private StreamClient(
      List<Target> targets,
      List<ClientTls> tls,
      NetOptions options,
      Meters meters,
      Resolver.Lookup lookup) {
    this.tls = tls;
    this.counters = new NetCounters(meters);
    this.targets =
        new Targets(targets, new Resolver(lookup, options.dns(), counters.dnsFailures()));
    this.dialer = new Dialer(loops, options, counters, this.targets);
    counters.open(open::size);
  }

  /**
   * A client for these targets; it makes connections only when it is used.
   *
   * @param weights one for each target, at least 1
   * @throws StartException where TLS cannot be set up as configured
   */
  public static StreamClient create(
      List<StreamTarget> targets,
      List<Integer> weights,
      NetOptions options,
      Meters meters,
      Resolver.Lookup lookup)
      throws StartException {
    List<ClientTls> contexts = new ArrayList<>();
    List<Target> all = new ArrayList<>();
    boolean done = false;
    try {
      for (int i = 0; i < targets.size(); i++) {
        int weight = weights.get(i);
        switch (targets.get(i)) {
          case StreamTarget.Unix unix -> all.add(new Target.Unix(unix.path(), weight));
          case StreamTarget.Tcp(var address, var secure) -> {
            ClientTls made = secure.on() ? ClientTls.of(address.toString(), secure, meters) : null;
            if (made != null) {
              contexts.add(made);
            }
            all.add(new Target.Tcp(address, weight, made));
          }
        }
      }
      done = true;
    } finally {
      if (!done) {
        contexts.forEach(ClientTls::close);
      }
    }
    return new StreamClient(all, List.copyOf(contexts), options, meters, lookup);
  }

  /** Whose turn it is. */
  public Targets targets() {
    return targets;
  }

  public NetCounters counters() {
    return counters;
  }

  /**
   * A connection to the endpoint, or to another address of its target, that is ready for use.
   *
   * @param last whether there is no other endpoint to try
   * @throws StreamFailure with the reason; the endpoint rests then
   */
  public StreamConnection connect(Endpoint endpoint, boolean last)
      throws StreamFailure, InterruptedException {
    Duration patience = dialer.patience(last);
    StreamConnection made;
    try {
      made =
          dialer.dial(
              endpoint,
              patience,
              StreamConnection::new,
              connection -> new ChannelHandler[] {connection.handler()},
              _ -> {});
    } catch (DialFailure e) {
      throw new StreamFailure(
          switch (e.kind()) {
            case DNS -> StreamFailure.Kind.DNS;
            case TLS -> StreamFailure.Kind.TLS;
            case CONNECT, TIMEOUT, PROXY -> StreamFailure.Kind.CONNECT;
          },
          String.valueOf(e.getMessage()),
          e);
    }
    open.add(made);
    made.onEnd(() -> open.remove(made));
    if (closed) {
      made.close();
    }
    return made;
  }

  /** Closes all connections. Safe when repeated. */
  @Override
  public void close() {
    closed = true;
    open.forEach(StreamConnection::close);
    counters.close();
    tls.forEach(ClientTls::close);
    loops.close();
  }
}
