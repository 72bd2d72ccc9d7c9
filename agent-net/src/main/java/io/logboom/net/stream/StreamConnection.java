package io.logboom.net.stream;

import io.logboom.net.body.Segments;
import io.logboom.net.dial.Endpoint;
import io.logboom.net.tls.TlsReasons;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection for a thread that waits: one writes and reads at a time. What comes is kept until it
 * is read, up to {@link #MOST_UNREAD} bytes: the protocols that this is for are answered with few.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of what failed through the pipeline
public final class StreamConnection implements AutoCloseable {
  /** A peer that sends more than is asked for is closed. */
  static final int MOST_UNREAD = 256 * 1024;

  private static final int PIECES_A_TURN = 8;

  private final Endpoint endpoint;
  private final String peer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile @Nullable Channel channel;

  // Guarded by the lock.
  private byte[] unread = new byte[512];
  private int unreadCount;
  private boolean writing;
  private boolean written;
  private boolean closed;
  private @Nullable Throwable fault;
  private boolean wakePending;
  private long wakeNanos;

  // Of the write under way; the event loop's.
  private @Nullable Pieces pieces;
  private int next;
  private boolean pumping;

  private volatile long progressNanos;

  /** What is written in one call, in order. */
  private record Pieces(byte[] head, @Nullable Segments body, byte[] tail) {
    int count() {
      return (body == null ? 0 : body.count()) + 2;
    }

    ByteBuf piece(int i) {
      if (i == 0) {
        return Unpooled.wrappedBuffer(head);
      }
      return body == null || i > body.count()
          ? Unpooled.wrappedBuffer(tail)
          : Unpooled.wrappedBuffer(body.segment(i - 1), 0, body.used(i - 1));
    }
  }

  StreamConnection(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.peer = endpoint.toString();
  }

  ChannelHandler handler() {
    return new Handler();
  }

  /** Runs {@code task} when the connection has ended; at once where it has. */
  void onEnd(Runnable task) {
    Channel on = channel;
    if (on != null) {
      on.closeFuture().addListener(_ -> task.run());
    }
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /** Where it leads to. */
  public String peer() {
    return peer;
  }

  public boolean isOpen() {
    lock.lock();
    try {
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whether something has come that was not read. */
  public boolean hasUnread() {
    lock.lock();
    try {
      return unreadCount > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Runs {@code task} on the connection's thread after so long. */
  public void after(long nanos, Runnable task) {
    Channel on = channel;
    try {
      if (on != null) {
        on.eventLoop().schedule(task, nanos, TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException e) {
      // The thread has ended, and the connection with it.
    }
  }

  /** Writes {@code bytes} in one piece; see {@link #write(byte[], Segments, byte[], long)}. */
  public void write(byte[] bytes, long silenceNanos) throws StreamFailure, InterruptedException {
    write(bytes, null, new byte[0], silenceNanos);
  }

  /**
   * Writes, and returns when the kernel has all of it. When this returns or throws, the body is not
   * looked at any more; where it throws, the connection is closed.
   *
   * @param body sealed
   * @param silenceNanos how long nothing may be taken by the peer; 0 for ever
   */
  public void write(byte[] head, @Nullable Segments body, byte[] tail, long silenceNanos)
      throws StreamFailure, InterruptedException {
    Pieces all = new Pieces(head, body, tail);
    lock.lock();
    try {
      if (closed) {
        throw gone();
      }
      writing = true;
      written = false;
      progressNanos = System.nanoTime();
      execute(() -> begin(all));
      try {
        while (writing) {
          if (!await(progressNanos, silenceNanos)) {
            throw new StreamFailure(
                StreamFailure.Kind.SILENT,
                peer + " took nothing for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos) + " s",
                null);
          }
        }
        if (!written) {
          throw gone();
        }
      } finally {
        if (writing) {
          close();
          while (writing) {
            changed.awaitUninterruptibly();
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for bytes and reads those that have come.
   *
   * @param beganNanos since when nothing has come
   * @param silenceNanos how long from then on nothing may come; 0 for ever
   * @return how many were read, at least one
   */
  public int read(byte[] into, int at, long beganNanos, long silenceNanos)
      throws StreamFailure, InterruptedException {
    lock.lock();
    try {
      while (unreadCount == 0) {
        if (closed) {
          throw gone();
        }
        if (!await(beganNanos, silenceNanos)) {
          throw new StreamFailure(
              StreamFailure.Kind.SILENT,
              peer + " sent nothing for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos) + " s",
              null);
        }
      }
      int count = Math.min(unreadCount, into.length - at);
      System.arraycopy(unread, 0, into, at, count);
      System.arraycopy(unread, count, unread, 0, unreadCount - count);
      unreadCount -= count;
      return count;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a change; false where the time is up. The lock is held. There is no time-out here: it
   * would cost a timer of the scheduler of virtual threads for each answer, and the event loop
   * wakes who waits too long.
   */
  @SuppressWarnings("WaitNotInLoop") // the callers' loops
  private boolean await(long sinceNanos, long silenceNanos) throws InterruptedException {
    if (silenceNanos == 0) {
      changed.await();
      return true;
    }
    long left = sinceNanos + silenceNanos - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    wakeBy(System.nanoTime() + left);
    changed.await();
    return true;
  }

  private void wakeBy(long nanos) {
    if (!wakePending || nanos - wakeNanos < 0) {
      wakePending = true;
      wakeNanos = nanos;
      after(Math.max(0, nanos - System.nanoTime()), () -> wake(nanos));
    }
  }

  private void wake(long nanos) {
    lock.lock();
    try {
      if (wakeNanos == nanos) {
        wakePending = false;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private StreamFailure gone() {
    String why = fault == null || fault.getMessage() == null ? "" : ": " + fault.getMessage();
    if (fault != null && TlsReasons.isTls(fault)) {
      // A server that does not take our certificate says so after the handshake.
      why = ": TLS: " + TlsReasons.ofClient(fault);
    }
    return new StreamFailure(
        StreamFailure.Kind.CLOSED, peer + " closed the connection" + why, fault);
  }

  /** Closes at once; from any thread. */
  @Override
  public void close() {
    Channel on = channel;
    if (on != null) {
      on.close();
    }
  }

  private void ended() {
    lock.lock();
    try {
      closed = true;
      writing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void execute(Runnable task) {
    Channel on = channel;
    try {
      if (on != null) {
        on.eventLoop().execute(task);
      }
    } catch (RejectedExecutionException e) {
      ended(); // the thread has ended
    }
  }

  // ---- on the event loop

  private void begin(Pieces all) {
    pieces = all;
    next = 0;
    pump();
  }

  /**
   * Writes on while there is room, but no more than a few pieces at a time: other connections have
   * their turn in between.
   */
  private void pump() {
    Pieces all = pieces;
    Channel on = channel;
    if (pumping || all == null || on == null || !on.isActive()) {
      return;
    }
    pumping = true;
    try {
      int count = all.count();
      int turn = Math.min(count, next + PIECES_A_TURN);
      boolean more;
      do {
        while (next < turn && on.isWritable()) {
          boolean last = ++next == count;
          on.write(all.piece(next - 1)).addListener(done -> progress(last, done.cause()));
        }
        on.flush();
        more = on.isWritable() && on.isActive();
      } while (more && next < turn);
      if (next == count) {
        pieces = null;
      } else if (more) {
        on.eventLoop().execute(this::pump);
      }
    } finally {
      pumping = false;
    }
  }

  private void progress(boolean last, @Nullable Throwable why) {
    if (why != null) {
      fault(why);
      close();
      return;
    }
    progressNanos = System.nanoTime();
    if (last) {
      lock.lock();
      try {
        writing = false;
        written = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void fault(Throwable why) {
    lock.lock();
    try {
      if (fault == null && !closed) {
        fault = why;
      }
    } finally {
      lock.unlock();
    }
  }

  private final class Handler extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      channel = context.channel();
      context.channel().closeFuture().addListener(_ -> ended());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      lock.lock();
      try {
        int count = bytes.readableBytes();
        if (unreadCount + count > MOST_UNREAD) {
          context.close();
          return;
        }
        if (unread.length - unreadCount < count) {
          unread = Arrays.copyOf(unread, Math.max(unread.length * 2, unreadCount + count));
        }
        bytes.readBytes(unread, unreadCount, count);
        unreadCount += count;
        changed.signalAll();
      } finally {
        lock.unlock();
        bytes.release();
      }
    }

    /** The end in TLS is the end, also where the peer leaves the connection open below it. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslCloseCompletionEvent) {
        context.close();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        pump();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
      fault(why);
      context.close();
    }
  }
}
