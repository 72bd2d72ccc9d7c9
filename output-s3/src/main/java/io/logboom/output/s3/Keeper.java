package io.logboom.output.s3;

import io.logboom.api.disk.LocalDisk;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.output.s3.Staged.Coding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that opens the staging directory, has its log go to objects, and objects go to S3. A
 * platform thread: it compresses, which would keep a carrier of virtual threads from all others.
 */
final class Keeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long SEGMENT_BYTES = 8 << 20;
  private static final long SMALL_TOTAL = 10 << 20;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SAY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final S3Config config;
  private final Context context;
  private final KeyFormat keys;
  private final S3Api api;
  private final Path directory;
  private final Runnable onOpen;
  private final Meters meters;
  private final Counter objects;
  private final Counter parts;
  private final Counter uploaded;
  private final Counter failures;
  private final Counter torn;
  private final Counter damaged;

  private volatile @Nullable Staging staging;
  private volatile @Nullable Uploads uploads;
  private volatile @Nullable Thread thread;
  private volatile String problem = "the staging directory is not open yet";
  private volatile boolean concluding;
  private volatile boolean concluded;
  private volatile boolean closed;
  private long saidNanos = System.nanoTime() - SAY_NANOS;
  private long damagedCounted;
  private long charged;

  /**
   * @param onOpen called once, when records can be staged
   */
  Keeper(
      S3Config config,
      Context context,
      KeyFormat keys,
      S3Api api,
      Path directory,
      Runnable onOpen) {
    this.config = config;
    this.context = context;
    this.keys = keys;
    this.api = api;
    this.directory = directory;
    this.onOpen = onOpen;
    this.meters = context.meters();
    this.objects = meters.counter(S3Meter.OBJECTS);
    this.parts = meters.counter(S3Meter.PARTS);
    this.uploaded = meters.counter(S3Meter.UPLOADED);
    this.failures = meters.counter(S3Meter.UPLOAD_FAILURES);
    this.torn = meters.counter(S3Meter.TORN);
    this.damaged = meters.counter(S3Meter.DAMAGED);
  }

  void start() {
    Thread made =
        Thread.ofPlatform().daemon().name("s3-staging-" + context.name()).unstarted(this::run);
    thread = made;
    made.start();
  }

  /** Where records are staged; null until it is open. */
  @Nullable Staging staging() {
    return staging;
  }

  /** Why it is not. */
  String problem() {
    return problem;
  }

  /** There may be something to do. */
  void wake() {
    LockSupport.unpark(thread);
  }

  private void run() {
    try {
      while (!closed) {
        if (staging == null) {
          open();
        }
        Staging open = staging;
        if (open != null) {
          turn(open);
        }
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
    } catch (RuntimeException e) {
      LOG.error("[{}] staging ended unexpectedly; records wait", context.name(), e);
      problem = "staging ended unexpectedly: " + e;
      throw e;
    }
  }

  private void open() {
    long partBytes = config.objects().uploadChunkSize().bytes();
    boolean whole =
        config.objects().usePutObject() || config.objects().totalFileSize().bytes() < SMALL_TOTAL;
    try {
      Staging made =
          new Staging(
              new Staging.Settings(
                  keys,
                  Coding.valueOf(config.contents().compression().name()),
                  config.objects().totalFileSize().bytes(),
                  config.objects().uploadTimeout(),
                  config.store().storeDirLimitSize().bytes(),
                  SEGMENT_BYTES,
                  whole ? Long.MAX_VALUE : partBytes),
              directory,
              new LocalDisk(),
              context.clock());
      torn.add(made.tornBytes());
      Told told = new Told();
      Upload.Settings how = new Upload.Settings(partBytes, whole, keys.isUnique());
      uploads =
          new Uploads(context.name(), made, new Upload(made, api, how, told), told, this::wake);
      meters.gauge(S3Meter.STAGED, made::bytes);
      meters.gauge(S3Meter.STAGED_OBJECTS, made::objects);
      meters.gauge(S3Meter.OLDEST, () -> oldestSeconds(made));
      meters.gauge(S3Meter.REFUSED, () -> refusal() == null ? 0 : 1);
      if (!made.isEmpty()) {
        LOG.info(
            "[{}] {} bytes of an earlier life wait in {} for their upload",
            context.name(),
            made.bytes(),
            directory);
      }
      staging = made;
      onOpen.run();
    } catch (IOException e) {
      String why = "the staging directory cannot be opened: " + e.getMessage();
      if (!why.equals(problem) && !(e instanceof Staging.NoRoomException)) {
        LOG.error("[{}] {}; nothing is taken until it can be", context.name(), why);
      }
      problem = why;
    }
  }

  private double oldestSeconds(Staging of) {
    long oldest = of.oldestMillis();
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, context.clock().millis() - oldest) / 1e3;
  }

  private @Nullable String refusal() {
    Uploads now = uploads;
    return now == null ? null : now.refusal();
  }

  private void turn(Staging open) {
    boolean all = concluding;
    try {
      open.turn(all);
      if (all) {
        concluded = true;
      }
    } catch (IOException e) {
      say("records in the log cannot go to objects, and stay there: " + e.getMessage(), false);
      concluded = all;
    }
    charge(open.heldBytes());
    if (open.damagedBytes() > damagedCounted) {
      damaged.add(open.damagedBytes() - damagedCounted);
      damagedCounted = open.damagedBytes();
    }
    Uploads now = uploads;
    if (now != null && !closed) {
      now.begin();
      String refused = now.refusal();
      if (refused != null) {
        say(refused, true);
      }
    }
  }

  /** Counts what it holds in memory towards the agent's budget. */
  private void charge(long held) {
    context.batches().charge(held - charged);
    charged = held;
  }

  /** At most once a minute. */
  private synchronized void say(String what, boolean operator) {
    long now = System.nanoTime();
    if (now - saidNanos < SAY_NANOS) {
      return;
    }
    saidNanos = now;
    Staging open = staging;
    long bytes = open == null ? 0 : open.bytes();
    if (operator) {
      LOG.error(
          "[{}] uploads are refused; nothing is lost, and {} bytes wait in {} until this is mended:"
              + " {}",
          context.name(),
          bytes,
          directory,
          what);
    } else {
      LOG.warn(
          "[{}] not uploaded yet, and tried again; {} bytes wait in {}: {}",
          context.name(),
          bytes,
          directory,
          what);
    }
  }

  /** Whether all that there was is uploaded, or cannot be at present. */
  boolean conclude() {
    Staging open = staging;
    Uploads now = uploads;
    if (open == null || now == null) {
      return true;
    }
    if (!concluding) {
      concluding = true;
      wake();
    }
    return concluded && !now.isBusy() && (open.isEmpty() || now.isStuck());
  }

  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running != null) {
      wake();
      try {
        if (!running.join(java.time.Duration.ofSeconds(10))) {
          LOG.warn("[{}] staging does not end within 10 seconds", context.name());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Uploads now = uploads;
    if (now != null) {
      now.close();
    }
    Staging open = staging;
    if (open != null) {
      if (!open.isEmpty()) {
        LOG.info(
            "[{}] {} bytes stay in {} for the next start", context.name(), open.bytes(), directory);
      }
      for (S3Meter gauge :
          new S3Meter[] {S3Meter.STAGED, S3Meter.STAGED_OBJECTS, S3Meter.OLDEST, S3Meter.REFUSED}) {
        meters.remove(gauge);
      }
      open.close();
    }
    charge(0);
    api.close();
  }

  /** Counts and tells what uploads do. */
  private final class Told implements Upload.Listener, Uploads.Listener {
    @Override
    public void part() {
      parts.add(1);
    }

    @Override
    public void uploaded(long bytes) {
      objects.add(1);
      uploaded.add(bytes);
    }

    @Override
    public void failed(String why, boolean operator) {
      failures.add(1);
      say(why, operator);
    }

    @Override
    public void cannotLookForUploads(String why) {
      LOG.warn(
          "[{}] a multipart upload that a crash may have left cannot be looked for; a lifecycle"
              + " rule of the bucket can end it: {}",
          context.name(),
          why);
    }
  }
}
