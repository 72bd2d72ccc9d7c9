package io.logboom.output.s3;

import io.logboom.output.s3.UploadFailure.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Uploads what staging has ready: several objects at a time, each on a virtual thread, oldest
 * first. After a failure there is one at a time and a growing pause, until one succeeds. What
 * cannot be uploaded stays. Safe for all threads.
 */
final class Uploads {
  private static final int MOST_AT_ONCE = 4;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long OBJECT_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final String name;
  private final Staging staging;
  private final Upload upload;
  private final Listener listener;
  private final Runnable wake;

  // Under the monitor:
  private final Set<Thread> threads = new HashSet<>();
  private int failures;
  private long notBeforeNanos = System.nanoTime();
  private @Nullable String refusal;
  private boolean closed;

  /** Told of what becomes of objects. */
  interface Listener {
    void uploaded(long bytes);

    /**
     * It is tried again.
     *
     * @param operator whether somebody must mend something first
     */
    void failed(String why, boolean operator);
  }

  /**
   * @param wake called when there may be more to do
   */
  Uploads(String name, Staging staging, Upload upload, Listener listener, Runnable wake) {
    this.name = name;
    this.staging = staging;
    this.upload = upload;
    this.listener = listener;
    this.wake = wake;
  }

  /** Begins what can be begun; returns at once. */
  synchronized void begin() {
    long now = System.nanoTime();
    while (!closed
        && threads.size() < (failures > 0 ? 1 : MOST_AT_ONCE)
        && notBeforeNanos - now <= 0) {
      Staged object = staging.take(now);
      if (object == null) {
        return;
      }
      Thread thread =
          Thread.ofVirtual()
              .name("s3-upload-" + name + "-" + object.id)
              .unstarted(() -> run(object));
      threads.add(thread);
      thread.start();
    }
  }

  private void run(Staged object) {
    try {
      upload.run(object);
      synchronized (this) {
        failures = 0;
        refusal = null;
      }
      listener.uploaded(object.length);
    } catch (UploadFailure e) {
      failed(object, e);
    } catch (IOException | RuntimeException e) {
      failed(object, new UploadFailure(Kind.LATER, "the staging directory: " + e));
    } catch (InterruptedException e) {
      // The end. What was done is in the journal.
    } catch (Error e) {
      failed(object, new UploadFailure(Kind.LATER, "unexpected: " + e));
      throw e;
    } finally {
      staging.giveBack(object);
      synchronized (this) {
        threads.remove(Thread.currentThread());
      }
      wake.run();
    }
  }

  private void failed(Staged object, UploadFailure e) {
    boolean own = e.kind() == Kind.OBJECT;
    boolean operator = own || e.kind() == Kind.OPERATOR;
    long now = System.nanoTime();
    synchronized (this) {
      if (closed) {
        return;
      }
      if (own) {
        staging.delay(object, now + OBJECT_PAUSE_NANOS);
      } else {
        long pause = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(failures, 10));
        pause = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
        notBeforeNanos = now + Math.max(pause, e.notBefore().toNanos());
        failures++;
      }
      refusal = operator ? e.why() : null;
    }
    listener.failed(e.why(), operator);
  }

  /** Whether nothing can leave at present. */
  synchronized boolean isStuck() {
    return failures > 0 && threads.isEmpty() && notBeforeNanos - System.nanoTime() > 0;
  }

  synchronized boolean isBusy() {
    return !threads.isEmpty();
  }

  /** Why an operator must act; null where none must. */
  synchronized @Nullable String refusal() {
    return refusal;
  }

  /** Ends what is under way. What was done is in the journal. */
  void close() {
    List<Thread> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(threads);
    }
    all.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : all) {
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
