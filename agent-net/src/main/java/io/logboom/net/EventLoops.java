package io.logboom.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process's one I/O thread for clients, which all of them share. It exists while somebody holds
 * it.
 */
public final class EventLoops implements AutoCloseable {
  /**
   * Buffers of all clients: one small arena, so that the process's limit of direct memory (16 MiB
   * in the reference box) holds. A chunk is 256 KiB; a body's segment of 64 KiB is a quarter.
   */
  private static final ByteBufAllocator ALLOCATOR =
      new PooledByteBufAllocator(true, 1, 1, 8192, 5, 32, 8, false, 0);

  private static final Object LOCK = new Object();
  private static @Nullable EventLoopGroup shared;
  private static int holders;

  private final EventLoopGroup group;
  private boolean closed;

  private EventLoops(EventLoopGroup group) {
    this.group = group;
  }

  /** To be closed by who asked. Starts no thread yet. */
  public static EventLoops acquire() {
    synchronized (LOCK) {
      EventLoopGroup group = shared;
      if (group == null) {
        group =
            new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("io", true), NioIoHandler.newFactory());
        shared = group;
      }
      holders++;
      return new EventLoops(group);
    }
  }

  public EventLoopGroup group() {
    return group;
  }

  public static ByteBufAllocator allocator() {
    return ALLOCATOR;
  }

  /** Ends the thread where this was the last holder. Safe when repeated. */
  @Override
  public void close() {
    synchronized (LOCK) {
      if (closed) {
        return;
      }
      closed = true;
      holders--;
      if (holders > 0) {
        return;
      }
      shared = null;
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
