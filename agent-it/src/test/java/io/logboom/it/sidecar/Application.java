package io.logboom.it.sidecar;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Writes numbered lines to a file, some each hundredth of a second, until it is told to end. */
final class Application implements AutoCloseable {
  private static final long STEP_NANOS = Duration.ofMillis(10).toNanos();

  private final Path file;
  private final int linesPerStep;
  private final Thread thread = Thread.ofPlatform().name("application").unstarted(this::write);
  private volatile boolean ending;
  private volatile long written;
  private volatile @Nullable IOException failure;

  private Application(Path file, int linesPerSecond) {
    this.file = file;
    this.linesPerStep = Math.max(1, linesPerSecond / 100);
  }

  static Application start(Path file, int linesPerSecond) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Application made = new Application(file, linesPerSecond);
    made.thread.start();
    return made;
  }

  private void write() {
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      long due = System.nanoTime();
      while (!ending) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < linesPerStep; i++) {
          lines.append("an order was placed seq=app-").append(written + i).append('\n');
        }
        out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
        written += linesPerStep;
        due += STEP_NANOS;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  long written() {
    return written;
  }

  /** Ends it; how many lines it has written. */
  long end() throws InterruptedException {
    ending = true;
    thread.join();
    IOException failed = failure;
    if (failed != null) {
      throw new UncheckedIOException(failed);
    }
    return written;
  }

  @Override
  public void close() {
    ending = true;
  }
}
