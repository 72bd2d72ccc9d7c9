package io.logboom.it.demo;

import io.logboom.it.node.Container;
import io.logboom.it.node.ContainerLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One container at work: its program logs at a steady rate until it is stopped. */
final class Workload implements AutoCloseable {
  private static final int BURSTS_PER_SECOND = 20;

  private final Container container;
  private final Program program;
  private final ContainerLog log;
  private final int eventsPerSecond;
  private final @Nullable Map<String, Integer> keys;
  private final RandomGenerator random;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile long lines;
  private volatile @Nullable IOException failure;

  /**
   * @param keepKeys whether to remember what was written, for {@link #keys}
   */
  Workload(
      Container container,
      Program program,
      ContainerLog log,
      int eventsPerSecond,
      boolean keepKeys,
      RandomGenerator random) {
    this.container = container;
    this.program = program;
    this.log = log;
    this.eventsPerSecond = eventsPerSecond;
    this.keys = keepKeys ? new HashMap<>() : null;
    this.random = random;
    this.thread = Thread.ofPlatform().name(container.pod()).daemon().unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  Container container() {
    return container;
  }

  /** How many lines it has written. */
  long lines() {
    IOException failed = failure;
    if (failed != null) {
      throw new UncheckedIOException(container.pod() + " cannot log", failed);
    }
    return lines;
  }

  int rotations() {
    return log.rotations();
  }

  /** After {@link #close}: how often each key was written. */
  Map<String, Integer> keys() {
    return keys == null ? Map.of() : keys;
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

  private void work() {
    long pause = TimeUnit.SECONDS.toNanos(1) / BURSTS_PER_SECOND;
    long event = 0;
    try (log) {
      while (!stopped) {
        long burst = eventsPerSecond / BURSTS_PER_SECOND;
        for (long end = event + burst; event < end; event++) {
          write(event);
        }
        log.flush();
        LockSupport.parkNanos(this, pause);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void write(long event) throws IOException {
    long written = lines;
    for (Program.Line line : program.event(random, event)) {
      log.line(line.stream(), line.text().getBytes(StandardCharsets.UTF_8));
      if (keys != null) {
        keys.merge(line.key(), 1, Integer::sum);
      }
      written++;
    }
    lines = written;
  }
}
