package io.logboom.input.tail;

import io.logboom.api.batch.Batch;
import io.logboom.api.json.Utf8;
import java.io.IOException;
import java.util.Arrays;

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
  private final int from;
  private final int to;
  private final long base;
  private final long wallNanos;
  private final long now;
  private final int[] originIndex = new int[Origins.COUNT];
  private byte[] bytes;

  /**
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
    Partial partial = file.lineage().partial(stream);
    if (!partial.isEmpty()) {
      return join(partial, stream, text, textEnd);
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
    Partial partial = file.lineage().partial(stream);
    if (partial.isEmpty()) {
      partial.begin(base + line, base + stamp, stampLength, nanos, escaped);
    }
    partial.add(file, base + text, textEnd - text, limits.recordBytes(), now);
    return true;
  }

  /** Gives up waiting for the rest of a stream's record: what there is becomes one. */
  boolean flush(int stream) throws IOException {
    Partial partial = file.lineage().partial(stream);
    return partial.isEmpty() || join(partial, stream, 0, 0);
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

  /** Puts a record together behind the limit: its first piece's time, all pieces, the last line. */
  private boolean join(Partial partial, int stream, int text, int textEnd) throws IOException {
    boolean escaped = partial.isEscaped();
    long all = partial.bytes() + (textEnd - text);
    int need = (int) Math.min(all, limits.recordBytes()) + partial.stampLength();
    TailedFile first = partial.file(0);
    int kind = origins.kind(first, stream, true);
    int origin = batch.isFull() ? -1 : batch.origin(first.origin(origins, kind));
    if (origin < 0 || (batch.free() < need && batch.size() > 0)) {
      return false;
    }
    batch.room(need);
    bytes = batch.bytes();
    int stamp = batch.limit();
    int body = stamp + copy(first, partial.stampPosition(), partial.stampLength(), stamp);
    int most = body + (int) Math.min(all, limits.recordBytes());
    int at = body;
    for (int i = 0; i < partial.pieces() && at < most; i++) {
      int n = Math.min(partial.length(i), most - at);
      at = unescaped(at, at + copy(partial.file(i), partial.position(i), n, at), escaped);
    }
    int last = Math.min(textEnd - text, most - at);
    System.arraycopy(bytes, text, bytes, at, last);
    at = unescaped(at, at + last, escaped);
    boolean cut = partial.isCut() || all > limits.recordBytes();
    int end = cut ? Utf8.cut(bytes, body, at) : at;
    batch.advance(end - stamp);
    int record = batch.add(origin, body, end - body, partial.epochNanos(), partial.linePosition());
    batch.stamp(record, stamp, partial.stampLength());
    if (cut) {
      batch.addFlags(record, Batch.CUT);
      counters.recordsCut.add(1);
    }
    finish(partial);
    return true;
  }

  /** The pieces' files have got on by this batch. */
  private void finish(Partial partial) {
    for (int i = 0; i < partial.pieces(); i++) {
      open.touch(partial.file(i), now);
    }
    partial.clear();
  }

  private int unescaped(int at, int end, boolean escaped) {
    return escaped ? JsonText.unescape(bytes, at, end) : end;
  }

  /** Copies bytes of a file to {@code at}: out of the region where it has them. */
  private int copy(TailedFile in, long position, int count, int at) throws IOException {
    long index = position - base;
    if (in == file && index >= from && index + count <= to) {
      System.arraycopy(bytes, (int) index, bytes, at, count);
      return count;
    }
    return in.content().read(bytes, at, count, position);
  }
}
