package io.logboom.input.tail;

import io.logboom.api.batch.Batches;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Backlog;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one tail input, put together, without threads. {@link #watch} and {@link
 * #checkpoint} are the watcher thread's, {@link #read} and {@link #finishReading} the reader's,
 * {@link #awaitMoves} and {@link #journal} the journal's.
 */
final class TailParts {
  private static final Logger LOG = LoggerFactory.getLogger(TailParts.class);
  private static final long AGE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long PARTIAL_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long MOST_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  // File systems keep times more coarsely than the clock.
  private static final long FILE_TIME_MILLIS = 2000;
  private static final int RECORD_BYTES = 1 << 20;
  private static final int JOINED_BYTES = 2_000_000;
  private static final long MOST_FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int LOOKS_PER_WAIT = 8;

  private final TailConfig config;
  private final Context context;
  private final Batches batches;
  private final InstantSource clock;
  private final TailCounters counters;
  private final Said said = new Said();
  private final Framers framers;
  private final Book book = new Book();
  private final Positions positions;
  private final DeletedFiles deleted;
  private final long sinceMillis;
  private final boolean firstStart;
  private final Watcher.Wanted wanted;
  private final WatchSettings watchSettings;
  private @Nullable Watcher watcher;
  private @Nullable Reader reader;
  private @Nullable DirectoryWatch directories;
  private long nextAgeNanos;
  private volatile boolean concluding;

  private TailParts(
      TailConfig config, Context context, Framers framers, Map<String, String> environment)
      throws StartException {
    this.config = config;
    this.context = context;
    this.batches = context.batches();
    this.clock = context.clock();
    this.counters = new TailCounters(context.meters());
    this.framers = framers;
    Path db = config.remembering().db();
    Path path = db != null ? db : context.stateDirectory().resolve("positions");
    this.positions = new Positions(context.name(), path, book, counters, said);
    Positions.Saved known = positions.load(clock.millis());
    if (known != null) {
      book.restore(known.files());
    }
    this.deleted =
        new DeletedFiles(
            context.name(),
            book,
            config.reading().deletedFilesLimit().bytes(),
            context.meters(),
            counters);
    this.firstStart = known == null;
    this.sinceMillis = (known == null ? clock.millis() : known.millis()) - FILE_TIME_MILLIS;
    this.wanted = wanted(config, context.name());
    this.watchSettings = watchSettings(config.finding(), environment);
  }

  static TailParts of(TailConfig config, Context context, Map<String, String> environment)
      throws StartException {
    return new TailParts(config, context, Framers.of(config, context), environment);
  }

  private static Watcher.Wanted wanted(TailConfig config, String instance) {
    String home = System.getProperty("user.home", "");
    List<FilePattern> patterns = new ArrayList<>();
    for (String each : config.path()) {
      patterns.add(FilePattern.of(each, home));
    }
    String tag = config.tag();
    return new Watcher.Wanted(
        patterns,
        config.excludePath().stream().map(Wildcard::path).toList(),
        TagRule.of(tag == null ? instance : tag, config.tagRegex()));
  }

  private static WatchSettings watchSettings(
      TailConfig.Finding finding, Map<String, String> environment) {
    Duration check =
        finding.progressCheckInterval().compareTo(finding.watcherInterval()) < 0
            ? finding.progressCheckInterval()
            : finding.watcherInterval();
    String pod = environment.getOrDefault("POD_NAME", environment.get("HOSTNAME"));
    boolean known = finding.excludeOwnLog() && pod != null && !pod.isBlank();
    return new WatchSettings(
        finding.refreshInterval().toNanos(),
        check.toNanos(),
        finding.readFromHead(),
        finding.readNewlyDiscoveredFilesFromHead(),
        finding.ignoreOlder().toMillis(),
        finding.ignoreActiveOlderFiles(),
        known ? pod : null);
  }

  /** Makes what needs the pipeline. Once, before the threads. */
  void begin(Intake intake) {
    String name = context.name();
    TailConfig.Finding finding = config.finding();
    OpenBatch open = new OpenBatch(batches, intake, counters, positions.moves());
    LineReader lines =
        new LineReader(
            open,
            batches,
            framers.origins(),
            limits(),
            counters,
            framers.make(name, counters, said),
            framers.joining(),
            clock);
    Reader.ReaderSettings settings =
        new Reader.ReaderSettings(
            Math.min(context.flush().toNanos(), MOST_BATCH_NANOS),
            finding.rotateWait().toNanos(),
            Math.max(PARTIAL_NANOS, config.legacy().dockerModeFlush().toNanos()),
            Math.clamp(
                framers.shortestWait().toNanos() / LOOKS_PER_WAIT,
                Reader.TICK_NANOS,
                MOST_FLUSH_NANOS));
    Waiting waiting = new Waiting();
    Reader made = new Reader(name, open, lines, settings, counters, said, waiting);
    DirectoryWatch watch =
        DirectoryWatch.open(name, counters, finding.inotifyWatcher(), Path.of(""));
    Opener opener = new Opener(name, book, made::follow, counters, said);
    watcher =
        new Watcher(
            name,
            wanted,
            watchSettings,
            watch,
            book,
            opener,
            counters,
            said,
            sinceMillis,
            firstStart,
            waiting);
    reader = made;
    directories = watch;
    gauges(context.meters(), made);
  }

  private TailLimits limits() {
    TailConfig.Making making = config.making();
    int most = batches.largest() / 2;
    int line = (int) Math.min(config.reading().bufferMaxSize().bytes(), most);
    return new TailLimits(
        line,
        Math.min(Math.max(line, RECORD_BYTES), most),
        Math.min(JOINED_BYTES, most),
        making.skipLongLines() && !making.truncateLongLines(),
        making.skipEmptyLines());
  }

  private void gauges(Meters meters, Reader made) {
    meters.gauge(TailMeter.FILES, () -> book.open().size());
    meters.gauge(TailMeter.PARTIAL_RECORDS, made::pendingRecords);
    meters.gauge(
        TailMeter.LAG_BYTES, () -> book.open().stream().mapToLong(TailedFile::unreadBytes).sum());
    meters.gauge(
        TailMeter.LAG_SECONDS,
        () -> {
          long now = System.nanoTime();
          return book.open().stream()
              .mapToLong(TailedFile::behindSinceNanos)
              .filter(since -> since != 0)
              .mapToDouble(since -> (now - since) / 1e9)
              .max()
              .orElse(0);
        });
    meters.gauge(TailMeter.DELETED_BYTES, deleted::heldBytes);
    meters.gauge(TailMeter.DELETED_FILES, deleted::heldFiles);
  }

  /**
   * Looks at names, waiting up to {@code patience} for something to change.
   *
   * @return whether the reader has new files
   */
  boolean watch(long patience, long now) throws InterruptedException {
    Watcher known = watcher;
    if (known == null) {
      return false;
    }
    long before = counters.opened.count();
    known.step(patience, now, clock.millis());
    deleted.look(now);
    if (!positions.everSaved()) {
      // A crash from here on finds the files that were there, so that none is missed by rotation.
      positions.save(clock.millis());
    }
    return counters.opened.count() != before;
  }

  /** Saves positions where that is due. */
  void checkpoint(long now) {
    if (!positions.due(now)) {
      return;
    }
    if (nextAgeNanos - now <= 0) {
      nextAgeNanos = now + AGE_NANOS;
      book.age(clock.millis());
    }
    positions.save(clock.millis());
  }

  /** Waits until files are settled further, or {@link #wake} is called. */
  void awaitMoves() {
    positions.moves().await();
  }

  /** Ends a wait for files that are settled further. */
  void wake() {
    positions.moves().wake();
  }

  /** Writes down at once what is settled further. */
  void journal() {
    positions.journal(clock.millis());
  }

  /** One turn of reading; tells for how long nothing need be done. */
  long read(long now) throws InterruptedException {
    Reader known = reader;
    return known == null ? Reader.TICK_NANOS : known.step(now);
  }

  /** Hands over what is open; after {@link #conclude} all that there is. */
  void finishReading(long now) throws InterruptedException {
    Reader known = reader;
    if (known == null) {
      return;
    }
    if (concluding) {
      known.conclude(now);
    }
    known.finish();
  }

  /** The files will not grow any more. Any thread may say so. */
  void conclude() {
    concluding = true;
  }

  /** For how long nothing has been added to any file, and all is read. Any thread may ask. */
  long quietNanos(long now) {
    Reader known = reader;
    return known == null ? Long.MAX_VALUE : known.quietNanos(now);
  }

  /** What stands in the way; null where nothing does. Any thread may ask. */
  @Nullable String problem() {
    return positions.problem();
  }

  /** Takes note of a fault that no file is to blame for. */
  void fault(String in, RuntimeException e) {
    counters.faults.add(1);
    LOG.error("{}: a fault in {}; going on", context.name(), in, e);
  }

  /** Tells what each open file holds unread. Any thread may ask. */
  void backlog(Backlog to, long now) {
    for (TailedFile file : book.open()) {
      long since = file.behindSinceNanos();
      to.source(file.path(), file.unreadBytes(), since == 0 ? 0 : Math.max(0, now - since));
    }
  }

  /** Tells what of each open file is not settled. Any thread may ask. */
  void undelivered(Backlog to) {
    for (TailedFile file : book.open()) {
      long left = file.position() + file.unreadBytes() - file.ledger().settled().position();
      to.source(file.path(), Math.max(0, left), 0);
    }
  }

  /** Saves positions and closes everything. */
  void close() {
    if (watcher != null) {
      positions.save(clock.millis());
    }
    positions.close();
    if (directories != null) {
      directories.close();
    }
    for (TailedFile each : book.open()) {
      try {
        each.content().close();
      } catch (IOException e) {
        LOG.debug("{}: closing {} failed", context.name(), each, e);
      }
    }
  }
}
