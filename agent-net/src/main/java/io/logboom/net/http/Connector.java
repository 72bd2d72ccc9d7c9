package io.logboom.net.http;

import io.logboom.api.meter.Counter;
import io.logboom.net.EventLoops;
import io.logboom.net.HostPort;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes connections: name, address, TCP, TLS, in one time limit. Safe for all threads. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of what failed through the pipeline
final class Connector {
  private final EventLoops loops;
  private final Resolver resolver;
  private final NetOptions options;
  private final @Nullable SslContext tls;
  private final @Nullable String vhost;
  private final Counter failures;
  private final AtomicInteger turn = new AtomicInteger();

  Connector(
      EventLoops loops,
      Resolver resolver,
      NetOptions options,
      @Nullable SslContext tls,
      @Nullable String vhost,
      Counter failures) {
    this.loops = loops;
    this.resolver = resolver;
    this.options = options;
    this.tls = tls;
    this.vhost = vhost;
    this.failures = failures;
  }

  /**
   * A connection that is ready for its first request. Each address of the host is tried.
   *
   * @throws HttpFailure unsent, with the last address's reason
   */
  Connection connect(HostPort host, Connection.Pool pool) throws HttpFailure, InterruptedException {
    long deadline = System.nanoTime() + options.connectTimeout().toNanos();
    List<InetAddress> addresses;
    try {
      addresses = resolver.resolve(host.host(), options.connectTimeout());
    } catch (UnknownHostException e) {
      failures.add(1);
      throw new HttpFailure(
          HttpFailure.Kind.UNREACHED, host + " has no address: " + e.getMessage(), e);
    }
    int first = addresses.size() == 1 ? 0 : turn.getAndIncrement() & Integer.MAX_VALUE;
    HttpFailure last = null;
    for (int i = 0; i < addresses.size(); i++) {
      long left = deadline - System.nanoTime();
      if (last != null && left <= 0) {
        break;
      }
      InetAddress address = addresses.get((first + i) % addresses.size());
      try {
        return connect(host, address, Duration.ofNanos(Math.max(1, left)), pool);
      } catch (HttpFailure e) {
        failures.add(1);
        last = e;
      }
    }
    throw last == null
        ? new HttpFailure(HttpFailure.Kind.UNREACHED, host + " has no address", null)
        : last;
  }

  private Connection connect(
      HostPort host, InetAddress address, Duration patience, Connection.Pool pool)
      throws HttpFailure, InterruptedException {
    Connection connection =
        new Connection(
            host, pool, options.keepalive() ? Math.max(0, options.keepaliveMaxRecycle()) : 1);
    @Nullable SslHandler[] ssl = new SslHandler[1];
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops.group())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, EventLoops.allocator())
            .option(ChannelOption.AUTO_READ, false)
            // A server that refuses a request (413) may answer and close without reading all of it.
            // The write fails then, and the answer must be read all the same.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, options.tcpKeepalive())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE))
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 * 1024, 128 * 1024))
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    ssl[0] = pipeline(channel, host, patience, connection);
                  }
                });
    if (options.sourceAddress() != null) {
      bootstrap.localAddress(new InetSocketAddress(options.sourceAddress(), 0));
    }
    ChannelFuture connect = bootstrap.connect(new InetSocketAddress(address, host.port()));
    Channel channel = connect.channel();
    try {
      await(connect, host, "", patience);
      SslHandler handler = ssl[0];
      if (handler != null) {
        await(handler.handshakeFuture(), host, "TLS: ", patience);
      }
      return connection;
    } catch (HttpFailure | InterruptedException e) {
      channel.close();
      throw e;
    }
  }

  private @Nullable SslHandler pipeline(
      SocketChannel channel, HostPort host, Duration patience, Connection connection) {
    SslHandler handler = null;
    if (tls != null) {
      handler = tls.newHandler(channel.alloc(), vhost == null ? host.host() : vhost, host.port());
      handler.setHandshakeTimeoutMillis(Math.max(1, patience.toMillis()));
      channel.pipeline().addLast(handler);
    }
    channel
        .pipeline()
        .addLast(
            new HttpClientCodec(
                new HttpDecoderConfig().setMaxHeaderSize(64 * 1024).setMaxChunkSize(64 * 1024),
                false,
                false))
        .addLast(connection);
    return handler;
  }

  private static void await(Future<?> step, HostPort host, String which, Duration patience)
      throws HttpFailure, InterruptedException {
    // Netty's own limit ends it first; a little more, so that its reason is the one that shows.
    if (!step.await(patience.toMillis() + 1000, TimeUnit.MILLISECONDS)) {
      throw new HttpFailure(
          HttpFailure.Kind.UNREACHED, host + " cannot be reached: " + which + "time-out", null);
    }
    if (!step.isSuccess()) {
      Throwable cause = step.cause();
      Throwable root = cause;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String why = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
      throw new HttpFailure(
          HttpFailure.Kind.UNREACHED, host + " cannot be reached: " + which + why, cause);
    }
  }
}
