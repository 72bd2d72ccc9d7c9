package io.logboom.input.tail;

import io.logboom.api.batch.Batch;
import io.logboom.api.json.Utf8;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was read last: complete lines that lie in the open batch's slab, and where they stand in
 * their file. Framers tell it what they found, and it adds the records.
 *
 * <p>The calls that add return false where the batch has no room; nothing is changed then, and the
 * line is read again into the next batch. Indexes are the slab's.
 */
final class Region {
  private static final int UNKNOWN = -2;

  private final TailedFile file;
  private final OpenBatch open;
  private final Batch batch;
  private final Origins origins;
  private final TailLimits limits;
  private final TailCounters counters;
  private final @Nullable Joining joining;
  private final Taken taken;
  // Whether lines are joined, or some were taken in before.
  private final boolean unusual;
  private final int from;
  private final int to;
  private final long base;
  private final long wallNanos;
  private final long now;
  private final int[] originIndex = new int[Origins.COUNT];
  private byte[] bytes;

  /**
   * @param joining makes records of several lines; null where each line is one
   * @param from the index of its first byte in the slab
   * @param to the index behind its last
   * @param position where its first byte stands in the file
   * @param wallNanos the time for lines that have none of their own
   * @param now the agent's monotonic time
   */
  Region(
      TailedFile file,
      OpenBatch open,
      Batch batch,
      Origins origins,
      TailLimits limits,
      TailCounters counters,
      @Nullable Joining joining,
      int from,
      int to,
      long position,
      long wallNanos,
      long now) {
    this.file = file;
    this.open = open;
    this.batch = batch;
    this.origins = origins;
    this.limits = limits;
    this.counters = counters;
    this.joining = joining;
    this.taken = file.place().taken();
    this.unusual = joining != null || !taken.equals(Taken.NONE);
    this.from = from;
    this.to = to;
    this.base = position - from;
    this.wallNanos = wallNanos;
    this.now = now;
    this.bytes = batch.bytes();
    Arrays.fill(originIndex, UNKNOWN);
  }

  TailedFile file() {
    return file;
  }

  Batch batch() {
    return batch;
  }

  /** The slab. Adding a record may replace it. */
  byte[] bytes() {
    return bytes;
  }

  long wallNanos() {
    return wallNanos;
  }

  /**
   * A container's line that ends a record: alone, or together with the pieces before it.
   *
   * @param line where the line starts
   * @param escaped whether the text has JSON's escapes
   */
  boolean complete(
      int stream,
      int line,
      int text,
      int textEnd,
      int stamp,
      int stampLength,
      long nanos,
      boolean escaped)
      throws IOException {
    if (unusual && base + line < taken.of(stream)) {
      return true;
    }
    if (unusual && joining != null) {
      return joining.line(this, stream, line, text, textEnd, stamp, stampLength, nanos, escaped);
    }
    return alone(stream, line, text, textEnd, stamp, stampLength, nanos, escaped);
  }

  /** A line that is no part of a record of several lines. */
  boolean alone(
      int stream,
      int line,
      int text,
      int textEnd,
      int stamp,
      int stampLength,
      long nanos,
      boolean escaped)
      throws IOException {
    if (stream == Origins.PLAIN) {
      return plain(line, textEnd);
    }
    Partial partial = file.lineage().partial(stream);
    if (!partial.isEmpty()) {
      return join(partial, stream, text, textEnd, escaped, limits.recordBytes());
    }
    int end = escaped ? JsonText.unescape(bytes, text, textEnd) : textEnd;
    return add(origins.kind(file, stream, false), line, text, end, stamp, stampLength, nanos);
  }

  /** A container's line that the next one of its stream goes on. */
  boolean piece(
      int stream,
      int line,
      int text,
      int textEnd,
      int stamp,
      int stampLength,
      long nanos,
      boolean escaped) {
    if (base + line < taken.of(stream)) {
      return true;
    }
    Partial partial = file.lineage().partial(stream);
    if (partial.isEmpty()) {
      partial.begin(base + stamp, stampLength, nanos, true);
    }
    partial.add(
        file,
        base + line,
        base + text,
        textEnd - text,
        escaped ? Partial.ESCAPED : 0,
        limits.recordBytes(),
        now);
    return true;
  }

