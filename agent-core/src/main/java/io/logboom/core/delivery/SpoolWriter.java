package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.json.ByteSink;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.config.OutputBuffer.Overflow;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.spool.Append;
import io.logboom.core.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a queue cannot keep in memory to its spool, on a thread that begins with the first
 * need. What cannot be written waits, in memory, and is tried again: a disk in trouble and a defect
 * of the agent's own lose nothing.
 */
final class SpoolWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolWriter.class);
  private static final long TRY_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

  /** A working buffer that grew beyond this for one batch is not kept. */
  private static final int LARGE = 1 << 20;

  private final Spooler spooler;
  private final Spool spool;
  private final SpoolPolicy policy;
  private final BatchCodec encoder;
  private final OutputStats stats;
  private final OutputAccount account;
  private final LongAdder writtenBytes = new LongAdder();
  private ByteSink encoded = ByteSink.growing(4096);
  private volatile @Nullable String problem;
  private volatile @Nullable Thread thread;
  private volatile boolean ended;

  SpoolWriter(
      Spooler spooler,
      Spool spool,
      SpoolPolicy policy,
      BatchCodec encoder,
      OutputStats stats,
      OutputAccount account) {
    this.spooler = spooler;
    this.spool = spool;
    this.policy = policy;
    this.encoder = encoder;
    this.stats = stats;
    this.account = account;
  }

  /** Begins to write what the queue has for it. Under the queue's lock. */
  void start(OutputQueue queue) {
    if (thread == null) {
      Thread made =
          Thread.ofPlatform().name("spool-" + stats.name()).daemon().unstarted(() -> run(queue));
      try {
        made.start();
        thread = made;
      } catch (OutOfMemoryError e) {
        // No more threads; whoever comes next tries again.
        defect(e);
      }
    }
  }

  boolean isWorking() {
    return !ended;
  }

  long writtenBytes() {
    return writtenBytes.sum();
  }

  /** What stands in the way of writing, with its reason; null where nothing does. */
  @Nullable String problem() {
    return problem;
  }

  void unneeded() {
    if (problem != null && !ended) {
      LOG.info("[{}] nothing waits in memory for the spool any more", stats.name());
      problem = null;
    }
  }

  private void run(OutputQueue queue) {
    int defects = 0;
    try {
      while (true) {
        try {
          List<Queued> group = queue.toWrite();
          if (group == null) {
            return;
          }
          write(group, queue);
          defects = 0;
        } catch (RuntimeException e) {
          defect(e);
          queue.takeBack();
          pause(queue, Math.min(MOST_PAUSE_NANOS, TRY_AGAIN_NANOS << Math.min(defects++, 10)));
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("[{}] the spool's writer was interrupted", stats.name());
    } catch (Error e) {
      // Nothing that waiting mends.
      ended = true;
      defect(e);
      throw e;
    }
  }

  private void defect(Throwable e) {
    stats.defects.increment();
    problem = "a defect keeps the spool from being written: " + e;
    LOG.error("[{}] a defect keeps the spool from being written", stats.name(), e);
  }

  private static void pause(OutputQueue queue, long nanos) throws InterruptedException {
    long left = nanos;
    while (left > 0 && !queue.isClosing()) {
      park(Math.min(left, TRY_AGAIN_NANOS));
      left -= TRY_AGAIN_NANOS;
    }
  }

  private static void park(long nanos) throws InterruptedException {
    LockSupport.parkNanos(nanos);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Some of the group may be in the spool already, not yet durable: a defect came between. */
  private void write(List<Queued> group, OutputQueue queue) throws InterruptedException {
    int from = 0;
    while (from < group.size()) {
      int upTo = from;
      Append stopped = null;
      RuntimeException defect = null;
      while (upTo < group.size() && stopped == null && defect == null && spooler.mayKeepUntold()) {
        try {
          stopped = group.get(upTo).isSpooled() ? null : append(group.get(upTo));
          upTo += stopped == null ? 1 : 0;
        } catch (RuntimeException e) {
          defect = e;
        }
      }
      List<Queued> appended = group.subList(from, upTo);
      if (!appended.isEmpty() && !sync(appended, queue)) {
        stopped = null;
      } else {
        from = upTo;
      }
      if (defect != null) {
        throw defect;
      }
      if (from < group.size() && !spooler.mayKeepUntold()) {
        say("as many batches wait in the spool for the receiver as ack: delivered may have there");
      }
      if (stopped != null && givesWay(stopped, group.get(from), queue)) {
        from += group.get(from).writing ? 0 : 1;
      } else if (from < group.size()) {
        if (queue.takeBack()) {
          return;
        }
        park(TRY_AGAIN_NANOS);
      }
    }
    problem = null;
  }

  /** Null where it is in the spool now; else what stands in the way. */
  private @Nullable Append append(Queued each) {
    Batch batch = each.batch();
    int records = batch.liveRecords();
    int flags = spooler.settlesSources() ? Spooler.TOLD : 0;
    if (encoded.array().length > LARGE) {
      encoded = ByteSink.growing(4096);
    }
    encoded.position(0);
    encoder.encode(batch, encoded);
    byte[] bytes = encoded.array();
    int count = encoded.position();
    Append done =
        each.counted
            ? spool.append(bytes, 0, count, records, flags)
            : spool.appendHeld(bytes, 0, count, records, flags);
    if (!(done instanceof Append.Appended(long sequence))) {
      return done;
    }
    each.sequence = sequence;
    each.entry = batch;
    spooler.appended(sequence, each.holder());
    spooler.unbooked(each.counted ? records : 0);
    writtenBytes.add(count);
    return null;
  }

  private boolean sync(List<Queued> appended, OutputQueue queue) {
    try {
      spool.sync(appended.getLast().sequence);
    } catch (IOException e) {
      say("the disk does not take it: " + e.getMessage());
      for (Queued each : appended) {
        spooler.revoked(each.sequence);
        each.sequence = Queued.IN_MEMORY;
        spooler.unbooked(each.counted ? -each.batch().liveRecords() : 0);
      }
      return false;
    }
    for (Queued each : appended) {
      if (each.counted) {
        account.spooled(each.batch());
        spooler.unbooked(-each.batch().liveRecords());
      }
    }
    queue.written(appended, spooler.settlesSources());
    return true;
  }

  /**
   * Makes room as the overflow policy says.
   *
   * @return false where that is to wait
   */
  private boolean givesWay(Append stopped, Queued next, OutputQueue queue)
      throws InterruptedException {
    switch (stopped) {
      case Append.Full(Append.Cap cap) -> {
        if (policy.overflow() == Overflow.DROP_OLDEST
            && cap != Append.Cap.NEVER_FITS
            && spooler.dropOldest()) {
          return true;
        }
        if (policy.overflow() != Overflow.BLOCK) {
          return dropNewest(next, queue);
        }
        say(cap == Append.Cap.TOTAL ? "buffer.spool_limit is reached" : "the spool is full");
        return false;
      }
      case Append.Failed(Append.Reason reason, IOException cause) -> {
        say(
            reason == Append.Reason.DISK_FULL
                ? "the disk is full"
                : "the disk does not take it: " + cause.getMessage());
        return false;
      }
      case Append.Appended _ -> {
        return true;
      }
    }
  }

  private boolean dropNewest(Queued newest, OutputQueue queue) {
    if (!queue.giveUp(newest)) {
      return true;
    }
    spooler.drop(newest, "newest", Fate.OVERFLOW_NEWEST);
    return true;
  }

  private void say(String why) {
    if (!why.equals(problem)) {
      LOG.warn(
          "[{}] records wait in memory, since the spool cannot be written: {}", stats.name(), why);
    }
    problem = why;
  }

  /** Lets the thread end, until the deadline; nothing is written afterwards. */
  void close(long deadlineNanos) {
    Thread running = thread;
    if (running != null) {
      try {
        long left = Math.max(LAST_MOMENT.toNanos(), deadlineNanos - System.nanoTime());
        if (!running.join(Duration.ofNanos(left))) {
          running.interrupt();
          running.join(LAST_MOMENT);
        }
      } catch (InterruptedException e) {
        running.interrupt();
        Thread.currentThread().interrupt();
      }
    }
  }
}
