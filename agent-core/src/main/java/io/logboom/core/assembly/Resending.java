package io.logboom.core.assembly;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.deadletter.DeadLetters;
import io.logboom.core.deadletter.Replay;
import io.logboom.core.deadletter.ReplayMemory;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.Holder;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives the dead letters that an operator wants sent again to their outputs: looks once a second,
 * and leaves an output alone that cannot deliver now.
 */
final class Resending {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final DeadLetters letters;
  private final SlabPool pool;
  private final Supplier<? extends Collection<Delivery>> deliveries;
  private final ReplayMemory memory = new Memory();
  private @Nullable Thread thread;

  Resending(
      DeadLetters letters, SlabPool pool, Supplier<? extends Collection<Delivery>> deliveries) {
    this.letters = letters;
    this.pool = pool;
    this.deliveries = deliveries;
  }

  void start() {
    letters.start(() -> deliveries.get().stream().map(each -> each.stats().name()).toList());
    thread = Thread.ofVirtual().name("dead-letter-replay").start(this::run);
  }

  /** Ends; what was given away is settled as usual. */
  void stop() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        for (Delivery delivery : deliveries.get()) {
          resend(delivery);
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void resend(Delivery delivery) throws InterruptedException {
    while (delivery.stats().problem() == null) {
      Replay replay = letters.nextReplay(delivery.stats().name(), memory);
      if (replay == null) {
        return;
      }
      Batch batch = replay.batch();
      Letter letter = new Letter(pool, batch, replay);
      try {
        delivery.replay(batch, letter, batch.bytes().length);
      } catch (InterruptedException e) {
        letter.free();
        letter.tell(Settlement.AGAIN);
        throw e;
      }
    }
  }

  /** A letter on its way. */
  private record Letter(SlabPool pool, Batch batch, Replay replay) implements Holder {
    @Override
    public void tell(Settlement settlement) {
      if (settlement == Settlement.DONE) {
        replay.done();
      } else {
        replay.again();
      }
    }

    @Override
    public void free() {
      pool.release(batch);
    }
  }

  /** Beyond the budget: letters wait for room in their output's queue, one after the other. */
  private final class Memory implements ReplayMemory {
    @Override
    public Batch open(int bytes) {
      return pool.overdraw(bytes);
    }

    @Override
    public void release(Batch batch) {
      pool.release(batch);
    }
  }
}
