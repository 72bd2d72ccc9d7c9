package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskLockedException;
import io.logboom.core.codec.BatchCodec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's dead letters: records that an output will never take, on disk with the reason, until
 * an operator has them sent again or dropped, or newer ones need their room. One letter is one
 * record. Safe for use by several threads.
 */
public final class DeadLetters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOCK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** A command that asks or drops has the lock for less than this. */
  private static final Duration A_COMMAND = Duration.ofSeconds(5);

  private final Closeable held;
  private final LetterStore store;
  private final Replays replays;
  private final LetterWriter writer;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final LongAdder failures = new LongAdder();
  private volatile Usage usage;
  private @Nullable Thread looking;
  private boolean closed;

  private DeadLetters(
      Closeable held, LetterStore store, Replays replays, BatchCodec codec, InstantSource clock) {
    this.held = held;
    this.store = store;
    this.replays = replays;
    this.writer = new LetterWriter(codec);
    this.clock = clock;
    this.usage = store.usage();
  }

  /**
   * Opens the letters in the directory, or begins with none. Damage does not keep it from opening:
   * it is passed over and counted.
   *
   * @param limitBytes what the files may take on disk; the oldest go before it is passed
   * @param codec for this alone
   * @throws IOException where the directory cannot be used, or another process has it open for
   *     longer than a command would
   */
  public static DeadLetters open(
      Path directory, Disk disk, long limitBytes, BatchCodec codec, InstantSource clock)
      throws IOException {
    return open(directory, disk, limitBytes, codec, clock, A_COMMAND);
  }

  /**
   * @param patience how long to wait for a process that has it open
   */
  static DeadLetters open(
      Path directory,
      Disk disk,
      long limitBytes,
      BatchCodec codec,
      InstantSource clock,
      Duration patience)
      throws IOException {
    disk.createDirectories(directory);
    Closeable held = lock(disk, directory.resolve(LetterBox.LOCK), patience);
    try {
      LetterStore store = LetterStore.open(disk, directory, limitBytes);
      Replays replays = new Replays(store, new Requests(disk, directory), codec);
      return new DeadLetters(held, store, replays, codec, clock);
    } catch (IOException | RuntimeException e) {
      held.close();
      throw e;
    }
  }

  private static Closeable lock(Disk disk, Path file, Duration patience) throws IOException {
    long began = System.nanoTime();
    while (true) {
      try {
        return disk.lock(file);
      } catch (DiskLockedException e) {
        if (System.nanoTime() - began >= patience.toNanos() || Thread.interrupted()) {
          throw e;
        }
      }
      LockSupport.parkNanos(LOCK_AGAIN_NANOS);
    }
  }

  /**
   * From here on looks once a second at what commands ask for.
   *
   * @param outputs the names of the outputs that there are
   */
  public void start(Supplier<? extends Collection<String>> outputs) {
    lock.lock();
    try {
      if (looking == null && !closed) {
        looking = Thread.ofVirtual().name("dead-letters").start(() -> lookAgain(outputs));
      }
    } finally {
      lock.unlock();
    }
  }

  private void lookAgain(Supplier<? extends Collection<String>> outputs) {
    lock.lock();
    try {
      while (!closed) {
        try {
          look(outputs.get());
        } catch (IOException | RuntimeException e) {
          failures.increment();
          LOG.warn("cannot look after the dead letters: {}", e.toString());
        }
        long left = LOOK_NANOS;
        while (left > 0 && !closed) {
          left = closing.awaitNanos(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does what commands have asked for, and makes durable which letters are gone. Called by the
   * thread that {@link #start} starts.
   */
  public void look(Collection<String> outputs) throws IOException {
    lock.lock();
    try {
      replays.look(outputs);
    } finally {
      usage = store.usage();
      lock.unlock();
    }
  }

  /**
   * Keeps records; all of them are on the disk on return.
   *
   * @param output the instance that cannot deliver them
   * @param records their numbers in the batch; dropped ones are passed over
   * @param why the reason for each number
   * @throws IOException where the disk refuses. None of them is kept then
   */
  public void put(String output, Batch batch, BitSet records, IntFunction<String> why)
      throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the dead letters are closed");
      }
      store.begin();
      try {
        for (int i = records.nextSetBit(0); i >= 0; i = records.nextSetBit(i + 1)) {
          if (!batch.isDropped(i)) {
            BitSet one = new BitSet();
            one.set(i);
            Envelope envelope = new Envelope(clock.millis(), output, why.apply(i));
            store.add(writer, envelope, batch.subset(one));
          }
        }
        store.commit();
      } catch (IOException | RuntimeException e) {
        store.rollBack(e);
        throw e;
      } finally {
        usage = store.usage();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Never waits, whatever the disk does. */
  public Usage usage() {
    return usage;
  }

  /** Counts a failure of their replay that was survived. */
  public void replayFailed() {
    failures.increment();
  }

  /** How often looking after them or replaying them has failed; it goes on each time. */
  public long failures() {
    return failures.sum();
  }

  /**
   * The next letter of the output that an operator wants sent again; null where there is none, or
   * no memory for it now.
   */
  public @Nullable Replay nextReplay(String output, ReplayMemory memory) {
    lock.lock();
    try {
      Replays.Taken taken = closed ? null : replays.next(output, memory);
      return taken == null
          ? null
          : new Replay(taken.id(), taken.batch(), arrived -> settle(taken, arrived));
    } catch (IOException e) {
      LOG.warn("[{}] cannot read a dead letter now: {}", output, e.toString());
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void settle(Replays.Taken taken, boolean arrived) {
    lock.lock();
    try {
      if (!closed) {
        replays.settle(taken, arrived);
      }
    } catch (IOException e) {
      LOG.warn("dead letter {} was replayed and cannot be removed: {}", taken.id(), e.toString());
    } finally {
      usage = store.usage();
      lock.unlock();
    }
  }

  /** Ends. Letters on their way are there again at the next start. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        closing.signalAll();
        try {
          store.close();
        } finally {
          held.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
