package io.logboom.input.tail;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives away records that have waited long enough for their last piece or their next line, and the
 * oldest ones where too much waits. The reader's alone, but for the gauge.
 */
final class Overdue {
  private static final int[] LINE_STREAMS = {Origins.STDOUT, Origins.STDERR, Origins.PLAIN};
  private static final int[] STREAMS = {Origins.STDOUT, Origins.STDERR};

  private final LineReader lines;
  private final Reader.ReaderSettings settings;
  private final List<TailedFile> files;
  private final Waiting waiting;
  private final TailCounters counters;
  private final Trouble trouble;
  private volatile int pending;

  /** Is told where a record cannot be put together. */
  interface Trouble {
    void unreadable(TailedFile file, long now, IOException e);

    void defect(TailedFile file, long now, RuntimeException e);
  }

  /** A record that waits. */
  private record Waiter(TailedFile file, int stream, Partial pieces, boolean several) {}

  /**
   * @param files those that are read, as they are at each call
   */
  Overdue(
      LineReader lines,
      Reader.ReaderSettings settings,
      List<TailedFile> files,
      Waiting waiting,
      TailCounters counters,
      Trouble trouble) {
    this.lines = lines;
    this.settings = settings;
    this.files = files;
    this.waiting = waiting;
    this.counters = counters;
    this.trouble = trouble;
  }

  /** How many records wait for their last piece. */
  int pendingRecords() {
    return pending;
  }

  /** A record whose last piece, or next line, does not come is given away as it is. */
  void flush(long now) throws InterruptedException {
    int count = 0;
    for (TailedFile file : files) {
      Lineage lineage = file.lineage();
      for (int stream : STREAMS) {
        Partial partial = lineage.partial(stream);
        if (partial.isEmpty() || partial.file(0) != file) {
          continue;
        }
        count++;
        if (now - partial.grownNanos() > settings.partialNanos()) {
          give(new Waiter(file, stream, partial, false), now);
        }
      }
      if (lineage.hasLines()) {
        count += flushLines(file, lineage, now);
      }
    }
    pending = count;
  }

  private int flushLines(TailedFile file, Lineage lineage, long now) throws InterruptedException {
    int count = 0;
    for (int stream : LINE_STREAMS) {
      Partial record = lineage.lines(stream);
      if (record.isEmpty() || record.file(0) != file) {
        continue;
      }
      count++;
      boolean inLine = stream != Origins.PLAIN && !lineage.partial(stream).isEmpty();
      if (!inLine && now - record.grownNanos() > record.timeoutNanos() && !isUnread(lineage, now)) {
        give(new Waiter(file, stream, record, true), now);
      }
    }
    return count;
  }

  /** Whether the next line may be there already: it was the agent that waited. */
  private boolean isUnread(Lineage lineage, long now) {
    for (TailedFile each : files) {
      if (each.lineage() != lineage || each.isFailed() || each.isClosed()) {
        continue;
      }
      try {
        long end = each.content().end();
        if (each.isTruncated()
            || Reader.isTruncated(each, end)
            || (end > each.position() && end != each.state.lookedAtEnd)) {
          each.state.nextLookNanos = now;
          return true;
        }
      } catch (IOException e) {
        trouble.unreadable(each, now, e);
      }
    }
    return false;
  }

  /** Where too much waits, what has waited longest goes as it is, marked as cut. */
  void relieve(long now) throws InterruptedException {
    while (waiting.isTooMuch()) {
      Waiter oldest = oldest();
      if (oldest == null) {
        return;
      }
      oldest.pieces.cut();
      give(oldest, now);
      if (!oldest.pieces.isEmpty()) {
        return;
      }
      counters.recordsGivenAway.add(1);
    }
  }

  /** All that waits goes as it is. */
  void flushAll(long now) throws InterruptedException {
    for (Waiter next = oldest(); next != null; next = oldest()) {
      give(next, now);
      if (!next.pieces.isEmpty()) {
        return;
      }
    }
  }

  private @Nullable Waiter oldest() {
    Waiter oldest = null;
    for (TailedFile file : files) {
      Lineage lineage = file.lineage();
      for (int stream : LINE_STREAMS) {
        oldest = lineage.hasLines() ? older(oldest, file, stream, true) : oldest;
        oldest = stream == Origins.PLAIN ? oldest : older(oldest, file, stream, false);
      }
    }
    return oldest;
  }

  private static @Nullable Waiter older(
      @Nullable Waiter than, TailedFile file, int stream, boolean several) {
    Lineage lineage = file.lineage();
    Partial pieces = several ? lineage.lines(stream) : lineage.partial(stream);
    boolean is =
        !pieces.isEmpty()
            && pieces.file(0) == file
            && (than == null || pieces.beganNanos() - than.pieces.beganNanos() < 0);
    return is ? new Waiter(file, stream, pieces, several) : than;
  }

  private void give(Waiter record, long now) throws InterruptedException {
    try {
      lines.flush(record.file, record.stream, record.several, now);
    } catch (IOException e) {
      counters.skippedUnreadable.add(record.pieces.bytes());
      record.pieces.clear();
      trouble.unreadable(record.file, now, e);
    } catch (RuntimeException e) {
      trouble.defect(record.file, now, e);
    }
  }
}
