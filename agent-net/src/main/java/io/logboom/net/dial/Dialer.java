package io.logboom.net.dial;

import io.logboom.net.EventLoops;
import io.logboom.net.HostPort;
import io.logboom.net.NetCounters;
import io.logboom.net.NetCounters.Unmade;
import io.logboom.net.NetOptions;
import io.logboom.net.tls.ClientTls;
import io.logboom.net.tls.TlsReasons;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: name, address, TCP or a unix socket, TLS with a proxy, its tunnel, TLS, in one
 * time limit. Safe for all threads, best virtual ones: they wait.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of what failed through the pipeline
public final class Dialer {
  /** How often is looked whether the address is one to wait for still. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);

  private final EventLoops loops;
  private final NetOptions options;
  private final NetCounters counters;
  private final Targets targets;
  private final Traffic traffic;

  /**
   * @param targets which addresses are tried; told which of them can be reached
   */
  public Dialer(EventLoops loops, NetOptions options, NetCounters counters, Targets targets) {
    this.loops = loops;
    this.options = options;
    this.counters = counters;
    this.targets = targets;
    this.traffic = new Traffic(counters);
  }

  /** How long a try may take: where there are other addresses, one must not take all the time. */
  public Duration patience(boolean last) {
    Duration all = options.connectTimeout();
    if (last) {
      return all;
    }
    Duration part = all.dividedBy(Math.clamp(targets.size(), 1, 4));
    return part.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : part;
  }

  /** A connection is being made. */
  private final class Dial {
    final Endpoint endpoint;
    final ChannelHandler[] last;
    final Duration patience;
    final long deadline;
    @Nullable SslHandler proxyTls;
    @Nullable SslHandler tls;
    @Nullable Promise<Void> tunnel;

    Dial(Endpoint endpoint, ChannelHandler[] last, Duration patience) {
      this.endpoint = endpoint;
      this.last = last;
      this.patience = patience;
      this.deadline = System.nanoTime() + patience.toNanos();
    }

    /** On the event loop. */
    void begin(Channel channel) {
      channel.pipeline().addLast(traffic);
      Proxy proxy = proxy(endpoint);
      if (proxy != null && endpoint.target() instanceof Target.Tcp tcp && tcp.proxyTls() != null) {
        proxyTls = secure(channel, tcp.proxyTls(), proxy.address());
      }
      if (proxy != null && endpoint.target() instanceof Target.Tcp tcp && tcp.tls() != null) {
        Promise<Void> open = channel.eventLoop().newPromise();
        tunnel = open;
        channel.pipeline().addLast(new Tunnel(proxy, tcp.host(), open, () -> finish(channel)));
      } else {
        finish(channel);
      }
    }

    void finish(Channel channel) {
      ClientTls secure = tls(endpoint);
      if (secure != null && endpoint.target() instanceof Target.Tcp tcp) {
        tls = secure(channel, secure, tcp.host());
      }
      channel.pipeline().addLast(last);
    }

    private SslHandler secure(Channel channel, ClientTls with, HostPort peer) {
      SslHandler handler = with.handler(channel.alloc(), peer);
      handler.setHandshakeTimeoutMillis(Math.max(1, patience.toMillis()));
      channel.pipeline().addLast(handler);
      return handler;
    }
  }

  /**
   * A connection that is ready for its protocol.
   *
   * @param make makes the connection's object for the endpoint, which may be another address of the
   *     same target
   * @param handlers what its protocol needs, the last handlers of the channel
   * @param configure further options of the channel
   * @throws DialFailure with the reason; the endpoint rests then
   */
  public <C> C dial(
      Endpoint one,
      Duration patience,
      Function<Endpoint, C> make,
      Function<C, ChannelHandler[]> handlers,
      Consumer<Bootstrap> configure)
      throws DialFailure, InterruptedException {
    Endpoint endpoint = one;
    try {
      endpoint = targets.resolved(one, patience);
      C connection = connect(endpoint, patience, make, handlers, configure);
      targets.up(endpoint);
      counters.connected();
      return connection;
    } catch (UnknownHostException e) {
      throw down(
          endpoint,
          new DialFailure(Unmade.DNS, behind(endpoint) + " has no address: " + e.getMessage(), e));
    } catch (DialFailure e) {
      throw down(endpoint, e);
    } finally {
      targets.tried(one);
      targets.tried(endpoint);
    }
  }

  /**
   * Certificates may have been replaced at both ends a moment ago: that costs no visible failure.
   */
  @SuppressWarnings("ReferenceEquality") // whether the files are still the same
  private <C> C connect(
      Endpoint endpoint,
      Duration patience,
      Function<Endpoint, C> make,
      Function<C, ChannelHandler[]> handlers,
      Consumer<Bootstrap> configure)
      throws DialFailure, InterruptedException {
    ClientTls tls = tls(endpoint);
    Object generation = tls == null ? null : tls.generation();
    try {
      C connection = make.apply(endpoint);
      dial(new Dial(endpoint, handlers.apply(connection), patience), configure);
      return connection;
    } catch (DialFailure e) {
      if (e.kind() != Unmade.TLS || tls == null) {
        throw e;
      }
      tls.renew();
      if (tls.generation() == generation) {
        throw e;
      }
    }
    C connection = make.apply(endpoint);
    dial(new Dial(endpoint, handlers.apply(connection), patience), configure);
    return connection;
  }