  /** Gives up waiting for the rest of a stream's line: what there is becomes a record. */
  boolean flushPieces(int stream) throws IOException {
    Partial partial = file.lineage().partial(stream);
    return partial.isEmpty() || join(partial, stream, 0, 0, false, limits.recordBytes());
  }

  /** Makes a record of the lines that wait in a stream. */
  boolean flushLines(int stream) throws IOException {
    Partial lines = file.lineage().lines(stream);
    return lines.isEmpty() || join(lines, stream, 0, 0, false, limits.joinedBytes());
  }

  /** A line of a file that has no format. */
  boolean line(int line, int lineEnd) throws IOException {
    if (joining != null) {
      return joining.line(this, Origins.PLAIN, line, line, lineEnd, 0, 0, wallNanos, false);
    }
    return plain(line, lineEnd);
  }

  /** A line without a stream and a time. */
  boolean plain(int line, int lineEnd) throws IOException {
    return add(Origins.PLAIN, line, line, lineEnd, 0, 0, wallNanos);
  }

  /** Takes note of what a parser did to the record added last; it may have grown the slab. */
  void parsed(boolean succeeded) {
    bytes = batch.bytes();
    if (!succeeded) {
      counters.unparsed.add(1);
    }
  }

  private boolean add(
      int kind, int line, int text, int textEnd, int stamp, int stampLength, long nanos)
      throws IOException {
    int length = textEnd - text;
    boolean cut = length > limits.lineBytes();
    if ((cut && limits.skipLong()) || (length == 0 && limits.skipEmpty())) {
      if (cut) {
        counters.linesSkipped.add(1);
        counters.skippedLong.add(length);
      }
      return true;
    }
    int origin = originIndex[kind];
    if (origin < 0 || batch.isFull()) {
      origin = originIndex[kind] = batch.origin(file.origin(origins, kind));
      if (origin < 0 || batch.isFull()) {
        return false;
      }
    }
    int kept = cut ? Utf8.cut(bytes, text, text + limits.lineBytes()) - text : length;
    int record = batch.add(origin, text, kept, nanos, base + line);
    batch.stamp(record, stamp, stampLength);
    if (cut) {
      batch.addFlags(record, Batch.CUT);
      counters.linesCut.add(1);
      counters.skippedLong.add(length - kept);
    }
    return true;
  }

  /** Whether a line is left out, which is counted. */
  boolean leavesOut(int length) {
    boolean out = length > limits.lineBytes() && limits.skipLong();
    if (out) {
      counters.linesSkipped.add(1);
      counters.skippedLong.add(length);
    }
    return out;
  }

  /** Whether a record may have so many bytes and pieces more. */
  boolean fits(Partial lines, long moreBytes, int morePieces) {
    return lines.bytes() + 1 + moreBytes <= limits.joinedBytes()
        && lines.pieces() + morePieces <= Partial.MOST_PIECES;
  }

  /** Adds a line to those that wait, with the pieces before it. */
  void append(
      Partial lines,
      @Nullable Partial pieces,
      int line,
      int text,
      int textEnd,
      boolean escaped,
      boolean breaks) {
    int how = breaks && !lines.isEmpty() ? Partial.BREAK : 0;
    int most = limits.joinedBytes();
    if (pieces != null) {
      for (int i = 0; i < pieces.pieces(); i++) {
        int flags = pieces.isEscaped(i) ? how | Partial.ESCAPED : how;
        TailedFile in = pieces.file(i);
        lines.add(in, pieces.line(i), pieces.position(i), pieces.length(i), flags, most, now);
        how = 0;
      }
      if (pieces.isCut()) {
        lines.cut();
      }
      pieces.clear();
    }
    int kept = textEnd - text;
    if (kept > limits.lineBytes()) {
      kept = Utf8.cut(bytes, text, text + limits.lineBytes()) - text;
      lines.cut();
      counters.linesCut.add(1);
      counters.skippedLong.add(textEnd - text - kept);
    }
    int flags = escaped ? how | Partial.ESCAPED : how;
    lines.add(file, base + line, base + text, kept, flags, most, now);
  }

