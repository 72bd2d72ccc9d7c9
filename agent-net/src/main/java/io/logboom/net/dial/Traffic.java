package io.logboom.net.dial;

import io.logboom.net.NetCounters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;

/** Counts the bytes of connections, next to the wire. */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // whoever wrote has the promise
final class Traffic extends ChannelDuplexHandler {
  private final NetCounters counters;

  Traffic(NetCounters counters) {
    this.counters = counters;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      counters.received(bytes.readableBytes());
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      counters.sent(bytes.readableBytes());
    } else if (message instanceof FileRegion file) {
      counters.sent(file.count());
    }
    context.write(message, promise);
  }
}
