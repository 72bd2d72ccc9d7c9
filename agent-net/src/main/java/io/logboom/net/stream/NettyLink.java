package io.logboom.net.stream;

import io.logboom.net.tls.TlsReasons;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The last handler of a connection: brings its {@link Receiver} what happens. */
@SuppressWarnings("FutureReturnValueIgnored") // of writing and closing: what fails closes
final class NettyLink extends ChannelInboundHandlerAdapter implements Link, Receiver.Arrived {
  /** How long what was written may take to go when the connection is closed. */
  private static final long LINGER_SECONDS = 5;

  private final Channel channel;
  private final Loop loop;
  private final @Nullable InetAddress address;
  private final String peer;
  private @Nullable Receiver receiver;
  private @Nullable ByteBuf arrived;
  private @Nullable Throwable fault;
  private boolean usable;
  private boolean reading = true;
  private boolean closed;

  NettyLink(Channel channel, Loop loop, boolean tls) {
    this.channel = channel;
    this.loop = loop;
    this.usable = !tls;
    this.address = address(channel.remoteAddress());
    this.peer = address == null ? "unix" : address.getHostAddress();
  }

  private static @Nullable InetAddress address(@Nullable SocketAddress remote) {
    return remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
  }

  void behind(Receiver who) {
    receiver = who;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (usable && receiver != null) {
      receiver.opened();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (!done.isSuccess()) {
        fault = reason(done.cause());
        close();
        return;
      }
      usable = true;
      channel.config().setAutoRead(reading);
      if (receiver != null) {
        receiver.opened();
      }
    }
  }

  /** What went wrong, in words that do not repeat what was received; null for an end. */
  private static @Nullable Throwable reason(Throwable why) {
    Throwable cause =
        why instanceof DecoderException && why.getCause() != null ? why.getCause() : why;
    if (cause instanceof NotSslRecordException) {
      return new SSLException("what it sends is not TLS");
    }
    if (cause instanceof ClosedChannelException) {
      return null;
    }
    return TlsReasons.isTls(cause) ? new SSLException(TlsReasons.ofServer(cause), cause) : cause;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (receiver != null && bytes.isReadable() && !closed) {
        arrived = bytes;
        receiver.received(this);
      }
    } finally {
      arrived = null;
      bytes.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (receiver != null) {
      receiver.closed(fault);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
    if (fault == null) {
      fault = reason(why);
    }
    channel.close();
  }

  @Override
  public int size() {
    return arrived == null ? 0 : arrived.readableBytes();
  }

  @Override
  public void copyTo(byte[] target, int at) {
    if (arrived != null) {
      arrived.readBytes(target, at, arrived.readableBytes());
    }
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public @Nullable InetAddress address() {
    return address;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public void reading(boolean on) {
    reading = on;
    if (usable) { // TLS is agreed on in any case: the other end does not wait for ever
      channel.config().setAutoRead(on);
    }
  }

  /** Whether it reads, or has TLS to agree on still. */
  boolean isReading() {
    return reading || !usable;
  }

  @Override
  public long write(byte[] bytes) {
    channel.write(Unpooled.wrappedBuffer(bytes));
    var waiting = channel.unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public void abort() {
    closed = true;
    channel.close();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      if (channel.isOpen()) {
        Future<?> late =
            channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(_ -> late.cancel(false));
      }
    }
  }
}
