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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the dead letters that an operator wants sent again to their outputs: looks once a second,
 * and leaves an output alone that cannot deliver now. One that had trouble last and has nothing to
 * do gets one letter at a time, since nothing else would tell that the trouble is over.
 */
final class Resending {
  private static final Logger LOG = LoggerFactory.getLogger(Resending.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final DeadLetters letters;
  private final SlabPool pool;
  private final Supplier<? extends Collection<Delivery>> deliveries;
  private final Function<String, Set<String>> addresses;
  private final ReplayMemory memory = new Memory();
  // Outputs with letters on their way into the queue, each with a thread, so that none waits for
  // the room of another.
  private final Map<Delivery, Thread> busy = new HashMap<>();
  private @Nullable Thread thread;

  /**
   * @param addresses the outputs' names in letters that are for the output of this name
   */
  Resending(
      DeadLetters letters,
      SlabPool pool,
      Supplier<? extends Collection<Delivery>> deliveries,
      Function<String, Set<String>> addresses) {
    this.letters = letters;
    this.pool = pool;
    this.deliveries = deliveries;
    this.addresses = addresses;
  }

  void start() {
    letters.start(this::known);
    thread = Thread.ofVirtual().name("dead-letter-replay").start(this::run);
  }

  private Set<String> known() {
    Set<String> known = new HashSet<>();
    for (Delivery delivery : deliveries.get()) {
      known.addAll(addresses(delivery));
    }
    return known;
  }

  private Set<String> addresses(Delivery delivery) {
    return addresses.apply(delivery.stats().name());
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
    while (!Thread.interrupted()) {
      try {
        look(deliveries.get());
      } catch (RuntimeException e) {
        failed(e);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    busy.values().forEach(Thread::interrupt);
    for (Thread each : busy.values()) {
      try {
        each.join(Duration.ofSeconds(1));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void failed(RuntimeException e) {
    letters.replayFailed();
    LOG.error("the replay of dead letters failed on a defect and goes on", e);
  }

  private void look(Collection<Delivery> now) {
    busy.values().removeIf(each -> !each.isAlive());
    for (Delivery delivery : List.copyOf(now)) {
      if (!busy.containsKey(delivery)) {
        String name = "replay-" + delivery.stats().name();
        busy.put(delivery, Thread.ofVirtual().name(name).start(() -> resend(delivery)));
      }
    }
  }

  /** Until nothing more is to be sent now, or some come back. */
  private void resend(Delivery delivery) {
    AtomicBoolean back = new AtomicBoolean();
    try {
      for (String address : addresses(delivery)) {
        Replay replay = next(delivery, address, back);
        while (replay != null && give(replay, delivery, back)) {
          replay = next(delivery, address, back);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("[{}] replay interrupted", delivery.stats().name());
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private @Nullable Replay next(Delivery delivery, String address, AtomicBoolean back) {
    boolean free =
        !back.get()
            && delivery.stats().lettersProblem() == null
            && (delivery.stats().problem() == null || delivery.isIdle())
            && deliveries.get().contains(delivery);
    return free ? letters.nextReplay(address, memory) : null;
  }

  /**
   * @return whether the next one may follow
   */
  private boolean give(Replay replay, Delivery delivery, AtomicBoolean back)
      throws InterruptedException {
    Batch batch = replay.batch();
    Letter letter = new Letter(pool, batch, replay, back);
    boolean taken = false;
    try {
      taken = delivery.replay(batch, letter, batch.bytes().length);
    } finally {
      if (!taken) {
        letter.free();
        letter.tell(Settlement.AGAIN);
      }
    }
    return taken;
  }

  /**
   * A letter on its way.
   *
   * @param back is set when it comes back
   */
  private record Letter(SlabPool pool, Batch batch, Replay replay, AtomicBoolean back)
      implements Holder {
    @Override
    public void tell(Settlement settlement) {
      if (settlement == Settlement.DONE) {
        replay.done();
      } else {
        back.set(true);
        replay.again();
      }
    }

    @Override
    public boolean isSafe() {
      return true;
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
