package io.logboom.net.stream;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.net.EventLoops;
import io.logboom.net.HostPort;
import io.logboom.net.NetMeter;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.net.tls.Tls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections for protocols of their own: name, address, TCP or a unix socket, TLS, in one
 * time limit. Safe for all threads, best virtual ones: they wait.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of what failed through the pipeline
public final class StreamClient implements AutoCloseable {
  private final EventLoops loops;
  private final NetOptions options;
  private final Resolver resolver;
  private final Map<StreamTarget, SslContext> contexts;
  private final Meters meters;
  private final Counter connects;
  private final Counter failures;
  private final AtomicInteger turn = new AtomicInteger();
  private final Set<StreamConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private StreamClient(
      NetOptions options,
      Map<StreamTarget, SslContext> contexts,
      Meters meters,
      Resolver.Lookup lookup) {
    this.loops = EventLoops.acquire();
    this.options = options;
    this.contexts = contexts;
    this.meters = meters;
    this.resolver = new Resolver(lookup, options.dns(), meters.counter(NetMeter.DNS_FAILURES));
    this.connects = meters.counter(NetMeter.CONNECTS);
    this.failures = meters.counter(NetMeter.CONNECT_FAILURES);
    meters.gauge(NetMeter.CONNECTIONS_OPEN, open::size);
  }

  /**
   * A client for these targets; it makes connections only when it is used.
   *
   * @throws StartException where TLS cannot be set up as configured
   */
  public static StreamClient create(
      List<StreamTarget> targets, NetOptions options, Meters meters, Resolver.Lookup lookup)
      throws StartException {
    Map<StreamTarget, SslContext> contexts = new HashMap<>();
    for (StreamTarget target : targets) {
      if (target instanceof StreamTarget.Tcp tcp && tcp.tls().on()) {
        contexts.put(target, Tls.client(tcp.tls()));
      }
    }
    return new StreamClient(options, Map.copyOf(contexts), meters, lookup);
  }

  /**
   * A connection that is ready for use. Each address of the host is tried.
   *
   * @throws StreamFailure with the last address's reason
   */
  public StreamConnection connect(StreamTarget target) throws StreamFailure, InterruptedException {
    try {
      StreamConnection made =
          switch (target) {
            case StreamTarget.Tcp tcp -> connect(tcp);
            case StreamTarget.Unix unix ->
                connect(unix, UnixDomainSocketAddress.of(unix.path()), options.connectTimeout());
          };
      connects.add(1);
      return made;
    } catch (StreamFailure e) {
      failures.add(1);
      throw e;
    }
  }

  private StreamConnection connect(StreamTarget.Tcp target)
      throws StreamFailure, InterruptedException {
    long deadline = System.nanoTime() + options.connectTimeout().toNanos();
    HostPort host = target.address();
    List<InetAddress> addresses;
    try {
      addresses = resolver.resolve(host.host(), options.connectTimeout());
    } catch (UnknownHostException e) {
      throw new StreamFailure(
          StreamFailure.Kind.DNS, host + " has no address: " + e.getMessage(), e);
    }
    int first = addresses.size() == 1 ? 0 : turn.getAndIncrement() & Integer.MAX_VALUE;
    for (int i = 0; ; i++) {
      InetAddress address = addresses.get((first + i) % addresses.size());
      long left = deadline - System.nanoTime();
      try {
        return connect(
            target,
            new InetSocketAddress(address, host.port()),
            Duration.ofNanos(Math.max(1, left)));
      } catch (StreamFailure e) {
        if (i + 1 == addresses.size() || deadline - System.nanoTime() <= 0) {
          throw e;
        }
      }
    }
  }

  private StreamConnection connect(StreamTarget target, SocketAddress address, Duration patience)
      throws StreamFailure, InterruptedException {
    boolean tcp = target instanceof StreamTarget.Tcp;
    StreamConnection connection = new StreamConnection(target.toString());
    @Nullable SslHandler[] tls = new SslHandler[1];
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops.group())
            .option(ChannelOption.ALLOCATOR, EventLoops.allocator())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE))
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 * 1024, 128 * 1024))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    tls[0] = pipeline(channel, target, patience, connection);
                  }
                });
    if (tcp) {
      bootstrap
          .channel(NioSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .option(ChannelOption.SO_KEEPALIVE, options.tcpKeepalive());
      if (options.sourceAddress() != null) {
        bootstrap.localAddress(new InetSocketAddress(options.sourceAddress(), 0));
      }
    } else {
      bootstrap.channel(NioDomainSocketChannel.class);
    }
    ChannelFuture connect = bootstrap.connect(address);
    Channel channel = connect.channel();
    boolean done = false;
    try {
      await(connect, target, StreamFailure.Kind.CONNECT, patience);
      SslHandler handler = tls[0];
      if (handler != null) {
        await(handler.handshakeFuture(), target, StreamFailure.Kind.TLS, patience);
      }
      done = true;
    } finally {
      if (!done) {
        channel.close();
      }
    }
    open.add(connection);
    channel.closeFuture().addListener(_ -> open.remove(connection));
    if (closed) {
      channel.close();
    }
    return connection;
  }

  private @Nullable SslHandler pipeline(
      Channel channel, StreamTarget target, Duration patience, StreamConnection connection) {
    SslHandler handler = null;
    SslContext context = contexts.get(target);
    if (context != null && target instanceof StreamTarget.Tcp(HostPort address, var tls)) {
      String name = tls.vhost() == null ? address.host() : tls.vhost();
      handler = context.newHandler(channel.alloc(), name, address.port());
      handler.setHandshakeTimeoutMillis(Math.max(1, patience.toMillis()));
      channel.pipeline().addLast(handler);
    }
    channel.pipeline().addLast(connection.handler(channel));
    return handler;
  }

  private static void await(
      Future<?> step, StreamTarget target, StreamFailure.Kind kind, Duration patience)
      throws StreamFailure, InterruptedException {
    String which = kind == StreamFailure.Kind.TLS ? "TLS: " : "";
    // Netty's own limit ends it first; a little more, so that its reason is the one that shows.
    if (!step.await(patience.toMillis() + 1000, TimeUnit.MILLISECONDS)) {
      throw new StreamFailure(kind, target + " cannot be reached: " + which + "time-out", null);
    }
    if (!step.isSuccess()) {
      Throwable cause = step.cause();
      throw new StreamFailure(kind, target + " cannot be reached: " + which + why(cause), cause);
    }
  }

  private static String why(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof NotSslRecordException) {
      return "what answers there does not speak it"; // Netty's own text has the bytes
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  /** Closes all connections. Safe when repeated. */
  @Override
  public void close() {
    closed = true;
    open.forEach(StreamConnection::close);
    meters.remove(NetMeter.CONNECTIONS_OPEN);
    loops.close();
  }
}