  private DialFailure down(Endpoint endpoint, DialFailure why) {
    counters.unmade(why.kind());
    targets.down(endpoint, System.nanoTime());
    return why;
  }

  /** What is looked up and connected to. */
  private static String behind(Endpoint endpoint) {
    Proxy proxy = proxy(endpoint);
    return proxy == null ? endpoint.toString() : endpoint + " cannot be reached: " + proxy;
  }

  private static @Nullable Proxy proxy(Endpoint endpoint) {
    return endpoint.target() instanceof Target.Tcp tcp ? tcp.proxy() : null;
  }

  private static @Nullable ClientTls tls(Endpoint endpoint) {
    return endpoint.target() instanceof Target.Tcp tcp ? tcp.tls() : null;
  }

  private void dial(Dial dial, Consumer<Bootstrap> configure)
      throws DialFailure, InterruptedException {
    SocketAddress address = dial.endpoint.address();
    if (address == null) {
      throw new DialFailure(Unmade.DNS, behind(dial.endpoint) + " has no address", null);
    }
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops.group())
            .option(ChannelOption.ALLOCATOR, EventLoops.allocator())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.clamp(dial.patience.toMillis(), 1, Integer.MAX_VALUE))
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 * 1024, 128 * 1024))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    dial.begin(channel);
                  }
                });
    if (address instanceof InetSocketAddress) {
      bootstrap.channel(NioSocketChannel.class).option(ChannelOption.TCP_NODELAY, true);
      probes(bootstrap, options.probes());
      source(bootstrap, dial.endpoint);
    } else {
      bootstrap.channel(NioDomainSocketChannel.class);
    }
    configure.accept(bootstrap);
    ChannelFuture connect = bootstrap.connect(address);
    boolean done = false;
    try {
      await(connect, dial, Unmade.CONNECT);
      SslHandler proxyTls = dial.proxyTls;
      if (proxyTls != null) {
        await(proxyTls.handshakeFuture(), dial, Unmade.PROXY);
      }
      Promise<Void> tunnel = dial.tunnel;
      if (tunnel != null) {
        await(tunnel, dial, Unmade.PROXY);
      }
      SslHandler tls = dial.tls;
      if (tls != null) {
        await(tls.handshakeFuture(), dial, Unmade.TLS);
      }
      done = true;
    } finally {
      if (!done) {
        connect.channel().close();
      }
    }
  }

  private static void probes(Bootstrap bootstrap, NetOptions.Probes probes) {
    bootstrap.option(ChannelOption.SO_KEEPALIVE, probes.on());
    if (probes.on()) {
      probe(bootstrap, ExtendedSocketOptions.TCP_KEEPIDLE, probes.time());
      probe(bootstrap, ExtendedSocketOptions.TCP_KEEPINTERVAL, probes.interval());
      probe(bootstrap, ExtendedSocketOptions.TCP_KEEPCOUNT, probes.count());
    }
  }

  private static void probe(Bootstrap bootstrap, SocketOption<Integer> option, int value) {
    if (value > 0) {
      bootstrap.option(NioChannelOption.of(option), value);
    }
  }

  private void source(Bootstrap bootstrap, Endpoint endpoint) throws DialFailure {
    String source = options.sourceAddress();
    if (source != null) {
      InetSocketAddress local = new InetSocketAddress(source, 0);
      if (local.isUnresolved()) {
        throw new DialFailure(
            Unmade.CONNECT,
            endpoint + " cannot be reached: net.source_address " + source + " is no address",
            null);
      }
      bootstrap.localAddress(local);
    }
  }

  private void await(Future<?> step, Dial dial, Unmade kind)
      throws DialFailure, InterruptedException {
    // Netty's own limit ends it first; a little more, so that its reason is the one that shows.
    long most = dial.deadline + (kind == Unmade.PROXY ? 0 : LOOK_NANOS);
    while (!step.await(Math.clamp(most - System.nanoTime(), 1, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
      if (most - System.nanoTime() <= 0) {
        throw unmade(dial, kind, "time-out", null);
      }
      if (!targets.isCurrent(dial.endpoint)) {
        throw unmade(dial, kind, "it does not answer, and its name has other addresses now", null);
      }
    }
    if (!step.isSuccess()) {
      throw unmade(dial, kind, why(step.cause(), kind), step.cause());
    }
  }

  private DialFailure unmade(Dial dial, Unmade kind, String why, @Nullable Throwable cause) {
    Endpoint endpoint = dial.endpoint;
    boolean late = cause instanceof ConnectTimeoutException || (cause == null);
    Unmade as = late && kind == Unmade.CONNECT ? Unmade.TIMEOUT : kind;
    String who = "";
    Proxy proxy = proxy(endpoint);
    if (kind == Unmade.TLS) {
      who = "TLS: ";
    } else if (proxy != null) {
      who = kind == Unmade.PROXY ? proxy + " " : proxy + ": ";
    }
    return new DialFailure(as, endpoint + " cannot be reached: " + who + why, cause);
  }

  private String why(Throwable cause, Unmade kind) {
    if (kind == Unmade.TLS) {
      return TlsReasons.ofClient(cause);
    }
    if (TlsReasons.isTls(cause)) {
      return "and this agent do not agree on TLS: " + TlsReasons.ofClient(cause);
    }
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return root instanceof BindException
        ? "net.source_address " + options.sourceAddress() + " is no address of this machine"
        : text;
  }
}
