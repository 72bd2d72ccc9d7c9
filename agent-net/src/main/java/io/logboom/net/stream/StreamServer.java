package io.logboom.net.stream;

import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.net.EventLoops;
import io.logboom.net.tls.ServerTls;
import io.logboom.net.tls.TlsServerOptions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Listens, and has a {@link Receiver} behind each connection. The socket is bound when this is
 * made; threads run from {@link #start} on.
 *
 * <p>One connection reads up to {@link #READ_BYTES} at a time, so that the buffers of all are
 * bounded by the loops' number.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of closing: nothing is left to be done
public final class StreamServer implements AutoCloseable {
  /** The most bytes that {@link Receiver#received} brings of a connection without TLS. */
  public static final int READ_BYTES = 64 * 1024;

  /** After so long without traffic the kernel asks whether the other end is alive. */
  private static final int PROBE_SECONDS = 60;

  private static final int PROBES_APART_SECONDS = 15;
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Settings settings;
  private final ServerSocketChannel socket;
  private final @Nullable ServerTls tls;
  private final @Nullable Object fileKey;
  private final InetSocketAddress address;
  private final Set<Channel> children = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private @Nullable EventLoopGroup loops;
  private @Nullable Channel listening;
  private boolean stopped;
  private boolean closed;

  /**
   * How to listen.
   *
   * @param threads how many loops there are
   * @param name what their threads are called
   * @param handshake how long TLS may take to agree
   */
  public record Settings(
      StreamAddress where,
      int backlog,
      int threads,
      String name,
      TlsServerOptions tls,
      Duration handshake,
      Meters meters) {}

  private StreamServer(Settings settings, ServerSocketChannel socket, @Nullable ServerTls tls)
      throws IOException {
    this.settings = settings;
    this.socket = socket;
    this.tls = tls;
    this.fileKey = ListeningSocket.key(settings.where());
    this.address =
        socket.getLocalAddress() instanceof InetSocketAddress inet
            ? inet
            : InetSocketAddress.createUnresolved("unix", 0);
  }

  /**
   * Binds.
   *
   * @throws StartException where it cannot listen there, or a file of TLS cannot be used
   */
  public static StreamServer listen(Settings settings) throws StartException {
    ServerTls tls =
        settings.tls().on()
            ? ServerTls.of(settings.name(), settings.tls(), settings.meters())
            : null;
    boolean bound = false;
    try {
      ServerSocketChannel socket = ListeningSocket.bind(settings.where(), settings.backlog());
      StreamServer server = new StreamServer(settings, socket, tls);
      bound = true;
      return server;
    } catch (IOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    } finally {
      if (!bound && tls != null) {
        tls.close();
      }
    }
  }

  /**
   * Begins to accept.
   *
   * @param acceptors called once for each loop, before its first connection, on this thread
   */
  public synchronized void start(Function<Loop, Acceptor> acceptors) {
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            settings.threads(),
            new DefaultThreadFactory(settings.name(), true) {
              @Override
              public Thread newThread(Runnable work) {
                Thread thread = super.newThread(work);
                threads.add(thread);
                return thread;
              }
            },
            NioIoHandler.newFactory());
    loops = group;
    Map<EventExecutor, Acceptor> byLoop = new HashMap<>();
    Map<EventExecutor, Loop> known = new HashMap<>();
    for (EventExecutor each : group) {
      Loop loop = new NettyLoop((EventLoop) each);
      known.put(each, loop);
      byLoop.put(each, acceptors.apply(loop));
    }
    boolean tcp = settings.where() instanceof StreamAddress.Tcp;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channelFactory(() -> channel(tcp))
            .childOption(ChannelOption.ALLOCATOR, EventLoops.allocator())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    EventLoop loop = channel.eventLoop();
                    admit(channel, known.get(loop), byLoop.get(loop));
                  }
                });
    if (tcp) {
      bootstrap
          .childOption(ChannelOption.TCP_NODELAY, true)
          .childOption(ChannelOption.SO_KEEPALIVE, true)
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), PROBE_SECONDS)
          .childOption(
              NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), PROBES_APART_SECONDS);
    }
    listening = bootstrap.register().syncUninterruptibly().channel();
  }

  private ServerChannel channel(boolean tcp) {
    try {
      socket.configureBlocking(false);
    } catch (IOException e) {
      throw new IllegalStateException("the listening socket is closed", e);
    }
    return tcp ? new NioServerSocketChannel(socket) : new NioServerDomainSocketChannel(socket);
  }

  private void admit(Channel channel, @Nullable Loop loop, @Nullable Acceptor acceptor) {
    if (loop == null || acceptor == null) {
      channel.close();
      return;
    }
    children.add(channel);
    channel.closeFuture().addListener(_ -> children.remove(channel));
    NettyLink link = new NettyLink(channel, loop, tls != null);
    channel.config().setRecvByteBufAllocator(new ReadSize(link));
    Receiver receiver = acceptor.accept(link);
    if (receiver == null) {
      channel.close();
      return;
    }
    link.behind(receiver);
    if (tls != null) {
      SslHandler handler = tls.handler(channel.alloc());
      handler.setHandshakeTimeout(settings.handshake().toMillis(), TimeUnit.MILLISECONDS);
      channel.pipeline().addLast(handler);
    }
    channel.pipeline().addLast(link);
  }

  /** Where it listens; host {@code unix} for a unix socket. */
  public InetSocketAddress address() {
    return address;
  }

  /** Whether it accepts connections. */
  public synchronized boolean isListening() {
    return listening != null && listening.isOpen();
  }

  /** Accepts no connection any more; those that there are stay. Safe when repeated. */
  public synchronized void stopAccepting() {
    if (stopped) {
      return;
    }
    stopped = true;
    if (listening != null) {
      listening.close().syncUninterruptibly();
    } else {
      try {
        socket.close();
      } catch (IOException e) {
        // It is of no use any more in any case.
      }
    }
    ListeningSocket.forget(settings.where(), fileKey);
  }

  /** Closes all connections and ends the threads. Safe when repeated. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopAccepting();
    if (tls != null) {
      tls.close();
    }
    // Each by itself: a loop that ends leaves those open that it has not come to yet.
    List<ChannelFuture> closing = children.stream().map(Channel::close).toList();
    long deadline = System.nanoTime() + CLOSE_NANOS;
    for (ChannelFuture each : closing) {
      each.awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
    if (loops != null) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      threads.forEach(StreamServer::join);
    }
  }

  /** A loop says that it has ended a moment before its thread does. */
  private static void join(Thread thread) {
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
