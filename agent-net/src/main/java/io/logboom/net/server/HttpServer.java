package io.logboom.net.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP/1.1 server on one event loop of its own, with buffers of its own: a slow client or a
 * large answer costs the data path nothing. Bounded in body size, in connections and in the time
 * that an idle one lives.
 *
 * <p>At the bound the oldest connection makes room for the newest, so that silent connections never
 * keep a probe out.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of closing: nothing is left to be done
public final class HttpServer implements AutoCloseable {
  private final EventLoopGroup loop;
  private final Channel listening;

  /**
   * What bounds the server.
   *
   * @param maxBodyBytes a larger request body is answered 413
   * @param maxConnections above it the oldest is closed
   * @param idle a connection without traffic for this long is closed
   * @param product the value of the {@code Server} header; empty for none
   */
  public record Settings(int maxBodyBytes, int maxConnections, Duration idle, String product) {
    /** 64 KiB, 64 connections, 30 s. */
    public static Settings of(String product) {
      return new Settings(64 * 1024, 64, Duration.ofSeconds(30), product);
    }
  }

  private HttpServer(EventLoopGroup loop, Channel listening) {
    this.loop = loop;
    this.listening = listening;
  }

  /**
   * Listens and serves.
   *
   * @param address port 0 for any free one
   * @throws IOException where it cannot listen there; the message says where and why
   */
  public static HttpServer start(InetSocketAddress address, Settings settings, Handler handler)
      throws IOException {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("monitor", true), NioIoHandler.newFactory());
    Set<Channel> open = new LinkedHashSet<>();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 64)
            .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    admit(channel, open, settings.maxConnections());
                    pipeline(channel, settings, handler);
                  }
                });
    try {
      return new HttpServer(loop, bootstrap.bind(address).syncUninterruptibly().channel());
    } catch (Exception e) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + (e instanceof UnresolvedAddressException ? "no such host" : e.getMessage()),
          e);
    }
  }

  private static void pipeline(SocketChannel channel, Settings settings, Handler handler) {
    channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, settings.idle().toMillis(), TimeUnit.MILLISECONDS))
        .addLast(new HttpServerCodec())
        .addLast(new HttpServerKeepAliveHandler())
        .addLast(new HttpObjectAggregator(settings.maxBodyBytes()))
        .addLast(new Exchange(handler, settings.product()));
  }

  /** On the loop's thread, as is all that touches {@code open}. */
  private static void admit(Channel channel, Set<Channel> open, int max) {
    if (open.size() >= max) {
      Iterator<Channel> oldest = open.iterator();
      Channel out = oldest.next();
      oldest.remove();
      out.close();
    }
    open.add(channel);
    channel.closeFuture().addListener(_ -> open.remove(channel));
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /** Closes all connections and ends the thread. Safe when repeated. */
  @Override
  public void close() {
    // Ending the loop closes all that is registered with it, the listening socket too.
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
