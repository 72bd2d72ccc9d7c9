package io.logboom.net.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Settlement;
import io.logboom.net.stream.Loop;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final long PATIENCE = 5;

  private final TestContext context = new TestContext(Path.of("unused"));
  private final TestIntake intake = new TestIntake(context, false);
  private final HandWound loop = new HandWound();
  private final Filling lane = new Filling();
  private final Gate<Full> gate = new Gate<>(loop, context, intake, lane);

  /** A loop whose tasks run, and whose time passes, when the test says so. */
  private static final class HandWound implements Loop {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private long now;

    private record Timer(long at, Runnable task) {}

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void after(long nanos, Runnable task) {
      timers.add(new Timer(now + nanos, task));
    }

    /** Lets so much time pass. */
    void pass(long nanos) {
      now += nanos;
      List<Timer> due = timers.stream().filter(timer -> timer.at <= now).toList();
      timers.removeAll(due);
      due.stream().sorted(Comparator.comparing(Timer::at)).forEach(t -> tasks.add(t.task));
      while (!tasks.isEmpty()) {
        tasks.remove().run();
      }
    }
  }

  private final class Full implements Gate.Load {
    private final Batch batch;
    private final boolean awaited;

    Full(Batch batch, boolean awaited) {
      this.batch = batch;
      this.awaited = awaited;
    }

    @Override
    public Batch batch() {
      return batch;
    }

    @Override
    public boolean isAwaited() {
      return awaited;
    }

    @Override
    public void settled(Settlement settlement) {
      loop.execute(() -> gate.settled(this));
    }
  }

  private final class Filling implements Gate.Lane<Full> {
    private @Nullable Batch open;
    private boolean awaited;

    void add(String line) throws InterruptedException {
      Batch batch = open == null ? context.batches().open() : open;
      byte[] body = line.getBytes(StandardCharsets.UTF_8);
      int origin = batch.origin(Origin.builder(context.names(), "t").build());
      batch.add(origin, batch.append(body, 0, body.length), body.length, 0, 0);
      open = batch;
    }

    @Override
    public @Nullable Full take() {
      Batch full = open;
      boolean waits = awaited;
      open = null;
      awaited = false;
      return full == null ? null : new Full(full, waits);
    }

    @Override
    public boolean goOn(Batch empty) {
      return false;
    }

    @Override
    public void paused() {}

    @Override
    public void unpaused() {}

    @Override
    public void proceed() {}
  }

  /** Somebody waits for the line. */
  private void awaited(String line) throws InterruptedException {
    lane.add(line);
    lane.awaited = true;
    gate.hurry(PATIENCE);
  }

  @Test
  void whatSomebodyWaitsForGoesWithAllThatHasCome() throws InterruptedException {
    awaited("one");
    awaited("two");
    assertThat(intake.heldBatches()).as("before the loop has taken what has come").isZero();

    loop.pass(0);

    assertThat(intake.heldBatches()).isEqualTo(1);
    assertThat(intake.count()).isEqualTo(2);
    intake.settle(Settlement.DONE);
  }

  @Test
  void itWaitsForWhatIsUnderWayAndGoesWhenThatIsSettled() throws InterruptedException {
    awaited("first");
    loop.pass(0);
    awaited("second");
    awaited("third");
    loop.pass(PATIENCE - 1);
    assertThat(intake.heldBatches()).isEqualTo(1);

    intake.settle(Settlement.DONE);
    loop.pass(0);

    assertThat(intake.heldBatches()).isEqualTo(1);
    assertThat(intake.count()).isEqualTo(3);
    intake.settle(Settlement.DONE);
    loop.pass(0);
    awaited("fourth");
    loop.pass(0);
    assertThat(intake.count()).as("nothing is under way again").isEqualTo(4);
    intake.settle(Settlement.DONE);
  }

  @Test
  void itWaitsNoLongerThanIsSaid() throws InterruptedException {
    awaited("first");
    loop.pass(0);
    awaited("second");

    loop.pass(PATIENCE);

    assertThat(intake.heldBatches()).isEqualTo(2);
    intake.settle(Settlement.DONE);
  }

  @Test
  void itDoesNotWaitForWhatNobodyWaitsFor() throws InterruptedException {
    lane.add("nobody waits");
    gate.sealAfter(0);
    loop.pass(0);
    awaited("somebody waits");

    loop.pass(0);

    assertThat(intake.heldBatches()).isEqualTo(2);
    intake.settle(Settlement.DONE);
  }
}
