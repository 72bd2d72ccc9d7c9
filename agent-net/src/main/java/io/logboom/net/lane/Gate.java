package io.logboom.net.lane;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.OnSettled;
import io.logboom.net.stream.Loop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a loop's batches into the pipeline. While a batch cannot be given away, or there is no
 * memory for the next one, the lane is paused. To be used on the loop, but for what says otherwise.
 *
 * @param <L> a batch to be given away, and whom to tell what became of it
 */
public final class Gate<L extends Gate.Load> {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final long CALL_SECONDS = 5;

  private final Loop loop;
  private final Context context;
  private final Intake intake;
  private final Lane<L> lane;
  private @Nullable L refused;
  private long number;
  private boolean hurried;
  // How many are under way that somebody waits for.
  private int awaited;
  private boolean paused;
  private boolean quiet;
  private boolean ended;
  private volatile @Nullable Thread memoryWaiter;

  /** A batch, and whom to tell. */
  public interface Load extends OnSettled {
    Batch batch();

    /** Whether somebody waits for it to be settled. */
    boolean isAwaited();
  }

  /** What fills batches. */
  public interface Lane<L> {
    /** Takes out the batch that is being filled; null where there is none with records. */
    @Nullable L take();

    /** Goes on with this batch; false where it has one already, or needs none. */
    boolean goOn(Batch empty);

    /** Nothing can be taken from here on. */
    void paused();

    /** It is not paused any more: there is room, or it ends. */
    void unpaused();

    /** Goes on with those who had to wait. */
    void proceed();
  }

  public Gate(Loop loop, Context context, Intake intake, Lane<L> lane) {
    this.loop = loop;
    this.context = context;
    this.intake = intake;
    this.lane = lane;
  }

  // ---- the batch

  /** Whether a new batch may be opened. */
  public boolean mayOpen() {
    return refused == null;
  }

  /** Gives the batch away after so long, where it has not gone by then. */
  public void sealAfter(long nanos) {
    long mine = number;
    loop.after(
        nanos,
        () -> {
          if (number == mine && !quiet) {
            seal();
          }
        });
  }

  /**
   * Somebody waits for the batch to be settled: it is given away as soon as the loop has taken what
   * has come, or, where others are under way that somebody waits for, when they are settled, and
   * after so long at the latest.
   *
   * @return false where that was said of the batch before
   */
  public boolean hurry(long nanos) {
    if (hurried) {
      return false;
    }
    hurried = true;
    sealAfter(awaited == 0 ? 0 : nanos);
    return true;
  }

  /** One that was given away is settled. */
  public void settled(L load) {
    if (load.isAwaited() && --awaited <= 0 && hurried && !quiet) {
      seal();
    }
  }

  /** Gives the batch away; false where it must wait for room. */
  public boolean seal() {
    L full = lane.take();
    if (full == null) {
      return true;
    }
    number++;
    hurried = false;
    awaited += full.isAwaited() ? 1 : 0;
    if (!quiet && intake.offer(full.batch(), full)) {
      return true;
    }
    refused = full;
    pause();
    return false;
  }

  // ---- back pressure

  public boolean isPaused() {
    return paused;
  }

  public boolean isQuiet() {
    return quiet;
  }

  /** Somebody has what cannot be taken now. */
  public void pause() {
    if (paused || quiet) {
      return;
    }
    paused = true;
    lane.paused();
    awaitRoom();
  }

  private void awaitRoom() {
    if (refused != null) {
      intake.onRoom(() -> loop.execute(this::resume));
    } else {
      awaitMemory();
    }
  }

  /** Waits in one line with all who need memory. */
  private void awaitMemory() {
    memoryWaiter =
        Thread.ofVirtual()
            .name(context.name())
            .start(
                () -> {
                  try {
                    Batch empty = context.batches().open();
                    loop.execute(() -> hasMemory(empty));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // the input ends
                  }
                });
  }

  private void hasMemory(Batch empty) {
    memoryWaiter = null;
    goOn(empty);
    resume();
  }

  /** Goes on with this batch, where none is open and one is needed. */
  public void goOn(Batch empty) {
    if (ended || !lane.goOn(empty)) {
      intake.discard(empty);
    }
  }

  private void resume() {
    if (!paused || quiet) {
      return;
    }
    L waiting = refused;
    if (waiting != null) {
      if (!intake.offer(waiting.batch(), waiting)) {
        awaitRoom();
        return;
      }
      refused = null;
    }
    paused = false;
    lane.unpaused();
    lane.proceed();
  }

  // ---- the end

  /** Gives nothing away any more; false where that was said before. */
  public boolean quiet() {
    if (quiet) {
      return false;
    }
    quiet = true;
    if (paused) {
      paused = false;
      lane.unpaused();
    }
    return true;
  }

  /** The next batch to be given away after {@link #quiet}; null after the last one. */
  public @Nullable L next() {
    L next = refused != null ? refused : lane.take();
    refused = null;
    return next;
  }

  /**
   * Nobody takes anything any more.
   *
   * @param empty the batch that was open
   */
  public void end(@Nullable Batch empty) {
    if (empty != null) {
      intake.discard(empty);
    }
    ended = true;
  }

  public boolean isEnded() {
    return ended;
  }

  // ---- on another thread

  /** Waits for no memory any more; after {@link #quiet}. */
  public void stopWaiting() throws InterruptedException {
    Thread waiter = memoryWaiter;
    if (waiter != null) {
      waiter.interrupt();
      waiter.join();
    }
  }

  /** Runs a task on the loop and waits for its end. */
  public void call(Runnable task) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    loop.execute(
        () -> {
          try {
            task.run();
          } finally {
            done.countDown();
          }
        });
    if (!done.await(CALL_SECONDS, TimeUnit.SECONDS)) {
      LOG.warn("{}: a thread of the input does not answer", context.name());
    }
  }

  /** Asks for something on the loop; null also where it does not answer. */
  public <T> @Nullable T ask(Supplier<? extends @Nullable T> question) throws InterruptedException {
    AtomicReference<@Nullable T> found = new AtomicReference<>();
    call(() -> found.set(question.get()));
    return found.get();
  }
}
