package io.logboom.input.tail;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import io.logboom.api.json.Swar;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stretch of one file into the open batch and lets the file's framer have its complete
 * lines. Knows what to do with a line that does not fit.
 */
final class LineReader {
  /** Below this much room a batch is given away instead of filled further. */
  private static final int LEAST_READ = 4 * 1024;

  /** What a runtime puts around a line's text. */
  private static final int AROUND = 1024;

  /** For lines that other framers fail at. */
  private static final Framer RAW = new RawFramer();

  private final OpenBatch open;
  private final Batches batches;
  private final Origins origins;
  private final TailLimits limits;
  private final TailCounters counters;
  private final Framer framer;
  private final @Nullable Joining joining;
  private final InstantSource clock;
  private final int longest;

  /**
   * @param framer for files that have shown no other format
   * @param joining makes records of several lines; null where each line is one
   */
  LineReader(
      OpenBatch open,
      Batches batches,
      Origins origins,
      TailLimits limits,
      TailCounters counters,
      Framer framer,
      @Nullable Joining joining,
      InstantSource clock) {
    this.open = open;
    this.batches = batches;
    this.origins = origins;
    this.limits = limits;
    this.counters = counters;
    this.framer = framer;
    this.joining = joining;
    this.clock = clock;
    this.longest = Math.min(limits.lineBytes() + AROUND, batches.largest() - 1);
  }

  /** The most bytes that are read at once. */
  int mostAtOnce() {
    return batches.usual();
  }

  /**
   * Takes in what fits into the open batch.
   *
   * @param end the file's size, more than its position
   * @return false where there is nothing but a line without its end
   */
  boolean read(TailedFile file, long end, long now) throws IOException, InterruptedException {
    if (file.state.skipping) {
      return skip(file, end, now);
    }
    if (end == file.state.lookedAtEnd) {
      return false;
    }
    long available = end - file.position();
    if (open.lacks(Math.min(available, LEAST_READ))) {
      open.seal();
    }
    sampleHead(file, end);
    Batch batch = open.get();
    int from = batch.limit();
    int want = (int) Math.min(batch.free(), available);
    int n = file.content().read(batch.bytes(), from, want, file.position());
    if (n == 0) {
      return false;
    }
    int nul = leadingNul(batch.bytes(), from, from + n);
    if (nul > 0) {
      counters.skippedNul.add(nul);
      move(file, file.position() + nul, now);
      return true;
    }
    int to = lastLineEnd(batch.bytes(), from, from + n);
    if (to == from) {
      boolean all = n < want || n == available;
      return unfinished(file, batch, n, all, end, now);
    }
    batch.advance(to - from);
    frame(file, batch, from, to, now);
    return true;
  }

  private void sampleHead(TailedFile file, long end) throws IOException {
    int known = file.head().length();
    boolean more = file.content().isFinal() ? known == 0 : end > known;
    if (known < Sample.HEAD && more) {
      file.head(Sample.head(file.content()));
    }
  }

  /** Frames complete lines that lie in {@code [from, to)} of the batch. */
  private void frame(TailedFile file, Batch batch, int from, int to, long now)
      throws IOException, InterruptedException {
    long position = file.position();
    Region region =
        new Region(
            file,
            open,
            batch,
            origins,
            limits,
            counters,
            joining,
            from,
            to,
            position,
            wallNanos(),
            now);
    int at;
    int before = batch.size();
    try {
      at = frame(file, region, from, to);
    } catch (IOException | RuntimeException e) {
      // What it left behind, here and among pieces, is read again from what is settled.
      for (int i = before; i < batch.size(); i++) {
        batch.drop(i);
      }
      file.ledger().fail();
      throw e;
    }
    if (at > from) {
      byte[] bytes = region.bytes();
      int tail = Math.min(Sample.TAIL, at - from);
      long next = position + (at - from);
      Taken taken = file.place().taken().at(next);
      file.place(new Place(next, Sample.of(bytes, at - tail, tail), taken));
      file.state.searchedTo = 0;
      open.took(file, at - from, now);
    }
    if (at < to) {
      open.seal();
    }
  }

  private int frame(TailedFile file, Region region, int from, int to) throws IOException {
    if (file.position() < file.state.rawTo) {
      return RAW.frame(region, from, to);
    }
    if (file.state.framer == null) {
      file.state.framer = framer;
    }
    int at = from;
    Framer used = null;
    while (at < to && !Objects.equals(used, file.state.framer)) {
      used = file.state.framer;
      at = used.frame(region, at, to);
    }
    return at;
  }

