package io.logboom.output.cloudwatch;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.json.Utf8;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import io.logboom.net.body.Arena;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of a record's event: the record as JSON, or one of its values. Always UTF-8, and never
 * longer than an event may be. One instance per thread; allocates nothing per record.
 */
final class EventText implements AutoCloseable {
  /** Ends an event that was cut; the marker that Amazon's own agent sets. */
  private static final byte[] MARK = "[Truncated...]".getBytes(StandardCharsets.US_ASCII);

  /** What a record gives. */
  enum Kind {
    TEXT,
    /** No text at all, which the service does not take. */
    EMPTY,
    /** The record does not have the value. */
    MISSING,
    /** Too long, and not to be cut. */
    OVERSIZE
  }

  private final @Nullable FieldReader key;
  private final RecordWriter writer;
  private final int most;
  private final boolean cuts;
  private final Arena arena;
  private byte[] bytes = new byte[0];
  private int from;
  private int to;
  private int whole;
  private boolean cut;
  private boolean repaired;

  /**
   * @param most the bytes that a text may have
   * @param cuts whether longer ones are cut
   * @param arena where texts are put together that do not stand in a record as they are
   */
  EventText(@Nullable Accessor key, Names names, int most, boolean cuts, Arena arena) {
    this.key = key == null ? null : key.reader(names);
    this.writer = new RecordWriter(names);
    this.most = most;
    this.cuts = cuts;
    this.arena = arena;
  }

  /**
   * Reads a record; the text is valid until the next one is read.
   *
   * @throws Arena.FullException where the record is larger than the arena may become
   */
  Kind read(Batch batch, int record) {
    cut = false;
    repaired = false;
    ByteSink out = arena.sink();
    out.position(0);
    if (key == null) {
      out.put((byte) '{');
      writer.write(batch, record, true, out);
      out.put((byte) '}');
      repaired = writer.hasRepaired();
      text(out.array(), 0, out.position());
    } else if (!key.read(batch, record) || key.kind() == FieldKind.NULL) {
      return Kind.MISSING;
    } else if (Utf8.invalid(key.bytes(), key.from(), key.to()) == key.to()) {
      text(key.bytes(), key.from(), key.to());
    } else {
      Utf8.copy(key.bytes(), key.from(), key.to(), out);
      repaired = true;
      text(out.array(), 0, out.position());
    }
    if (from == to) {
      return Kind.EMPTY;
    }
    whole = to - from;
    if (whole > most) {
      if (!cuts) {
        return Kind.OVERSIZE;
      }
      cut = true;
      to = Utf8.cut(bytes, from, from + most - MARK.length);
    }
    return Kind.TEXT;
  }

  private void text(byte[] b, int start, int stop) {
    bytes = b;
    from = start;
    to = stop;
  }

  /** The bytes that it has in UTF-8. */
  int length() {
    return to - from + (cut ? MARK.length : 0);
  }

  /** The bytes that it would have if it were not cut. */
  int wholeLength() {
    return whole;
  }

  boolean wasCut() {
    return cut;
  }

  /** Whether the record had bytes that are not UTF-8. */
  boolean hasRepaired() {
    return repaired;
  }

  /** Writes it as the inside of a JSON string. */
  void write(ByteSink out) {
    out.putEscaped(bytes, from, to - from);
    if (cut) {
      out.put(MARK, 0, MARK.length);
    }
  }

  /** Lets go of what a very large record took. */
  void trim() {
    arena.clear();
    text(new byte[0], 0, 0);
  }

  @Override
  public void close() {
    arena.close();
    trim();
  }
}
