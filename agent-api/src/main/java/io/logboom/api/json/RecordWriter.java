package io.logboom.api.json;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;

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

  public RecordWriter(Names registered) {
    this.registered = registered;
  }

  /** The registered names that the record has, wherever they come from. */
  public static long names(Batch batch, int record) {
    Origin origin = batch.originOf(record);
    return bodyNames(batch, record, origin)
        | origin.base().names()
        | stampNames(batch, record, origin)
        | batch.enrichment(batch.originIndex(record)).names();
  }

  /**
   * Writes the members without the outer braces.
   *
   * @param first whether nothing stands before them in the object; else each begins with a comma
   */
  public void write(Batch batch, int record, boolean first, ByteSink out) {
    Origin origin = batch.originOf(record);
    Fragment base = origin.base();
    Fragment more = batch.enrichment(batch.originIndex(record));
    long body = bodyNames(batch, record, origin);
    long stamps = stampNames(batch, record, origin);
    boolean clash =
        ((base.names() | stamps) & (body | more.names())) != 0
            || (base.names() & stamps) != 0
            || (body & more.names()) != 0;
    if (clash) {
      writeWithout(batch, record, first, out, origin, base, more, body, stamps);
      return;
    }
    boolean comma = !first;
    comma = fragment(base, comma, out);
    comma = stamps(batch, record, origin, -1L, comma, out);
    comma = body(batch, record, origin, comma, out);
    fragment(more, comma, out);
  }

  private static long bodyNames(Batch batch, int record, Origin origin) {
    return batch.isJson(record) ? batch.names(record) : origin.text().names();
  }

  private static long stampNames(Batch batch, int record, Origin origin) {
    Origin.Key stamp = origin.stamp();
    Origin.Key offset = origin.offset();
    return (stamp != null && batch.stampLength(record) > 0 ? stamp.names() : 0)
        | (offset != null ? offset.names() : 0);
  }

  private static boolean fragment(Fragment fragment, boolean comma, ByteSink out) {
    if (fragment.isEmpty()) {
      return comma;
    }
    if (comma) {
      out.put((byte) ',');
    }
    byte[] json = fragment.json();
    out.put(json, 0, json.length);
    return true;
  }

  private static boolean stamps(
      Batch batch, int record, Origin origin, long wanted, boolean first, ByteSink out) {
    boolean comma = first;
    Origin.Key stamp = origin.stamp();
    if (stamp != null && batch.stampLength(record) > 0 && (stamp.names() & wanted) != 0) {
      comma = key(stamp, comma, out);
      out.put((byte) '"');
      out.put(batch.bytes(), batch.stampOffset(record), batch.stampLength(record));
      out.put((byte) '"');
    }
    Origin.Key offset = origin.offset();
    if (offset != null && (offset.names() & wanted) != 0) {
      comma = key(offset, comma, out);
      out.putDecimal(batch.position(record));
    }
    return comma;
  }

  private static boolean body(Batch batch, int record, Origin origin, boolean comma, ByteSink out) {
    byte[] bytes = batch.bytes();
    int from = batch.offset(record);
    int length = batch.length(record);
    if (batch.isJson(record)) {
      int inside = from + 1;
      int stop = from + length - 1;
      while (inside < stop && bytes[inside] <= ' ') {
        inside++;
      }
      if (inside == stop) {
        return comma;
      }
      if (comma) {
        out.put((byte) ',');
      }
      lines(bytes, inside, stop, out);
      return true;
    }
    boolean next = key(origin.text(), comma, out);
    out.put((byte) '"');
    out.putEscaped(bytes, from, length);
    out.put((byte) '"');
    return next;
  }

  /**
   * Copies JSON, with line breaks between its tokens as blanks: a document is one line in NDJSON.
   */
  private static void lines(byte[] bytes, int from, int to, ByteSink out) {
    int i = from;
    while (true) {
      int next = Swar.indexOf(bytes, i, to, (byte) '\n');
      out.put(bytes, i, next - i);
      if (next == to) {
        return;
      }
      out.put((byte) ' ');
      i = next + 1;
    }
  }

  private static boolean key(Origin.Key key, boolean comma, ByteSink out) {
    if (comma) {
      out.put((byte) ',');
    }
    out.put(key.json(), 0, key.length());
    return true;
  }

  private void writeWithout(
      Batch batch,
      int record,
      boolean first,
      ByteSink out,
      Origin origin,
      Fragment base,
      Fragment more,
      long body,
      long stamps) {
    boolean comma = !first;
    byte[] baseJson = base.json();
    comma = members(baseJson, 0, baseJson.length, stamps | body | more.names(), comma, out);
    comma = stamps(batch, record, origin, ~(body | more.names()), comma, out);
    if (!batch.isJson(record)) {
      if ((body & more.names()) == 0) {
        comma = body(batch, record, origin, comma, out);
      }
    } else {
      int from = batch.offset(record);
      comma =
          members(
              batch.bytes(), from + 1, from + batch.length(record) - 1, more.names(), comma, out);
    }
    fragment(more, comma, out);
  }

  /**
   * Copies the members of {@code json[from, to)}, valid JSON, but for those whose name is in {@code
   * without}.
   */
  private boolean members(
      byte[] json, int from, int to, long without, boolean first, ByteSink out) {
    boolean comma = first;
    JsonMembers each = new JsonMembers(json, from, to);
    while (each.next()) {
      if ((registered.find(json, each.nameFrom(), each.nameTo()) & without) != 0) {
        continue;
      }
      if (comma) {
        out.put((byte) ',');
      }
      lines(json, each.nameFrom() - 1, each.valueTo(), out);
      comma = true;
    }
    return comma;
  }
}
