package io.logboom.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, between the thread that asked and the event loop. The response's
 * body waits here in pieces, no more of them than {@link #HIGH} bytes: beyond, the connection is
 * not read until some were taken.
 */
final class Exchange {
  private static final int HIGH = 128 * 1024;

  /** What is thrown away to keep a connection; a connection with more to come is closed. */
  private static final long MOST_DISCARDED = 64L << 20;

  private final HttpRequest request;
  private final Limits limits;
  private final long startedNanos = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled once for all that one read brought, so that the asking thread wakes once. */
  private final Condition arrived = lock.newCondition();

  private final Condition released = lock.newCondition();
  private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
  private int queued;
  private int status;
  private @Nullable HttpHeaders headers;
  private boolean ended;
  private boolean discarding;
  private long discarded;
  private boolean bodyFree;
  private @Nullable HttpFailure failure;
  private volatile long progressNanos = startedNanos;

  /**
   * How long an exchange may take; 0 for ever.
   *
   * @param silence without a byte in either direction
   * @param total from the request's first byte to the answer's last
   */
  record Limits(Duration silence, Duration total) {
    /** With more time in all, where that is limited. */
    Limits and(Duration more) {
      return more.isZero() || total.isZero() ? this : new Limits(silence, total.plus(more));
    }
  }

  Exchange(HttpRequest request, Limits limits) {
    this.request = request;
    this.limits = limits;
  }

  HttpRequest request() {
    return request;
  }

  // ---- the event loop's side

  /** Bytes went or came. */
  void progress() {
    progressNanos = System.nanoTime();
  }

  /** Seen by the asking thread after {@link #arrived}. */
  void head(int code, HttpHeaders all) {
    progress();
    lock.lock();
    try {
      status = code;
      headers = all;
    } finally {
      lock.unlock();
    }
  }

  boolean hasHead() {
    lock.lock();
    try {
      return status != 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes over a piece of the body. Seen by the asking thread after {@link #arrived}.
   *
   * @return whether the connection is still worth reading
   */
  boolean chunk(ByteBuf piece) {
    progress();
    lock.lock();
    try {
      if (discarding) {
        discarded += piece.readableBytes();
        piece.release();
        return discarded <= MOST_DISCARDED;
      }
      queued += piece.readableBytes();
      chunks.addLast(piece);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** All is here that was to be read for now, or a limit has passed: the asking thread looks. */
  void arrived() {
    lock.lock();
    try {
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether more may be read from the connection now. */
  boolean wantsMore() {
    lock.lock();
    try {
      return queued < HIGH;
    } finally {
      lock.unlock();
    }
  }

  /** The request's body is not looked at any more. */
  void bodyFree() {
    lock.lock();
    try {
      bodyFree = true;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void ended() {
    lock.lock();
    try {
      ended = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void failed(HttpFailure why) {
    lock.lock();
    try {
      if (!ended && failure == null) {
        failure = why;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- the asking thread's side

  /**
   * Waits for status and headers.
   *
   * @return false where a limit has passed: {@link #lateness} tells which
   */
  boolean awaitHead() throws HttpFailure, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (status == 0) {
        if (failure != null) {
          throw failure;
        }
        if (!await()) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for bytes of the response's body and copies them.
   *
   * @return how many; 0 where a limit has passed, -1 at the end
   */
  int read(byte[] into, int from, int count) throws HttpFailure, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        ByteBuf first = chunks.peekFirst();
        if (first != null) {
          int n = Math.min(count, first.readableBytes());
          first.readBytes(into, from, n);
          queued -= n;
          if (!first.isReadable()) {
            chunks.removeFirst().release();
          }
          return n;
        }
        if (ended) {
          return -1;
        }
        if (failure != null) {
          throw failure;
        }
        if (!await()) {
          return 0;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until something has come. There is no time-out here: it would cost a timer of the
   * scheduler of virtual threads for each request, and the event loop wakes who waits too long.
   */
  @SuppressWarnings("WaitNotInLoop") // the callers look again
  private boolean await() throws InterruptedException {
    if (leftNanos() <= 0) {
      return false;
    }
    arrived.await();
    return true;
  }

  /** Until a limit has passed; none or less: it has. From any thread. */
  long leftNanos() {
    long now = System.nanoTime();
    long silence = left(limits.silence, progressNanos, now);
    return Math.min(silence, left(limits.total, startedNanos, now));
  }

  private static long left(Duration limit, long sinceNanos, long now) {
    return limit.isZero() ? Long.MAX_VALUE : limit.toNanos() - (now - sinceNanos);
  }

  /** Which limit has passed, for a message. */
  String lateness() {
    return left(limits.silence, progressNanos, System.nanoTime()) <= 0
        ? "was silent for " + limits.silence.toMillis() + " ms (net.io_timeout)"
        : "was not done after " + limits.total.toMillis() + " ms (net.request_timeout)";
  }

  /**
   * Throws away what came and what is still to come.
   *
   * @return whether the connection needs nobody any more: the response is complete or broken, and
   *     the request's body is free
   */
  boolean discard() {
    lock.lock();
    try {
      discarding = true;
      for (ByteBuf b = chunks.pollFirst(); b != null; b = chunks.pollFirst()) {
        b.release();
      }
      queued = 0;
      return (ended || failure != null) && bodyFree;
    } finally {
      lock.unlock();
    }
  }

  /** Waits a while for the end of the response, which somebody else reads to nowhere. */
  void awaitEnd(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!ended && failure == null && left > 0) {
        left = arrived.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever waits next will see it
    } finally {
      lock.unlock();
    }
  }

  boolean isBodyFree() {
    lock.lock();
    try {
      return bodyFree;
    } finally {
      lock.unlock();
    }
  }

  void awaitBodyFree() {
    lock.lock();
    try {
      while (!bodyFree) {
        released.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  int status() {
    return status;
  }

  @Nullable HttpHeaders headers() {
    return headers;
  }
}
