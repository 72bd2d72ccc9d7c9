package io.logboom.core.assembly;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.config.Option;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.Settlement;
import io.logboom.api.plugin.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An input that counts: {@code a 0}, {@code a 1} ... and goes on after a restart behind what is
 * settled without a gap, as one does that reads a file.
 */
final class Numbers implements InputPlugin<Numbers.Config> {
  /** How many of its inputs are open. */
  final AtomicInteger open = new AtomicInteger();

  /** How many inputs it has made. */
  final AtomicInteger made = new AtomicInteger();

  /** The batches that were to come again. */
  final AtomicInteger again = new AtomicInteger();

  /** How many batches its inputs have given away. */
  final AtomicInteger batches = new AtomicInteger();

  /** How many numbers the input {@code in} has given away. */
  final AtomicLong given = new AtomicLong();

  /** Whether inputs pause, all of them. */
  volatile boolean paused;

  record Config(
      @Option(text = "Tells configurations apart.", preset = "one") String label,
      @Option(text = "Records per batch.", preset = "50") int batch,
      @Option(text = "Microseconds between batches.", preset = "2000") int pause) {}

  @Override
  public String type() {
    return "numbers";
  }

  @Override
  public String text() {
    return "Counts.";
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Input create(Config config, Context context) throws StartException {
    made.incrementAndGet();
    open.incrementAndGet();
    return new Counting(config, context);
  }

  private final class Counting implements Input {
    private final Config config;
    private final Context context;
    private final Path position;
    private final Origin origin;
    private final ArrayDeque<Stretch> underWay = new ArrayDeque<>();
    private long next;
    private long settled;
    private volatile boolean quiet;
    private boolean closed;
    private @Nullable Thread thread;

    private static final class Stretch {
      final long end;
      boolean done;

      Stretch(long end) {
        this.end = end;
      }
    }

    Counting(Config config, Context context) throws StartException {
      this.config = config;
      this.context = context;
      this.position = context.stateDirectory().resolve("position");
      this.origin = Origin.builder(context.names(), context.name()).source("numbers").build();
      try {
        next = Files.exists(position) ? Long.parseLong(Files.readString(position)) : 0;
      } catch (IOException e) {
        throw new StartException("no position: " + e.getMessage(), e);
      }
      settled = next;
    }

    @Override
    public void start(Intake intake) {
      thread = Thread.ofPlatform().name("numbers").start(() -> run(intake));
    }

    private void run(Intake intake) {
      try {
        while (!quiet) {
          if (!paused) {
            give(intake);
          }
          LockSupport.parkNanos(config.pause() * 1000L);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void give(Intake intake) throws InterruptedException {
      Batch batch = context.batches().open();
      int index = batch.origin(origin);
      for (int i = 0; i < config.batch(); i++) {
        byte[] body = (context.name() + " " + next++).getBytes(StandardCharsets.UTF_8);
        batch.add(index, batch.append(body, 0, body.length), body.length, 0, 0);
      }
      batches.incrementAndGet();
      if (context.name().equals("in")) {
        given.accumulateAndGet(next, Math::max);
      }
      Stretch stretch = new Stretch(next);
      synchronized (underWay) {
        underWay.add(stretch);
      }
      intake.put(batch, settlement -> settle(stretch, settlement));
    }

    private void settle(Stretch stretch, Settlement settlement) {
      synchronized (underWay) {
        if (settlement == Settlement.AGAIN) {
          again.incrementAndGet();
          return;
        }
        stretch.done = true;
        while (!underWay.isEmpty() && underWay.getFirst().done) {
          settled = underWay.removeFirst().end;
        }
      }
    }

    @Override
    public void quiesce() throws InterruptedException {
      quiet = true;
      Thread running = thread;
      if (running != null) {
        LockSupport.unpark(running);
        running.join();
      }
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      open.decrementAndGet();
      try {
        quiesce();
        synchronized (underWay) {
          Files.writeString(position, Long.toString(settled));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