  private long wallNanos() {
    Instant instant = clock.instant();
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /** Moves on without records. */
  private void move(TailedFile file, long position, long now) throws IOException {
    long bytes = position - file.position();
    Taken taken = file.place().taken().at(position);
    file.place(new Place(position, Sample.before(file.content(), position), taken));
    file.state.searchedTo = 0;
    open.took(file, bytes, now);
  }

  private static int leadingNul(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] == 0) {
      i++;
    }
    return i - from;
  }

  private static int lastLineEnd(byte[] bytes, int from, int to) {
    int i = to;
    while (i > from && bytes[i - 1] != '\n') {
      i--;
    }
    return i;
  }

  /** What was read has no end of line. */
  private boolean unfinished(
      TailedFile file, Batch batch, int read, boolean all, long end, long now)
      throws IOException, InterruptedException {
    if (all && read <= longest) {
      file.state.lookedAtEnd = file.position() + read;
      return false;
    }
    if (!all && batch.limit() > 0) {
      open.seal();
      return true;
    }
    return longLine(file, batch, read, end, now);
  }

  /** A line longer than the slab, or than allowed: finds its end without keeping its bytes. */
  private boolean longLine(TailedFile file, Batch batch, int read, long end, long now)
      throws IOException, InterruptedException {
    long position = file.position();
    long at = Math.max(file.state.searchedTo, position + read);
    int scratch = batch.limit();
    while (at < end && at - position <= longest) {
      int n = file.content().read(batch.bytes(), scratch, batch.free(), at);
      if (n == 0) {
        break;
      }
      int found = Swar.indexOf(batch.bytes(), scratch, scratch + n, (byte) '\n');
      at += found - scratch;
      if (found < scratch + n) {
        if (at - position < longest) {
          return whole(file, (int) (at - position), now);
        }
        break;
      }
    }
    file.state.searchedTo = at;
    if (at - position <= longest) {
      file.state.lookedAtEnd = at;
      return false;
    }
    cut(file, now);
    return true;
  }

  /** A line of {@code length} bytes and its end. */
  private boolean whole(TailedFile file, int length, long now)
      throws IOException, InterruptedException {
    Batch batch = open.get(length + 1);
    int from = batch.limit();
    int n = file.content().read(batch.bytes(), from, length + 1, file.position());
    if (n != length + 1 || batch.bytes()[from + length] != '\n') {
      return false;
    }
    batch.advance(n);
    frame(file, batch, from, from + n, now);
    return true;
  }

  /** Takes the start of a line in as if it ended there; the rest is skipped. */
  private void cut(TailedFile file, long now) throws IOException, InterruptedException {
    long start = file.position();
    file.state.lineStart = start;
    endHere(file, longest, now);
    file.state.skipping = true;
  }

  private void endHere(TailedFile file, int length, long now)
      throws IOException, InterruptedException {
    long start = file.position();
    Batch batch = open.get(length + 1);
    int from = batch.limit();
    int n = file.content().read(batch.bytes(), from, length, start);
    batch.bytes()[from + n] = '\n';
    batch.advance(n + 1);
    frame(file, batch, from, from + n + 1, now);
    move(file, start + n, now);
  }

  private boolean skip(TailedFile file, long end, long now)
      throws IOException, InterruptedException {
    if (open.lacks(LEAST_READ)) {
      open.seal();
    }
    Batch batch = open.get();
    int from = batch.limit();
    int want = (int) Math.min(batch.free(), end - file.position());
    int n = file.content().read(batch.bytes(), from, want, file.position());
    if (n == 0) {
      return false;
    }
    int found = Swar.indexOf(batch.bytes(), from, from + n, (byte) '\n');
    boolean ended = found < from + n;
    counters.skippedLong.add(found - from);
    move(file, file.position() + (found - from) + (ended ? 1 : 0), now);
    file.state.skipping = !ended;
    return true;
  }

  /** Takes in the last line of a file that will not grow any more, though it has no end. */
  boolean lastLine(TailedFile file, long now) throws IOException, InterruptedException {
    long length = file.content().end() - file.position();
    if (length <= 0 || length > longest) {
      return false;
    }
    if (file.state.skipping) {
      file.state.skipping = false;
      move(file, file.position() + length, now);
    } else {
      endHere(file, (int) length, now);
    }
    return true;
  }

  /**
   * Gives up waiting for the rest of a stream's record.
   *
   * @param lines whether it is the record of several lines, not the line in pieces
   */
  void flush(TailedFile file, int stream, boolean lines, long now)
      throws IOException, InterruptedException {
    Batch batch = open.get();
    int at = batch.limit();
    Region region =
        new Region(
            file, open, batch, origins, limits, counters, joining, at, at, file.position(), 0, now);
    open.took(file, 0, now);
    if (!(lines ? region.flushLines(stream) : region.flushPieces(stream))) {
      open.seal();
      flush(file, stream, lines, now);
    }
  }
}
