package io.logboom.input.tail;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads open files in turn, a slab's worth each, into the open batch. One thread calls it; the
 * watcher brings files with {@link #follow}.
 */
final class Reader {
  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** The longest time that the reader need not look at anything. */
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int MOST_FAULTS = 3;
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long NANOS_PER_IDLE_FILE = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long LEAST_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long MOST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final String instance;
  private final OpenBatch open;
  private final LineReader lines;
  private final ReaderSettings settings;
  private final TailCounters counters;
  private final Said said;
  private final Overdue overdue;
  private final Queue<TailedFile> arrivals = new ConcurrentLinkedQueue<>();
  private final List<TailedFile> files = new ArrayList<>();
  private long nextLookNanos;
  private long nextFlushNanos;
  private final Silence silence = new Silence();

  /**
   * @param batchNanos how long a record waits for company
   * @param rotateWaitNanos how long a file that is gone is watched for late writes
   * @param partialNanos how long a record may wait for its next piece
   * @param flushNanos how often records that wait are looked at
   */
  record ReaderSettings(
      long batchNanos, long rotateWaitNanos, long partialNanos, long flushNanos) {}

  /** What to do where a record cannot be put together. */
  private final class Trouble implements Overdue.Trouble {
    @Override
    public void unreadable(TailedFile file, long now, IOException e) {
      trouble(file, now, e);
    }

    @Override
    public void defect(TailedFile file, long now, RuntimeException e) {
      fault(file, now, e);
    }
  }

  Reader(
      String instance,
      OpenBatch open,
      LineReader lines,
      ReaderSettings settings,
      TailCounters counters,
      Said said,
      Waiting waiting) {
    this.instance = instance;
    this.open = open;
    this.lines = lines;
    this.settings = settings;
    this.counters = counters;
    this.said = said;
    this.overdue = new Overdue(lines, settings, files, waiting, counters, new Trouble());
  }

  /**
   * For the watcher: a file to read from now on. Its {@link TailedFile#state} is the reader's then.
   */
  void follow(TailedFile file) {
    arrivals.add(file);
  }

  /** How many records wait for their last piece. */
  int pendingRecords() {
    return overdue.pendingRecords();
  }

  /**
   * One turn for each file that may have something.
   *
   * @return for how long nothing need be done; 0 where more is there to read
   */
  long step(long now) throws InterruptedException {
    silence.begin(now);
    try {
      return turns(now);
    } finally {
      silence.end();
    }
  }

  private long turns(long now) throws InterruptedException {
    takeArrivals(now);
    boolean progress = false;
    boolean again = false;
    nextLookNanos = now + TICK_NANOS;
    for (int i = 0; i < files.size(); i++) {
      TailedFile file = files.get(i);
      if (file.isGivenUp()) {
        drop(file);
      } else if (file.state.nextLookNanos - now <= 0) {
        progress |= look(file, now);
        overdue.relieve(now);
      }
      if (nextLookNanos - file.state.nextLookNanos > 0) {
        nextLookNanos = file.state.nextLookNanos;
      }
      again |= file.ledger().failed();
      if (file.isClosed()) {
        files.remove(i--);
      }
    }
    silence.again(again);
    if (now - nextFlushNanos >= 0) {
      overdue.flush(now);
      nextFlushNanos = now + settings.flushNanos();
    }
    if (open.age(now) >= settings.batchNanos()) {
      open.seal();
    }
    if (progress) {
      silence.broken(now);
      return 0;
    }
    open.dropEmpty();
    long wait = Math.max(1, nextLookNanos - now);
    long age = open.age(now);
    return age == 0 ? wait : Math.clamp(settings.batchNanos() - age, 1, wait);
  }

  /**
   * For how long all files have been read to their end and none has grown; 0 while there is
   * something to read, or to read again. Any thread may ask.
   */
  long quietNanos(long now) {
    return arrivals.isEmpty() ? silence.nanos(now) : 0;
  }

  /** No file will grow any more: reads them to their ends, and lets nothing wait. */
  void conclude(long now) throws InterruptedException {
    boolean progress = true;
    while (progress) {
      takeArrivals(now);
      progress = false;
      for (TailedFile file : List.copyOf(files)) {
        progress |= !file.isClosed() && !file.isGivenUp() && look(file, now);
      }
    }
    for (TailedFile file : files) {
      try {
        if (!file.isClosed() && !file.isTruncated() && !file.isGivenUp()) {
          lines.lastLine(file, now);
        }
      } catch (ClosedByInterruptException e) {
        throw new InterruptedException();
      } catch (IOException e) {
        trouble(file, now, e);
      } catch (RuntimeException e) {
        fault(file, now, e);
      }
    }
    overdue.flushAll(now);
  }

  /** Gives away what is open. */
  void finish() throws InterruptedException {
    open.seal();
    open.dropEmpty();
  }

  /** How many files it reads. */
  int files() {
    return files.size() + arrivals.size();
  }

  /** Reading it was given up by the watcher: what waits for its next piece in it is lost, too. */
  private void drop(TailedFile file) {
    counters.skippedDeleted.add(file.lineage().drop(file));
    close(file);
  }

  private void takeArrivals(long now) {
    for (TailedFile file = arrivals.poll(); file != null; file = arrivals.poll()) {
      TailedFile old = file.state.replaces;
      if (old != null) {
        replace(old, file);
      }
      file.state.nextLookNanos = now;
      file.state.grownNanos = now;
      silence.broken(now);
      files.add(file);
    }
  }

  /** The old file's bytes are gone from where they were; {@code next} may have them. */
  private void replace(TailedFile old, TailedFile next) {
    files.remove(old);
    next.state.replaces = null;
    if (next.position() > 0) {
      old.lineage().move(old, next);
    } else {
      counters.skippedTruncated.add(old.lineage().drop(old));
    }
  }

  /** Whether bytes were taken in. */
  @SuppressWarnings(
      "ReferenceEquality") // whether it is the file that was read, not another in its place
  private boolean look(TailedFile file, long now) throws InterruptedException {
    Content content = file.content();
    try {
      boolean progress = turn(file, now);
      file.failed(false);
      if (progress) {
        file.state.grownNanos = now;
        file.state.nextLookNanos = now;
      } else {
        file.state.nextLookNanos = now + pause(now - file.state.grownNanos);
      }
      return progress;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException();
    } catch (IOException e) {
      if (content == file.content() && !isAnyGivenUp(file.lineage())) {
        trouble(file, now, e);
      }
      return false;
    } catch (RuntimeException e) {
      fault(file, now, e);
      return false;
    }
  }

  /** Whether the watcher closed a file that a record may have had its start in. */
  private boolean isAnyGivenUp(Lineage lineage) {
    for (TailedFile each : files) {
      if (each.lineage() == lineage && each.isGivenUp()) {
        return true;
      }
    }
    return false;
  }

  /** A defect of ours. Where trying again does not help, the lines are taken in as they are. */
  private void fault(TailedFile file, long now, RuntimeException e) {
    counters.faults.add(1);
    file.ledger().fail();
    boolean raw = ++file.state.faults % MOST_FAULTS == 0;
    if (raw) {
      file.state.rawTo = file.position() + lines.mostAtOnce();
    }
    LOG.error(
        "{}: a fault in reading {} at byte {}; the others go on, and {}",
        instance,
        file,
        file.position(),
        raw ? "the lines there are taken in as they are" : "it is read again",
        e);
    file.state.nextLookNanos = now;
  }

  /** How long to leave a file alone that has nothing: longer where it has had nothing for long. */
  private long pause(long quietNanos) {
    return quietNanos < FRESH_NANOS
        ? TICK_NANOS
        : Math.clamp(files.size() * NANOS_PER_IDLE_FILE, LEAST_IDLE_NANOS, MOST_IDLE_NANOS);
  }

  private void trouble(TailedFile file, long now, IOException e) {
    counters.openFailures.add(1);
    file.failed(true);
    file.state.nextLookNanos = now + RETRY_NANOS;
    if (said.first("read " + file.path())) {
      LOG.error(
          "{}: {} cannot be read at byte {}: {}; {}",
          instance,
          file,
          file.position(),
          String.valueOf(e.getMessage()),
          file.content().isFinal() ? "the rest of it is given up" : "tried again every 5 s");
    }
    if (file.content().isFinal()) {
      close(file);
    }
  }

  private boolean turn(TailedFile file, long now) throws IOException, InterruptedException {
    if (file.isTruncated() || !mayStart(file)) {
      return false;
    }
    if (file.ledger().failed() && !rewind(file, now)) {
      return false;
    }
    long end = file.content().end();
    if (isTruncated(file, end)) {
      file.truncated(true);
      return false;
    }
    if (end != file.end()) {
      // Also where what was added is no complete line yet.
      silence.broken(now);
      file.end(end);
    }
    if (end > file.position()) {
      file.behindSinceNanos(file.behindSinceNanos() == 0 ? now : file.behindSinceNanos());
      if (lines.read(file, end, now)) {
        return true;
      }
    }
    file.behindSinceNanos(0);
    return isGoneFor(file, now) && finishOff(file, now);
  }

  /** The file before it at the same path is read first, as far as it goes. */
  private static boolean mayStart(TailedFile file) throws IOException {
    TailedFile before = file.state.before;
    if (before == null) {
      return true;
    }
    boolean through =
        before.isClosed()
            || before.isFailed()
            || before.isTruncated()
            || (before.isGone() && before.content().end() <= before.state.lookedAtEnd)
            || (before.isGone() && before.content().end() == before.position());
    if (through) {
      file.state.before = null;
    }
    return through;
  }

  /** Also a file that has grown to its old size, or past it, may have been begun anew. */
  static boolean isTruncated(TailedFile file, long end) throws IOException {
    Place place = file.place();
    return !file.content().isFinal()
        && (end < place.position() || !place.before().isBefore(file.content(), place.position()));
  }

  private boolean isGoneFor(TailedFile file, long now) {
    if (file.content().isFinal()) {
      return true;
    }
    if (!file.isGone()) {
      file.state.goneNanos = now;
      return false;
    }
    long since = Math.max(file.state.grownNanos - now, file.state.goneNanos - now);
    return -since >= settings.rotateWaitNanos();
  }

  /** Takes in a last line without its end, and closes the file once all is settled. */
  private boolean finishOff(TailedFile file, long now) throws IOException, InterruptedException {
    if (lines.lastLine(file, now)) {
      return true;
    }
    boolean read = file.position() >= file.content().end();
    if (read && !file.isPinned() && file.ledger().settled().position() == file.position()) {
      close(file);
    }
    return false;
  }

  private void close(TailedFile file) {
    try {
      file.content().close();
    } catch (IOException e) {
      LOG.debug("{}: closing {} failed", instance, file, e);
    }
    counters.closed.add(1);
    file.closed();
  }

  /** Goes back to what is settled, after a while that grows. Whether it did. */
  private boolean rewind(TailedFile file, long now) throws InterruptedException {
    TailedFile.ReadState state = file.state;
    if (state.rewindNanos == 0) {
      state.rewindNanos =
          now + Math.min(LONGEST_BACKOFF_NANOS, TimeUnit.SECONDS.toNanos(1L << state.rewinds));
      state.rewinds = Math.min(state.rewinds + 1, 5);
      return false;
    }
    if (state.rewindNanos - now > 0) {
      return false;
    }
    state.rewindNanos = 0;
    open.seal();
    counters.rereads.add(1);
    LOG.warn(
        "{}: {} is read again from byte {}", instance, file, file.ledger().settled().position());
    goBackTogether(file, now);
    return true;
  }

  /**
   * A record may stand in several files of a lineage: those that failed, or hold a part of one that
   * waits, go back at once, and are read in their order again.
   */
  private void goBackTogether(TailedFile file, long now) {
    Lineage lineage = file.lineage();
    TailedFile before = null;
    for (TailedFile each : files) {
      if (each.lineage() != lineage || each.isClosed()) {
        continue;
      }
      boolean again = each.ledger().failed();
      if (again || lineage.firstIn(each) < each.position()) {
        goBack(each, again ? each.ledger().settled() : each.safePlace(), now);
        each.state.before = before == null ? each.state.before : before;
        before = each;
      }
      if (again) {
        each.ledger(new Ledger(each.place()));
        each.state.rewindNanos = 0;
      }
    }
    lineage.clear();
  }

  private static void goBack(TailedFile file, Place place, long now) {
    if (place.position() == file.position()) {
      return;
    }
    file.place(place);
    file.state.skipping = false;
    file.state.searchedTo = 0;
    file.state.lookedAtEnd = -1;
    file.state.nextLookNanos = now;
  }
}