  /** Begins a record of lines. */
  void begin(Partial lines, @Nullable Partial pieces, int stamp, int stampLength, long nanos) {
    if (pieces == null) {
      lines.begin(base + stamp, stampLength, nanos, false);
    } else {
      lines.begin(pieces.stampPosition(), pieces.stampLength(), pieces.epochNanos(), true);
    }
  }

  /**
   * Copies a line's text and the pieces before it.
   *
   * @return the index behind the copy
   */
  int copyText(@Nullable Partial pieces, int text, int textEnd, boolean escaped, byte[] target)
      throws IOException {
    int at = 0;
    for (int i = 0; pieces != null && i < pieces.pieces(); i++) {
      int end = at + copy(pieces.file(i), pieces.position(i), pieces.length(i), target, at);
      at = pieces.isEscaped(i) ? JsonText.unescape(target, at, end) : end;
    }
    int end = at + textEnd - text;
    System.arraycopy(bytes, text, target, at, textEnd - text);
    return escaped ? JsonText.unescape(target, at, end) : end;
  }

  /**
   * Puts a record together behind the limit: its first piece's time, all pieces, the last line. Its
   * position is its last line's start: a record that was sent away too early and has more lines
   * when it is read again is another record then.
   */
  private boolean join(
      Partial partial, int stream, int text, int textEnd, boolean escaped, int limit)
      throws IOException {
    long all = partial.bytes() + (textEnd - text);
    int need = (int) Math.min(all, limit) + partial.stampLength();
    TailedFile home = partial.file(partial.lastLine());
    int kind = origins.kind(home, stream, partial.isSplit());
    int origin = batch.isFull() ? -1 : batch.origin(home.origin(origins, kind));
    if (origin < 0 || (batch.free() < need && batch.size() > 0)) {
      return false;
    }
    batch.room(need);
    bytes = batch.bytes();
    int stamp = batch.limit();
    int body =
        stamp + copy(partial.file(0), partial.stampPosition(), partial.stampLength(), bytes, stamp);
    int most = body + (int) Math.min(all, limit);
    int at = copyPieces(partial, body, most);
    int last = Math.min(textEnd - text, most - at);
    System.arraycopy(bytes, text, bytes, at, last);
    at = escaped ? JsonText.unescape(bytes, at, at + last) : at + last;
    boolean cut = partial.isCut() || all > limit;
    int end = cut ? Utf8.cut(bytes, body, at) : at;
    batch.advance(end - stamp);
    long position = partial.line(partial.lastLine());
    int record = batch.add(origin, body, end - body, partial.epochNanos(), position);
    batch.stamp(record, stamp, partial.stampLength());
    if (cut) {
      batch.addFlags(record, Batch.CUT);
      counters.recordsCut.add(1);
    }
    finish(partial);
    return true;
  }

  private int copyPieces(Partial partial, int body, int most) throws IOException {
    int at = body;
    for (int i = 0; i < partial.pieces() && at < most; i++) {
      if (partial.breaks(i)) {
        bytes[at++] = '\n';
      }
      int n = Math.min(partial.length(i), most - at);
      int end = at + copy(partial.file(i), partial.position(i), n, bytes, at);
      at = partial.isEscaped(i) ? JsonText.unescape(bytes, at, end) : end;
    }
    return at;
  }

  /** The pieces' files have got on by this batch. */
  private void finish(Partial partial) {
    for (int i = 0; i < partial.pieces(); i++) {
      open.touch(partial.file(i), now);
    }
    partial.clear();
  }

  /** Copies bytes of a file: out of the region where it has them. */
  private int copy(TailedFile in, long position, int count, byte[] target, int at)
      throws IOException {
    long index = position - base;
    if (in == file && index >= from && index + count <= to) {
      System.arraycopy(bytes, (int) index, target, at, count);
      return count;
    }
    return in.content().read(target, at, count, position);
  }
}
