package io.logboom.filter.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A response's body as a stream that asks for more when it is empty, so that no more is held than
 * what came last, and that does not wait beyond its deadline.
 */
final class BodyStream extends InputStream implements AsyncBody.Consumer<List<ByteBuffer>> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
  private final long deadline;
  private @Nullable AsyncBody body;
  private boolean asked;
  private boolean ended;
  private @Nullable Throwable failure;

  /**
   * @param deadline the {@link System#nanoTime} at which waiting ends
   */
  BodyStream(long deadline) {
    this.deadline = deadline;
  }

  /** Reads from {@code source}, whose buffers come to {@link #consume}. */
  void from(AsyncBody source) {
    body = source;
    var _ =
        source
            .done()
            .whenComplete(
                (_, thrown) -> {
                  lock.lock();
                  try {
                    ended = true;
                    failure = thrown;
                    arrived.signalAll();
                  } finally {
                    lock.unlock();
                  }
                });
  }

  @Override
  public void consume(List<ByteBuffer> value, AsyncBody source) {
    lock.lock();
    try {
      buffers.addAll(value);
      asked = false;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    lock.lock();
    try {
      while (true) {
        ByteBuffer next = buffers.peek();
        if (next == null) {
          if (!more()) {
            return -1;
          }
        } else if (!next.hasRemaining()) {
          buffers.remove();
        } else {
          int n = Math.min(count, next.remaining());
          next.get(target, from, n);
          return n;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("stopped while reading").initCause(e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something came or the body ended; false at its end. */
  private boolean more() throws IOException, InterruptedException {
    if (ended) {
      if (failure != null) {
        throw new IOException("the connection broke: " + failure.getMessage(), failure);
      }
      return false;
    }
    AsyncBody source = body;
    if (source == null) {
      return false;
    }
    if (!asked) {
      asked = true;
      source.consume();
    }
    long left = deadline - System.nanoTime();
    while (buffers.isEmpty() && !ended) {
      if (left <= 0) {
        throw new SocketTimeoutException("the server went silent");
      }
      left = arrived.awaitNanos(left);
    }
    return true;
  }

  @Override
  public void close() {
    AsyncBody source = body;
    if (source != null) {
      source.cancel();
    }
  }
}
