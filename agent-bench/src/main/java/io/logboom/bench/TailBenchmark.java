package io.logboom.bench;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.OnSettled;
import io.logboom.api.plugin.Settlement;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.input.tail.TailConfig;
import io.logboom.input.tail.TailPlugin;
import io.logboom.testkit.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Framing, with all that the tail input does around it: finds one container's file of 200,000
 * lines, reads it, frames it and gives the batches away. One operation is the whole file.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 6)
@Measurement(iterations = 8)
public class TailBenchmark {
  private static final int LINES = 200_000;

  /** How the file is read: as CRI, or as plain lines. */
  @Param({"cri", "lines"})
  public String format = "cri";

  private Path directory = Path.of("");
  private int run;

  /** Writes the file. */
  @Setup
  public void write() throws IOException {
    directory = Files.createTempDirectory("logboom-bench");
    Backlog.write(directory.resolve("log"), LINES, 1);
  }

  /** Takes the files away. */
  @TearDown
  public void delete() {
    Backlog.delete(directory);
  }

  /** Reads the file from its start to its end. */
  @Benchmark
  public long read() throws StartException, InterruptedException {
    TestContext context = new TestContext(directory.resolve("state-" + run++));
    String[] options = {
      "path", directory.resolve("log/containers") + "/*.log", "read_from_head", "on"
    };
    String[] cri = {options[0], options[1], options[2], options[3], "multiline.parser", "cri"};
    Discarding intake = new Discarding(context);
    TailConfig config = Binder.bind(TailConfig.class, format.equals("cri") ? cri : options);
    try (Input input = new TailPlugin().create(config, context)) {
      input.start(intake);
      if (!intake.done.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("read " + intake.records + " records of " + LINES);
      }
      input.quiesce();
    }
    return intake.records.get();
  }

  /** Settles each batch at once and keeps nothing. */
  private static final class Discarding implements Intake {
    private final TestContext context;
    private final AtomicLong records = new AtomicLong();
    private final CountDownLatch done = new CountDownLatch(1);

    Discarding(TestContext context) {
      this.context = context;
    }

    @Override
    public void put(Batch batch, OnSettled settled) {
      int count = batch.size();
      discard(batch);
      settled.settled(Settlement.DONE);
      if (records.addAndGet(count) >= LINES) {
        done.countDown();
      }
    }

    @Override
    public boolean offer(Batch batch, OnSettled settled) {
      put(batch, settled);
      return true;
    }

    @Override
    public void onRoom(Runnable resume) {
      resume.run();
    }

    @Override
    public void discard(Batch batch) {
      context.testBatches().release(batch);
    }
  }
}
