package io.logboom.net.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How much one connection reads at a time. A loop that has found many connections ready turns to
 * each of them once more after all have been told to stop: those have no room then, and leave what
 * came to the kernel, which is not even asked.
 */
final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {
  private final NettyLink link;

  ReadSize(NettyLink link) {
    super(1);
    this.link = link;
  }

  @Override
  public ExtendedHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        return link.isReading() ? super.allocate(allocator) : Unpooled.EMPTY_BUFFER;
      }

      @Override
      public int guess() {
        return StreamServer.READ_BYTES;
      }
    };
  }
}
