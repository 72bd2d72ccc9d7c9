package io.logboom.net.http;

import io.logboom.net.HostPort;
import io.logboom.net.body.Segments;
import io.logboom.net.dial.Endpoint;
import io.logboom.net.dial.Proxy;
import io.logboom.net.dial.Target;
import io.logboom.net.tls.TlsReasons;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection, with at most one exchange at a time. The fields belong to the event loop.
 *
 * <p>Reading is on demand: while idle one read is pending, which notices that the peer closed;
 * during an exchange as long as the exchange wants more. Writing goes on while the channel is
 * writable, one segment of the body after the other, so that no more than two are ever copied to
 * direct memory; the bytes of a file go from the kernel to the kernel where there is no TLS.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of what failed through the pipeline
final class Connection extends ChannelInboundHandlerAdapter {
  private static final long DISCARD_SECONDS = 10;
  private static final int SEGMENTS_A_TURN = 8;

  /** Of a file that the kernel sends; when one has gone, that is progress. */
  private static final int FILE_PIECE = 256 * 1024;

  private static final int MOST_FILE_PIECES = 2;

  /** How soon is looked again where a limit has passed and nobody was waiting. */
  private static final long SOON_NANOS = 100_000_000;

  private final Endpoint endpoint;
  private final HostPort host;
  private final String authority;
  private final boolean clear;

  /**
   * Where a proxy passes requests on: it wants them with the host in the target (RFC 9112 §3.2.2).
   */
  private final @Nullable Proxy forwarder;

  private final Pool pool;
  private final int mostServed;
  private volatile @Nullable ChannelHandlerContext context;
  private @Nullable Exchange exchange;
  private int served;
  private int nextSegment;
  private long nextFileByte;
  private int filePieces;
  private boolean bodyHandedOver;
  private boolean pumping;
  private boolean interim;
  private boolean keep;
  private long idleSinceNanos;
  private boolean idleCheckPending;
  private boolean limitCheckPending;

  /** Where connections wait for their next exchange. Called on the event loop. */
  interface Pool {
    /** The connection can serve again; false where it is not wanted any more. */
    boolean idle(Connection connection);

    /** Takes an idle connection out, so that it can be closed; false where it is in use. */
    boolean remove(Connection connection);

    /** The connection is closed. */
    void closed(Connection connection);

    long idleTimeoutNanos();
  }

  Connection(Endpoint endpoint, Pool pool, int mostServed) {
    this.endpoint = endpoint;
    Target.Tcp target = (Target.Tcp) endpoint.target();
    this.host = target.host();
    this.authority = host.toString();
    this.forwarder = target.tls() == null ? target.proxy() : null;
    this.clear = target.tls() == null && target.proxyTls() == null;
    this.pool = pool;
    this.mostServed = mostServed;
  }

  HostPort host() {
    return host;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The proxy that passes requests on, and may answer itself; null for none. */
  @Nullable Proxy forwarder() {
    return forwarder;
  }

  /** From any thread. */
  boolean isOpen() {
    ChannelHandlerContext ctx = context;
    return ctx != null && ctx.channel().isActive();
  }

  /** Begins an exchange; from any thread. */
  void start(Exchange next, List<String> commonHeaders) {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      refuse(next);
      return;
    }
    try {
      ctx.executor().execute(() -> begin(ctx, next, commonHeaders));
    } catch (RejectedExecutionException e) {
      refuse(next); // the event loop has ended
    }
  }

