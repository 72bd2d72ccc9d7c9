package io.logboom.net.http;

import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.net.EventLoops;
import io.logboom.net.HostPort;
import io.logboom.net.NetCounters;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.dial.DialFailure;
import io.logboom.net.dial.Dialer;
import io.logboom.net.dial.Endpoint;
import io.logboom.net.dial.Proxies;
import io.logboom.net.dial.Proxy;
import io.logboom.net.dial.Target;
import io.logboom.net.dial.Targets;
import io.logboom.net.tls.ClientTls;
import io.logboom.net.tls.TlsOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one of several hosts that can do the same, and to one of several addresses that
 * a host has. Called from any number of threads, best virtual ones: {@link #send} waits for the
 * response's head.
 *
 * <p>An address that cannot be reached is passed over for the next one in the same call. A kept
 * connection that the peer closed before it answered is replaced in the same call, once: a server
 * that closes idle connections costs no visible failure. Beyond that nothing is sent twice.
 */
public final class HttpClient implements AutoCloseable {
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  private final EventLoops loops;
  private final NetOptions options;
  private final Targets targets;
  private final Dialer dialer;
  private final @Nullable ClientTls tls;
  private final @Nullable ClientTls proxyTls;
  private final Exchange.Limits limits;
  private final List<String> headers;
  private final @Nullable Semaphore slots;
  private final NetCounters counters;
  private final Kept kept;

  /**
   * What a client is made of.
   *
   * @param hosts at least one
   * @param headers sent with each request: names and values in turn
   * @param lookup how names become addresses
   * @param proxies which hosts are behind one
   */
  public record Settings(
      List<HostPort> hosts,
      NetOptions net,
      TlsOptions tls,
      List<String> headers,
      Meters meters,
      Resolver.Lookup lookup,
      @Nullable Proxies proxies) {
    /** With the proxies of the environment, where the options do not say otherwise. */
    public Settings(
        List<HostPort> hosts,
        NetOptions net,
        TlsOptions tls,
        List<String> headers,
        Meters meters,
        Resolver.Lookup lookup) {
      this(hosts, net, tls, headers, meters, lookup, null);
    }

    /** The same with the system's resolver. */
    public Settings(
        List<HostPort> hosts, NetOptions net, TlsOptions tls, List<String> headers, Meters meters) {
      this(hosts, net, tls, headers, meters, Resolver.SYSTEM, null);
    }
  }

  /**
   * A client; it makes connections only when it is used.
   *
   * @throws StartException where TLS cannot be set up as configured, or the environment names
   *     something as a proxy that is none
   */
  public static HttpClient create(Settings settings) throws StartException {
    Proxies proxies = settings.proxies;
    if (proxies == null) {
      proxies = settings.net.proxyEnvIgnore() ? Proxies.NONE : Proxies.of(System.getenv());
    }
    String what = settings.hosts.isEmpty() ? "" : settings.hosts.getFirst().toString();
    ClientTls tls = settings.tls.on() ? ClientTls.of(what, settings.tls, settings.meters) : null;
    ClientTls proxyTls = null;
    List<Target.Tcp> targets = new ArrayList<>();
    try {
      for (HostPort host : settings.hosts) {
        Proxy proxy = proxies.before(host, tls != null);
        boolean secure = proxy != null && proxy.tls();
        if (secure && proxyTls == null) {
          proxyTls = ClientTls.of(what, settings.net.proxyTls(), settings.meters);
        }
        targets.add(new Target.Tcp(host, 1, tls, proxy, secure ? proxyTls : null));
      }
    } catch (StartException e) {
      if (tls != null) {
        tls.close();
      }
      throw e;
    }
    return new HttpClient(settings, targets, tls, proxyTls);
  }

  private HttpClient(
      Settings settings,
      List<Target.Tcp> targets,
      @Nullable ClientTls tls,
      @Nullable ClientTls proxyTls) {
    this.loops = EventLoops.acquire();
    this.options = settings.net;
    this.tls = tls;
    this.proxyTls = proxyTls;
    this.counters = new NetCounters(settings.meters);
    this.targets =
        new Targets(targets, new Resolver(settings.lookup, options.dns(), counters.dnsFailures()));
    this.dialer = new Dialer(loops, options, counters, this.targets);
    this.limits = new Exchange.Limits(options.ioTimeout(), options.requestTimeout());
    this.headers = List.copyOf(settings.headers);
    int most = options.maxWorkerConnections();
    this.slots = most > 0 ? new Semaphore(most, true) : null;
    this.kept = new Kept(options.keepaliveIdleTimeout().toNanos());
    counters.open(kept::open);
  }

  /**
   * Sends the request and waits for status and headers. The request's body must not change before
   * the response is closed, or before this call has thrown.
   *
   * @throws HttpFailure where there was no response
   * @throws InterruptedException where the calling thread was interrupted; the connection is closed
   */
  public HttpResponse send(HttpRequest request) throws HttpFailure, InterruptedException {
    return send(request, Duration.ZERO);
  }

  /**
   * As {@link #send(HttpRequest)}.
   *
   * @param more how much longer than {@code net.request_timeout} it may take in all, such as for a
   *     large body
   */
  public HttpResponse send(HttpRequest request, Duration more)
      throws HttpFailure, InterruptedException {
    if (slots != null) {
      slots.acquire();
    }
    boolean given = false;
    try {
      HttpResponse response = sendToOne(request, limits.and(more));
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

  private HttpResponse sendToOne(HttpRequest request, Exchange.Limits within)
      throws HttpFailure, InterruptedException {
    long now = System.nanoTime();
    Endpoint endpoint = targets.next(now);
    probe(now);
    List<Endpoint> others = null;
    for (int next = 0; ; next++) {
      Connection connection = kept.take(endpoint);
      if (connection != null) {
        counters.reused();
        try {
          return exchange(connection, request, within);
        } catch (HttpFailure e) {
          if (e.kind() == HttpFailure.Kind.SILENT) {
            silent(endpoint);
            throw e;
          }
          counters.stale();
        }
      }
      boolean last = others == null ? targets.size() == 1 : next == others.size();
      try {
        connection = connect(endpoint, dialer.patience(last));
      } catch (DialFailure e) {
        if (others == null) {
          others = targets.others(endpoint, System.nanoTime());
        }
        if (next >= others.size()) {
          throw new HttpFailure(HttpFailure.Kind.UNREACHED, String.valueOf(e.getMessage()), e);
        }
        endpoint = others.get(next);
        continue;
      }
      return firstExchange(connection, request, within);
    }
  }

  private HttpResponse firstExchange(
      Connection connection, HttpRequest request, Exchange.Limits within)
      throws HttpFailure, InterruptedException {
    try {
      return exchange(connection, request, within);
    } catch (HttpFailure e) {
      switch (e.kind()) {
        case SILENT -> silent(connection.endpoint());
        case BROKEN -> {
          counters.broken();
          targets.down(connection.endpoint(), System.nanoTime());
        }
        case UNREACHED -> targets.down(connection.endpoint(), System.nanoTime());
      }
      throw e;
    }
  }

  private Connection connect(Endpoint endpoint, Duration patience)
      throws DialFailure, InterruptedException {
    Connection made =
        dialer.dial(
            endpoint, patience, this::connection, HttpClient::handlers, HttpClient::configure);
    kept.opened(made);
    kept.dropGone();
    return made;
  }

  private Connection connection(Endpoint endpoint) {
    return new Connection(endpoint, kept, options.keepalive() ? options.keepaliveMaxRecycle() : 1);
  }

  private static ChannelHandler[] handlers(Connection connection) {
    return new ChannelHandler[] {
      new HttpClientCodec(
          new HttpDecoderConfig().setMaxHeaderSize(64 * 1024).setMaxChunkSize(64 * 1024),
          false,
          false),
      connection
    };
  }

  private static void configure(Bootstrap bootstrap) {
    bootstrap
        .option(ChannelOption.AUTO_READ, false)
        // A server that refuses a request (413) may answer and close without reading all of it.
        // The write fails then, and the answer must be read all the same.
        .option(ChannelOption.AUTO_CLOSE, false);
  }

  /** Sees in the background whether an address that failed can be reached again. */
  private void probe(long now) {
    Endpoint rested = targets.toProbe(now);
    if (rested == null) {
      return;
    }
    Thread.ofVirtual()
        .name("probe")
        .start(
            () -> {
              try {
                connect(rested, options.connectTimeout()).unused();
              } catch (DialFailure e) {
                // It rests on.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /**
   * The endpoint's other connections are likely as dead as the one that did not answer: each would
   * cost another time-out.
   */
  private void silent(Endpoint endpoint) {
    targets.silent(endpoint, System.nanoTime());
    kept.drop(endpoint);
  }

  private HttpResponse exchange(Connection connection, HttpRequest request, Exchange.Limits within)
      throws HttpFailure, InterruptedException {
    Exchange exchange = new Exchange(request, within);
    connection.start(exchange, headers);
    boolean answered = false;
    try {
      if (!exchange.awaitHead()) {
        counters.timedOut();
        throw new HttpFailure(
            HttpFailure.Kind.SILENT,
            connection.host() + " did not answer: it " + exchange.lateness(),
            null);
      }
      Proxy proxy = connection.forwarder();
      if (proxy != null && exchange.status() == PROXY_AUTHENTICATION_REQUIRED) {
        throw new HttpFailure(
            HttpFailure.Kind.UNREACHED,
            connection.host()
                + " cannot be reached: "
                + proxy
                + " "
                + proxy.unauthorized(PROXY_AUTHENTICATION_REQUIRED),
            null);
      }
      answered = true;
      targets.answered(connection.endpoint());
      return new HttpResponse(exchange, connection, counters, this::release);
    } finally {
      if (!answered) {
        connection.abort();
        // The answer may be on its way all the same.
        exchange.discard();
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
    counters.close();
    if (tls != null) {
      tls.close();
    }
    if (proxyTls != null) {
      proxyTls.close();
    }
    loops.close();
  }
}
