package io.logboom.it.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program that logs numbered lines at a steady rate, in a thread of its own: {@code xxxx...
 * seq=PREFIX-N}. What must arrive is then known: 0 to {@link #written} - 1.
 */
public final class SequenceWriter implements AutoCloseable {
  private static final int MOST_AT_ONCE = 100;
  private static final int STEPS_PER_SECOND = 100;

  private final ContainerLog log;
  private final String prefix;
  private final byte[] padding;
  private final long lines;
  private final double linesPerNano;
  private final int step;
  private final Thread thread;
  private volatile long written;
  private volatile boolean stopped;
  private volatile @Nullable IOException failure;

  /**
   * @param lines how many it writes before it ends
   * @param linesPerSecond 0 for as fast as it can
   * @param bytes the length of a line without its number
   */
  public SequenceWriter(
      ContainerLog log, String prefix, long lines, double linesPerSecond, int bytes) {
    this.log = log;
    this.prefix = prefix;
    this.lines = lines;
    this.linesPerNano = linesPerSecond / Duration.ofSeconds(1).toNanos();
    this.step =
        linesPerSecond <= 0
            ? MOST_AT_ONCE
            : (int) Math.clamp(linesPerSecond / STEPS_PER_SECOND, 1, MOST_AT_ONCE);
    this.padding = new byte[bytes];
    Arrays.fill(padding, (byte) 'x');
    this.thread = Thread.ofPlatform().name("writer-" + prefix).daemon().unstarted(this::write);
  }

  public SequenceWriter start() {
    thread.start();
    return this;
  }

  /** How many lines are in the file for sure. */
  public long written() {
    IOException failed = failure;
    if (failed != null) {
      throw new UncheckedIOException("the writer " + prefix + " failed", failed);
    }
    return written;
  }

  /** How often its file was rotated so far; exact once it has ended. */
  public int rotations() {
    return log.rotations();
  }

  /** Waits until it has written all its lines. */
  public long join() throws InterruptedException {
    thread.join();
    return written();
  }

  /** Ends it early, and tells how many lines it has written. */
  public long stop() throws InterruptedException {
    stopped = true;
    LockSupport.unpark(thread);
    return join();
  }

  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try (log) {
      long start = System.nanoTime();
      for (long n = 0; n < lines && !stopped; n += step) {
        pace(start, n);
        step(n, Math.min(n + step, lines));
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void step(long from, long to) throws IOException {
    byte[] time = LogFormat.time(log.now());
    for (long n = from; n < to; n++) {
      byte[] number = (" seq=" + prefix + "-" + n).getBytes(StandardCharsets.US_ASCII);
      byte[] line = Arrays.copyOf(padding, padding.length + number.length);
      System.arraycopy(number, 0, line, padding.length, number.length);
      log.line("stdout", time, line);
    }
    log.flush();
    written = to;
  }

  private void pace(long start, long n) {
    if (linesPerNano > 0) {
      long due = start + (long) (n / linesPerNano);
      for (long wait = due - System.nanoTime();
          wait > 0 && !stopped;
          wait = due - System.nanoTime()) {
        LockSupport.parkNanos(this, wait);
      }
    }
  }
}
