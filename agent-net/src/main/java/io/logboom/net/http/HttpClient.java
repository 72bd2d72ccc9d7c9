package io.logboom.net.http;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.net.EventLoops;
import io.logboom.net.HostPort;
import io.logboom.net.NetMeter;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.tls.Tls;
import io.logboom.net.tls.TlsOptions;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one of several hosts that can do the same. Called from any number of threads,
 * best virtual ones: {@link #send} waits for the response's head.
 *
 * <p>A host that cannot be reached is passed over for the next one in the same call. A kept
 * connection that the peer closed before it answered is replaced in the same call, once: a server
 * that closes idle connections costs no visible failure. Beyond that nothing is sent twice.
 */
public final class HttpClient implements AutoCloseable {
  private final EventLoops loops;
  private final Hosts hosts;
  private final Connector connector;
  private final Exchange.Limits limits;
  private final List<String> headers;
  private final @Nullable Semaphore slots;
  private final Meters meters;
  private final Counter connects;
  private final Counter stale;
  private final Counter timeouts;
  private final Kept kept;

  /**
   * What a client is made of.
   *
   * @param hosts at least one
   * @param headers sent with each request: names and values in turn
   * @param lookup how names become addresses
   */
  public record Settings(
      List<HostPort> hosts,
      NetOptions net,
      TlsOptions tls,
      List<String> headers,
      Meters meters,
      Resolver.Lookup lookup) {
    /** With the system's resolver. */
    public Settings(
        List<HostPort> hosts, NetOptions net, TlsOptions tls, List<String> headers, Meters meters) {
      this(hosts, net, tls, headers, meters, Resolver.SYSTEM);
    }
  }

  /**
   * A client; it makes connections only when it is used.
   *
   * @throws StartException where TLS cannot be set up as configured
   */
  public static HttpClient create(Settings settings) throws StartException {
    var tls = settings.tls.on() ? Tls.client(settings.tls) : null;
    EventLoops loops = EventLoops.acquire();
    Meters meters = settings.meters;
    Connector connector =
        new Connector(
            loops,
            new Resolver(
                settings.lookup, settings.net.dns(), meters.counter(NetMeter.DNS_FAILURES)),
            settings.net,
            tls,
            settings.tls.vhost(),
            meters.counter(NetMeter.CONNECT_FAILURES));
    return new HttpClient(settings, loops, connector);
  }

  private HttpClient(Settings settings, EventLoops loops, Connector connector) {
    this.loops = loops;
    this.connector = connector;
    this.hosts = new Hosts(settings.hosts);
    NetOptions options = settings.net;
    this.limits = new Exchange.Limits(options.ioTimeout(), options.requestTimeout());
    this.headers = List.copyOf(settings.headers);
    int most = options.maxWorkerConnections();
    this.slots = most > 0 ? new Semaphore(most, true) : null;
    this.meters = settings.meters;
    this.connects = meters.counter(NetMeter.CONNECTS);
    this.stale = meters.counter(NetMeter.STALE_CONNECTIONS);
    this.timeouts = meters.counter(NetMeter.IO_TIMEOUTS);
    this.kept = new Kept(options.keepaliveIdleTimeout().toNanos());
    meters.gauge(NetMeter.CONNECTIONS_OPEN, kept::open);
  }

  /**
   * Sends the request and waits for status and headers. The request's body must not change before
   * the response is closed, or before this call has thrown.
   *
   * @throws HttpFailure where there was no response
   * @throws InterruptedException where the calling thread was interrupted; the connection is closed
   */
  public HttpResponse send(HttpRequest request) throws HttpFailure, InterruptedException {
    if (slots != null) {
      slots.acquire();
    }
    boolean given = false;
    try {
      HttpResponse response = sendToOne(request);
      given = true;
      return response;
    } finally {
      if (!given) {
        release();
      }
    }
  }

  private void release() {
    if (slots != null) {
      slots.release();
    }
  }

  private HttpResponse sendToOne(HttpRequest request) throws HttpFailure, InterruptedException {
    HttpFailure last = null;
    for (HostPort host : hosts.order(System.nanoTime())) {
      Connection connection = kept.take(host);
      if (connection != null) {
        try {
          return exchange(connection, request);
        } catch (HttpFailure e) {
          if (e.kind() == HttpFailure.Kind.SILENT) {
            silent(host);
            throw e;
          }
          stale.add(1);
        }
      }
      try {
        connection = connector.connect(host, kept);
      } catch (HttpFailure e) {
        hosts.down(host, System.nanoTime());
        last = e;
        continue;
      }
      connects.add(1);
      hosts.up(host);
      kept.opened(connection);
      try {
        return exchange(connection, request);
      } catch (HttpFailure e) {
        if (e.kind() == HttpFailure.Kind.SILENT) {
          silent(host);
        } else {
          hosts.down(host, System.nanoTime());
        }
        throw e;
      }
    }
    throw last == null
        ? new HttpFailure(HttpFailure.Kind.UNREACHED, "no host is configured", null)
        : last;
  }

  /**
   * The host's other connections are likely as dead as the one that did not answer: each would cost
   * another time-out.
   */
  private void silent(HostPort host) {
    hosts.down(host, System.nanoTime());
    kept.drop(host);
  }

  private HttpResponse exchange(Connection connection, HttpRequest request)
      throws HttpFailure, InterruptedException {
    Exchange exchange = new Exchange(request, limits);
    connection.start(exchange, headers);
    boolean answered = false;
    try {
      if (!exchange.awaitHead()) {
        timeouts.add(1);
        throw new HttpFailure(
            HttpFailure.Kind.SILENT,
            connection.host() + " did not answer: it " + exchange.lateness(),
            null);
      }
      answered = true;
      return new HttpResponse(exchange, connection, timeouts, this::release);
    } finally {
      if (!answered) {
        connection.abort();
        exchange.awaitBodyFree();
      }
    }
  }

  /** How many connections wait for their next request. */
  public int idleConnections() {
    return kept.idle();
  }

  /** Closes all connections; exchanges under way fail. Safe when repeated. */
  @Override
  public void close() {
    kept.close();
    meters.remove(NetMeter.CONNECTIONS_OPEN);
    loops.close();
  }
}
