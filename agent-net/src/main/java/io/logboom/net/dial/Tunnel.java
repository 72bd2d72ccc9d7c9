package io.logboom.net.dial;

import io.logboom.net.HostPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Asks a proxy to open a way to a host (RFC 9110 §9.3.6), and takes itself out when it has. What
 * comes behind is added then, by {@code opened}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of what failed through the pipeline
final class Tunnel extends ChannelInboundHandlerAdapter {
  /** A head that is longer is no answer of a proxy. */
  private static final int MOST_HEAD = 16 * 1024;

  private final Proxy proxy;
  private final HostPort host;
  private final Promise<Void> open;
  private final Runnable opened;
  private final StringBuilder head = new StringBuilder();

  Tunnel(Proxy proxy, HostPort host, Promise<Void> open, Runnable opened) {
    this.proxy = proxy;
    this.host = host;
    this.open = open;
    this.opened = opened;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    StringBuilder request =
        new StringBuilder("CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n");
    if (proxy.authorization() != null) {
      request.append("Proxy-Authorization: ").append(proxy.authorization()).append("\r\n");
    }
    request.append("User-Agent: Logboom\r\n\r\n");
    context.writeAndFlush(Unpooled.copiedBuffer(request.toString(), StandardCharsets.ISO_8859_1));
    context.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      while (bytes.isReadable() && head.length() < MOST_HEAD) {
        head.append((char) bytes.readUnsignedByte());
        int length = head.length();
        if (length >= 4 && head.lastIndexOf("\r\n\r\n") == length - 4) {
          answered(context, bytes);
          return;
        }
      }
      if (head.length() >= MOST_HEAD) {
        fail(context, "answers with what is no HTTP");
      }
    } finally {
      bytes.release();
    }
  }

  private void answered(ChannelHandlerContext context, ByteBuf rest) {
    int status = status();
    if (status >= 100 && status < 200) {
      head.setLength(0);
      if (rest.isReadable()) {
        channelRead(context, rest.retainedSlice());
      }
    } else if (status >= 200 && status < 300) {
      if (rest.isReadable()) {
        fail(context, "sends bytes that nobody asked for");
        return;
      }
      // From here on the host is at the other end.
      opened.run();
      context.pipeline().remove(this);
      open.trySuccess(null);
    } else {
      fail(context, said(status));
    }
  }

  private int status() {
    String line = head.substring(0, head.indexOf("\r\n"));
    return line.matches("HTTP/1\\.[01] [1-9][0-9][0-9]( .*)?")
        ? Integer.parseInt(line.substring(9, 12))
        : -1;
  }

  private String said(int status) {
    return switch (status) {
      case -1 -> "answers with what is no HTTP";
      // Some answer 401 where a password is wrong.
      case 401, 407 -> proxy.unauthorized(status);
      case 403 -> "does not allow connections to " + host + " (403): its rules refuse it";
      case 405, 501 -> "does not open ways for TLS (CONNECT answers " + status + ")";
      case 502, 503, 504 -> "cannot reach " + host + " (" + status + ")";
      default -> "answers " + status + " to CONNECT";
    };
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!open.isDone()) {
      context.read();
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    open.tryFailure(new IOException("closed the connection instead of opening a way"));
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
    fail(context, "broke the connection: " + why.getMessage());
  }

  private void fail(ChannelHandlerContext context, String why) {
    open.tryFailure(new IOException(why));
    context.close();
  }
}