  /** Has it wait for its first exchange; from any thread. */
  void unused() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      try {
        ctx.executor().execute(() -> await(ctx));
      } catch (RejectedExecutionException e) {
        // The event loop has ended, and the connection with it.
      }
    }
  }

  /** Closes the connection and with it the exchange; from any thread. */
  void abort() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.channel().close();
    }
  }

  /** Reads on where reading had stopped; from any thread. */
  void more(Exchange of) {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      try {
        ctx.executor().execute(() -> readOn(ctx, of));
      } catch (RejectedExecutionException e) {
        // The event loop has ended, and the exchange with it.
      }
    }
  }

  /** Reads the rest of the response to nowhere, for a while; from any thread. */
  void drain(Exchange of) {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      try {
        ctx.executor().execute(() -> drainOn(ctx, of));
      } catch (RejectedExecutionException e) {
        // The event loop has ended, and the exchange with it.
      }
    }
  }

  private void drainOn(ChannelHandlerContext ctx, Exchange of) {
    if (exchange == of) {
      readOn(ctx, of);
      var _ =
          ctx.executor().schedule(() -> closeIfStill(ctx, of), DISCARD_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void closeIfStill(ChannelHandlerContext ctx, Exchange of) {
    if (exchange == of) {
      ctx.close();
    }
  }

  private void readOn(ChannelHandlerContext ctx, Exchange of) {
    if (exchange == of && of.wantsMore()) {
      ctx.read();
    }
  }

  private void begin(ChannelHandlerContext ctx, Exchange next, List<String> commonHeaders) {
    if (!ctx.channel().isActive()) {
      refuse(next);
      return;
    }
    exchange = next;
    served++;
    nextSegment = 0;
    nextFileByte = 0;
    filePieces = 0;
    bodyHandedOver = false;
    interim = false;
    ctx.write(head(next.request(), commonHeaders), ctx.voidPromise());
    pump(ctx, next);
    ctx.read();
    checkLimitsLater(ctx, next.leftNanos());
  }

  /**
   * One timer for all exchanges of the connection: their limits are the same, so it is never late.
   */
  private void checkLimitsLater(ChannelHandlerContext ctx, long nanos) {
    if (!limitCheckPending && nanos != Long.MAX_VALUE) {
      limitCheckPending = true;
      long delay = nanos > 0 ? nanos : SOON_NANOS;
      var _ = ctx.executor().schedule(() -> checkLimits(ctx), delay, TimeUnit.NANOSECONDS);
    }
  }

  private void checkLimits(ChannelHandlerContext ctx) {
    limitCheckPending = false;
    Exchange now = exchange;
    if (now != null) {
      long left = now.leftNanos();
      if (left <= 0) {
        now.arrived();
      }
      checkLimitsLater(ctx, left);
    }
  }

  private void refuse(Exchange next) {
    next.bodyFree();
    next.failed(new HttpFailure(HttpFailure.Kind.UNREACHED, host + " closed the connection", null));
  }

  private DefaultHttpRequest head(HttpRequest request, List<String> commonHeaders) {
    DefaultHttpRequest head =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method()),
            forwarder == null ? request.path() : "http://" + authority + request.path());
    head.headers().set(HttpHeaderNames.HOST, authority);
    if (forwarder != null && forwarder.authorization() != null) {
      head.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, forwarder.authorization());
    }
    add(head, commonHeaders);
    add(head, request.headers());
    Segments body = request.body();
    if (body != null || !"GET".equals(request.method())) {
      HttpUtil.setContentLength(head, body == null ? 0 : body.length());
    }
    keep = mostServed == 0 || served < mostServed;
    if (!keep) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return head;
  }

  /** What stands twice here is sent twice; it replaces what others have set. */
  private static void add(DefaultHttpRequest head, List<String> namesAndValues) {
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      head.headers().remove(namesAndValues.get(i));
    }
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      head.headers().add(namesAndValues.get(i), namesAndValues.get(i + 1));
    }
  }

  /**
   * Writes on while there is room, but no more than a few segments at a time: other connections,
   * and an answer that comes early, have their turn in between.
   */
  private void pump(ChannelHandlerContext ctx, Exchange of) {
    if (pumping || bodyHandedOver || exchange != of) {
      return;
    }
    pumping = true;
    try {
      Segments body = of.request().body();
      FileChannel file = body == null || !clear ? null : body.file();
      if (body != null && file != null) {
        pumpFile(ctx, of, body, file);
        return;
      }
      int count = body == null ? 0 : body.count();
      int turn = Math.min(count, nextSegment + SEGMENTS_A_TURN);
      Channel channel = ctx.channel();
      boolean more;
      do {
        while (body != null && nextSegment < turn && channel.isWritable()) {
          int i = nextSegment++;
          ctx.write(
              new DefaultHttpContent(Unpooled.wrappedBuffer(body.segment(i), 0, body.used(i))),
              ctx.newPromise().addListener(_ -> of.progress()));
        }
        if (nextSegment == count) {
          handOver(ctx, of);
          return;
        }
        ctx.flush();
        more = channel.isWritable() && channel.isActive();
      } while (more && nextSegment < turn);
      if (more) {
        ctx.executor().execute(() -> pump(ctx, of));
      }
    } catch (UncheckedIOException e) {
      fail("did not get all of the body, which cannot be read", e);
    } finally {
      pumping = false;
    }
  }

  /**
   * The kernel has no more than two pieces to send at a time: the next one follows when one has
   * gone.
   */
  private void pumpFile(ChannelHandlerContext ctx, Exchange of, Segments body, FileChannel file) {
    long length = body.length();
    while (nextFileByte < length && filePieces < MOST_FILE_PIECES) {
      long count = Math.min(FILE_PIECE, length - nextFileByte);
      FilePiece piece = new FilePiece(file, body.fileFrom() + nextFileByte, count);
      nextFileByte += count;
      filePieces++;
      ctx.write(piece, ctx.newPromise().addListener(sent -> pieceSent(ctx, of, sent.cause())));
    }
    if (nextFileByte == length) {
      handOver(ctx, of);
    } else {
      ctx.flush();
    }
  }

  private void pieceSent(ChannelHandlerContext ctx, Exchange of, @Nullable Throwable failure) {
    if (exchange != of) {
      return;
    }
    Throwable reason =
        failure instanceof ChannelOutputShutdownException ? failure.getCause() : failure;
    if (reason instanceof FilePiece.ShortFileException) {
      fail("did not get all of the body, which cannot be read", reason);
    } else if (failure == null) {
      of.progress();
      filePieces--;
      if (!bodyHandedOver) {
        // Not from here: this may be called in the middle of a flush.
        ctx.executor().execute(() -> pump(ctx, of));
      }
    }
  }

  private void handOver(ChannelHandlerContext ctx, Exchange of) {
    bodyHandedOver = true;
    ctx.writeAndFlush(
        LastHttpContent.EMPTY_LAST_CONTENT,
        ctx.newPromise()
            .addListener(
                _ -> {
                  of.progress();
                  of.bodyFree();
                }));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Exchange now = exchange;
    if (now != null && ctx.channel().isWritable()) {
      pump(ctx, now);
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Exchange now = exchange;
    if (now == null || !(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
      // Bytes that nobody asked for, or that are no HTTP, or half of a head.
      boolean half =
          message instanceof HttpObject cut
              && cut.decoderResult().cause() instanceof PrematureChannelClosureException;
      ReferenceCountUtil.release(message);
      fail(half ? "closed the connection" : "sent what is not an HTTP response", null);
      ctx.close();
      return;
    }
    if (part instanceof io.netty.handler.codec.http.HttpResponse response) {
      int code = response.status().code();
      interim = code < 200;
      if (!interim) {
        keep = keep && HttpUtil.isKeepAlive(response);
        now.head(code, response.headers());
      }
    }
    if (part instanceof HttpContent content) {
      content(ctx, now, content);
    }
  }

  private void content(ChannelHandlerContext ctx, Exchange now, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    ByteBuf bytes = content.content();
    boolean goOn = true;
    if (interim || !bytes.isReadable()) {
      bytes.release();
    } else {
      goOn = now.chunk(bytes);
    }
    if (last && interim) {
      interim = false;
    } else if (last) {
      end(ctx, now);
    } else if (!goOn) {
      ctx.close();
    }
  }

  private void end(ChannelHandlerContext ctx, Exchange now) {
    // An answer to a request that is still being sent ends the connection, not the answer.
    boolean reusable = keep && bodyHandedOver && now.isBodyFree();
    exchange = null;
    boolean kept = reusable && ctx.channel().isActive() && await(ctx);
    now.ended();
    if (!kept) {
      ctx.close().addListener(_ -> now.bodyFree());
    }
  }

  /** Waits for the next exchange; false where there is to be none. */
  private boolean await(ChannelHandlerContext ctx) {
    idleSinceNanos = System.nanoTime();
    if (!pool.idle(this)) {
      ctx.close();
      return false;
    }
    checkIdleLater(ctx, pool.idleTimeoutNanos());
    ctx.read();
    return true;
  }

  private void checkIdleLater(ChannelHandlerContext ctx, long nanos) {
    if (!idleCheckPending) {
      idleCheckPending = true;
      var _ = ctx.executor().schedule(() -> checkIdle(ctx), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void checkIdle(ChannelHandlerContext ctx) {
    idleCheckPending = false;
    if (exchange != null || !ctx.channel().isActive()) {
      return;
    }
    long left = idleSinceNanos + pool.idleTimeoutNanos() - System.nanoTime();
    if (left > 0) {
      checkIdleLater(ctx, left);
    } else if (pool.remove(this)) {
      ctx.close();
    }
  }

  /** The end in TLS is the end, also where the peer leaves the connection open below it. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      ctx.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Exchange now = exchange;
    if (now != null) {
      now.arrived();
    }
    if (now == null || now.wantsMore()) {
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    pool.closed(this);
    fail("closed the connection", null);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail("broke the connection", cause);
    ctx.close();
  }

  private void fail(String what, @Nullable Throwable cause) {
    Exchange now = exchange;
    if (now == null) {
      return;
    }
    exchange = null;
    String when = now.hasHead() ? " in mid-response" : " before answering";
    String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    if (cause != null && TlsReasons.isTls(cause)) {
      // A server that does not take our certificate says so after the handshake.
      why = ": TLS: " + TlsReasons.ofClient(cause);
    }
    now.failed(new HttpFailure(HttpFailure.Kind.BROKEN, host + " " + what + when + why, cause));
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      now.bodyFree();
    } else {
      // Writes that are under way end with the channel.
      ctx.close().addListener(_ -> now.bodyFree());
    }
  }
}
