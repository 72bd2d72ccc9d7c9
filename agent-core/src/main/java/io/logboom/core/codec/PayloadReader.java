package io.logboom.core.codec;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonScanner;

/** Reads the content of a payload, checking all that it says before using it. */
final class PayloadReader {
  private static final int MAX_STAMP = 127;

  /** Filters may have wrapped what was once scanned with {@link JsonScanner#MAX_DEPTH}. */
  private static final int MAX_DEPTH = 2 * JsonScanner.MAX_DEPTH;

  private final Names names;
  private final JsonScanner scanner;
  private final Recent<Origin> origins;
  private final Recent<Fragment> enrichments;
  private final Cursor table = new Cursor();
  private final Cursor bodies = new Cursor();
  private final long[] lastPosition = new long[Batch.MAX_ORIGINS];

  PayloadReader(Names names) {
    this.names = names;
    this.scanner = new JsonScanner(names, MAX_DEPTH);
    this.origins = new Recent<>((b, from, count) -> OriginForm.decode(names, b, from, count));
    this.enrichments = new Recent<>((b, from, count) -> OriginForm.fragment(names, b, from, count));
  }

  /** Adds the records of the content {@code [from, to)} of the batch's slab to the batch. */
  void read(Batch into, int from, int to) throws DamagedException {
    byte[] bytes = into.bytes();
    table.reset(bytes, from, to);
    long fingerprint = table.fixedLong();
    int length = table.fixedInt();
    int start = table.take(length);
    bodies.reset(bytes, table.at(), to);
    table.reset(bytes, start, start + length);
    origins(into, bytes);
    // Only now: the origins may have brought new names.
    boolean sameNames = fingerprint == names.fingerprint();
    int count = table.upTo(Batch.MAX_RECORDS, "records");
    long nanos = 0;
    for (int i = 0; i < count; i++) {
      nanos = record(into, bytes, nanos, sameNames);
    }
    if (!table.isAtEnd() || !bodies.isAtEnd()) {
      throw new DamagedException("bytes are left over");
    }
  }

  private void origins(Batch into, byte[] bytes) throws DamagedException {
    int count = table.upTo(Batch.MAX_ORIGINS, "origins");
    for (int i = 0; i < count; i++) {
      int length = table.length();
      Origin origin = origins.of(bytes, table.take(length), length);
      int added = table.length();
      into.restore(origin, enrichments.of(bytes, table.take(added), added));
      lastPosition[i] = 0;
    }
  }

  private long record(Batch into, byte[] bytes, long lastNanos, boolean sameNames)
      throws DamagedException {
    int flags = table.byteValue();
    int origin = table.byteValue();
    if ((flags & Batch.DROPPED) != 0 || origin < 0 || origin >= into.origins()) {
      throw new DamagedException("a record with flags " + flags + " of origin " + origin);
    }
    long nanos = lastNanos + table.signed();
    long position = lastPosition[origin] + table.signed();
    lastPosition[origin] = position;
    int stampLength = table.upTo(MAX_STAMP, "bytes of a time");
    int length = table.length();
    long set = (flags & Batch.JSON) != 0 ? table.varint() : 0;
    int stamp = bodies.take(stampLength);
    int body = bodies.take(length);
    int record = into.add(origin, body, length, nanos, position);
    into.stamp(record, stamp, stampLength);
    if ((flags & Batch.JSON) != 0) {
      into.json(record, body, length, json(bytes, body, length, set, sameNames));
    }
    into.addFlags(record, flags);
    return nanos;
  }

  /** The registered names of a JSON body: as they were written, where they mean the same here. */
  private long json(byte[] bytes, int from, int length, long set, boolean sameNames)
      throws DamagedException {
    boolean braces = length >= 2 && bytes[from] == '{' && bytes[from + length - 1] == '}';
    if (braces && sameNames) {
      return set;
    }
    if (!braces || scanner.scan(bytes, from, from + length) == JsonScanner.NOT_AN_OBJECT) {
      throw new DamagedException("a body that should be a JSON object is none");
    }
    return scanner.names();
  }
}
