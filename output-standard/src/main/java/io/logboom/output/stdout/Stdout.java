package io.logboom.output.stdout;

import io.logboom.api.batch.Batch;
import io.logboom.api.json.ByteSink;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Prints. Units do not interleave. Where a write fails in the middle of a line, the next one starts
 * on a line of its own, so that only the torn line is unreadable.
 */
final class Stdout implements Output {
  private static final int CHUNK = 64 * 1024;
  private static final long FULL_PIPE_NANOS = 2_000_000;

  private final WritableByteChannel out;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final StdoutEncoder encoder;
  private ByteSink sink = ByteSink.growing(CHUNK);
  private boolean torn;

  Stdout(WritableByteChannel out, StdoutEncoder encoder) {
    this.out = out;
    this.encoder = encoder;
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      sink.position(0);
      if (torn) {
        sink.put((byte) '\n');
      }
      encoder.begin(sink);
      for (Batch batch : batches) {
        print(batch);
      }
      encoder.end(sink);
      write();
      return Outcome.DELIVERED;
    } catch (ClosedByInterruptException e) {
      // The exception's own kind of interrupt is an ordinary one here.
      Thread.interrupted();
      throw new InterruptedException("interrupted while the standard output took no more");
    } catch (IOException e) {
      return new Outcome.Retry("the standard output: " + e.getMessage());
    } finally {
      // One huge record must not keep its memory for ever.
      if (sink.array().length > 4 * CHUNK) {
        sink = ByteSink.growing(CHUNK);
      }
      lock.unlock();
    }
  }

  private void print(Batch batch) throws IOException, InterruptedException {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isDropped(i)) {
        continue;
      }
      encoder.encode(batch, i, sink);
      if (sink.position() >= CHUNK) {
        write();
      }
    }
  }

  /** Writes all that is in the sink, however little each call takes. */
  private void write() throws IOException, InterruptedException {
    ByteBuffer rest = ByteBuffer.wrap(sink.array(), 0, sink.position());
    while (rest.hasRemaining()) {
      int before = rest.position();
      int count = out.write(rest);
      if (count > 0) {
        torn = rest.get(before + count - 1) != '\n';
      } else {
        // A pipe that another process made non-blocking, and that is full: nothing tells when it
        // has room.
        LockSupport.parkNanos(FULL_PIPE_NANOS);
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while the standard output took no more");
        }
      }
    }
    sink.position(0);
  }
}
