package io.logboom.net.stream;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How much one connection reads at a time. A loop that has found many connections ready reads each
 * of them once more after all have been told to stop: those take next to nothing then, and leave
 * the rest to the kernel.
 */
final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int LEAST = 256;

  private final NettyLink link;

  ReadSize(NettyLink link) {
    super(1);
    this.link = link;
  }

  @Override
  public ExtendedHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return link.isReading() ? StreamServer.READ_BYTES : LEAST;
      }
    };
  }
}
