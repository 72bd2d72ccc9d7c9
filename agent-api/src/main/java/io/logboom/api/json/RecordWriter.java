package io.logboom.api.json;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record's members, in Fluent Bit's order: what the input set, the body, what filters
 * added. Every JSON output uses it, so that a record looks the same everywhere. Allocates nothing.
 * One instance per thread.
 *
 * <p>Where a name would stand twice the last one in that order counts, and the earlier one is left
 * out.
 */
public final class RecordWriter {
  private final Names registered;
  private final JsonMembers members = new JsonMembers();
  private boolean repaired;

  public RecordWriter(Names registered) {
    this.registered = registered;
  }

  /** The registered names that the record has, wherever they come from. */
  public static long names(Batch batch, int record) {
    Origin origin = batch.originOf(record);
    return bodyNames(batch, record, origin)
        | origin.base().names()
        | names(stamp(batch, record, origin))
        | names(origin.offset())
        | batch.enrichment(batch.originIndex(record)).names();
  }

  /**
   * Writes the members without the outer braces.
   *
   * @param first whether nothing stands before them in the object; else each begins with a comma
   */
  public void write(Batch batch, int record, boolean first, ByteSink out) {
    write(batch, record, 0, first, out);
  }

  /**
   * Writes the members without the outer braces, and without those that the caller writes itself.
   *
   * @param without the {@link Names} set of members to leave out, wherever they come from
   * @param first whether nothing stands before them in the object; else each begins with a comma
   */
  public void write(Batch batch, int record, long without, boolean first, ByteSink out) {
    Origin origin = batch.originOf(record);
    Fragment base = origin.base();
    Origin.Key stamp = stamp(batch, record, origin);
    Origin.Key offset = origin.offset();
    Fragment more = batch.enrichment(batch.originIndex(record));
    // For each part the names that follow it, which it must not have.
    long afterBody = without | more.names();
    long afterOffset = afterBody | bodyNames(batch, record, origin);
    long afterStamp = afterOffset | names(offset);
    long afterBase = afterStamp | names(stamp);

    boolean comma = base.write(afterBase, !first, out);
    if (stamp != null && (stamp.names() & afterStamp) == 0) {
      key(stamp, comma, out);
      out.put((byte) '"');
      out.put(batch.bytes(), batch.stampOffset(record), batch.stampLength(record));
      out.put((byte) '"');
      comma = true;
    }
    if (offset != null && (offset.names() & afterOffset) == 0) {
      key(offset, comma, out);
      out.putDecimal(batch.position(record));
      comma = true;
    }
    comma = body(batch, record, origin.text(), afterBody, comma, out);
    more.write(without, comma, out);
  }

  /**
   * Whether the record that was written last has a text body with bytes that are not UTF-8, each of
   * which became U+FFFD.
   */
  public boolean hasRepaired() {
    return repaired;
  }

  private static long bodyNames(Batch batch, int record, Origin origin) {
    return batch.isJson(record) ? batch.names(record) : origin.text().names();
  }

  private static Origin.@Nullable Key stamp(Batch batch, int record, Origin origin) {
    return batch.stampLength(record) > 0 ? origin.stamp() : null;
  }

  private static long names(Origin.@Nullable Key key) {
    return key == null ? 0 : key.names();
  }

  private boolean body(
      Batch batch, int record, Origin.Key text, long without, boolean comma, ByteSink out) {
    byte[] bytes = batch.bytes();
    int from = batch.offset(record);
    int length = batch.length(record);
    repaired = false;
    if (batch.isJson(record)) {
      return (batch.names(record) & without) == 0
          ? splice(bytes, from + 1, from + length - 1, batch.flags(record), comma, out)
          : select(bytes, from + 1, from + length - 1, without, comma, out);
    }
    if ((text.names() & without) != 0) {
      return comma;
    }
    key(text, comma, out);
    out.put((byte) '"');
    repaired = !out.putEscaped(bytes, from, length);
    out.put((byte) '"');
    return true;
  }

  /** Copies all members of {@code json[from, to)}, the inside of an object. */
  private static boolean splice(
      byte[] json, int from, int to, int flags, boolean comma, ByteSink out) {
    int inside = from;
    while (inside < to && json[inside] <= ' ') {
      inside++;
    }
    if (inside == to) {
      return comma;
    }
    if (comma) {
      out.put((byte) ',');
    }
    if ((flags & Batch.ONE_LINE) != 0) {
      out.put(json, inside, to - inside);
    } else {
      oneLine(json, inside, to, out);
    }
    return true;
  }

  /** Copies the members of {@code json[from, to)} whose names are not in {@code without}. */
  private boolean select(byte[] json, int from, int to, long without, boolean first, ByteSink out) {
    boolean comma = first;
    members.reset(json, from, to);
    while (members.next()) {
      if ((registered.find(json, members.nameFrom(), members.nameTo()) & without) != 0) {
        continue;
      }
      if (comma) {
        out.put((byte) ',');
      }
      oneLine(json, members.nameFrom() - 1, members.valueTo(), out);
      comma = true;
    }
    return comma;
  }

  /**
   * Copies JSON, with line breaks between its tokens as blanks: a document is one line in NDJSON.
   */
  private static void oneLine(byte[] json, int from, int to, ByteSink out) {
    int i = from;
    while (true) {
      int next = Swar.indexOf(json, i, to, (byte) '\n');
      out.put(json, i, next - i);
      if (next == to) {
        return;
      }
      out.put((byte) ' ');
      i = next + 1;
    }
  }

  private static void key(Origin.Key key, boolean comma, ByteSink out) {
    if (comma) {
      out.put((byte) ',');
    }
    out.put(key.json(), 0, key.length());
  }
}
