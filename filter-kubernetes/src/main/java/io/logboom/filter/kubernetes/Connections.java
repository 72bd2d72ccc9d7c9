package io.logboom.filter.kubernetes;

import io.logboom.filter.kubernetes.TransportFactory.TransportBuilder;
import io.logboom.net.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Opens connections and keeps two of them for the next requests. Safe for all threads. */
final class Connections implements AutoCloseable {
  private static final int MOST_KEPT = 2;
  private static final long LONGEST_KEPT_NANOS = 30_000_000_000L;

  private final TransportBuilder settings;
  private final EventLoops loops = EventLoops.acquire();
  private final ChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final Deque<Kept> kept = new ArrayDeque<>();
  private final AtomicInteger turn = new AtomicInteger();

  private record Kept(String target, Channel channel, long since) {}

  Connections(TransportBuilder settings) {
    this.settings = settings;
  }

  private static boolean secure(URI uri) {
    return "https".equals(uri.getScheme());
  }

  private static String target(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  /** A connection that served before; null where there is none. */
  @Nullable Channel kept(URI uri) {
    synchronized (kept) {
      long now = System.nanoTime();
      for (Iterator<Kept> each = kept.iterator(); each.hasNext(); ) {
        Kept one = each.next();
        if (!one.channel.isActive() || now - one.since > LONGEST_KEPT_NANOS) {
          each.remove();
          var _ = one.channel.close();
        } else if (one.target.equals(target(uri))) {
          each.remove();
          return one.channel;
        }
      }
      return null;
    }
  }

  /** Takes back a connection whose response was read to its end. */
  void keep(URI uri, Channel channel) {
    synchronized (kept) {
      if (kept.size() < MOST_KEPT && channel.isActive()) {
        kept.addFirst(new Kept(target(uri), channel, System.nanoTime()));
        return;
      }
    }
    var _ = channel.close();
  }

  /**
   * A new connection, through its TLS handshake. The name is looked up by the calling thread.
   *
   * @throws IOException where the name has no address
   */
  CompletableFuture<Channel> open(URI uri) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(uri.getHost());
    InetAddress address = addresses[Math.floorMod(turn.getAndIncrement(), addresses.length)];
    boolean tls = secure(uri);
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    @Nullable SSLContext context = settings.getSslContext();
    if (tls && context == null) {
      throw new IOException("there is no TLS context for " + target(uri));
    }
    CompletableFuture<Channel> opened = new CompletableFuture<>();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops.group())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, EventLoops.allocator())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) Math.min(Integer.MAX_VALUE, settings.getConnectTimeout().toMillis()))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    all.add(channel);
                    if (context != null && tls) {
                      channel.pipeline().addLast(tls(context, uri.getHost(), port, opened));
                    }
                    channel.pipeline().addLast(new HttpClientCodec(4096, 16384, 8192, false));
                  }
                });
    var _ =
        bootstrap
            .connect(new InetSocketAddress(address, port))
            .addListener(
                (io.netty.channel.ChannelFuture done) -> {
                  if (!done.isSuccess()) {
                    opened.completeExceptionally(done.cause());
                  } else if (!tls) {
                    opened.complete(done.channel());
                  }
                });
    return opened;
  }

  private SslHandler tls(
      SSLContext context, String host, int port, CompletableFuture<Channel> opened) {
    @Nullable String name = settings.getTlsServerName();
    SSLEngine engine = context.createSSLEngine(name == null ? host : name, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(settings.anyHostname() ? null : "HTTPS");
    if (name != null) {
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(settings.getConnectTimeout().toMillis());
    var _ =
        handler
            .handshakeFuture()
            .addListener(
                (io.netty.util.concurrent.Future<Channel> done) -> {
                  if (done.isSuccess()) {
                    opened.complete(done.getNow());
                  } else {
                    opened.completeExceptionally(done.cause());
                  }
                });
    return handler;
  }

  @Override
  public void close() {
    var _ = all.close().awaitUninterruptibly(1000);
    loops.close();
  }
}
