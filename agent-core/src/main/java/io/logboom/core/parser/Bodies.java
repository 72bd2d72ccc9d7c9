package io.logboom.core.parser;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.JsonRepair;
import io.logboom.api.json.JsonScanner;
import org.jspecify.annotations.Nullable;

/** Gives records JSON bodies as {@link Batch} promises them. One instance per thread. */
final class Bodies {
  private final JsonScanner scanner;
  private byte[] json = new byte[0];
  private int from;
  private int to;

  Bodies(Names names) {
    this.scanner = new JsonScanner(names);
  }

  /**
   * Looks at the object in {@code b[start, stop)}, and mends it where it must be.
   *
   * @return whether it is one
   */
  boolean take(byte[] b, int start, int stop) {
    int findings = scanner.scan(b, start, stop);
    if (findings == JsonScanner.NOT_AN_OBJECT) {
      return false;
    }
    json = b;
    from = scanner.start();
    to = scanner.stop();
    if ((findings & (JsonScanner.DUPLICATE_NAME | JsonScanner.NOT_UTF8)) == 0) {
      return true;
    }
    byte @Nullable [] mended = JsonRepair.repair(b, from, to, Integer.MAX_VALUE);
    if (mended == null) {
      return false;
    }
    json = mended;
    from = 0;
    to = mended.length;
    return scanner.scan(mended, 0, to) != JsonScanner.NOT_AN_OBJECT;
  }

  /** The object that was taken is {@code json()[from(), to())}. */
  byte[] json() {
    return json;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** The registered names in the object that was taken. */
  long names() {
    return scanner.names();
  }

  /** How many members the object that was taken has. */
  int members() {
    return scanner.members();
  }

  /** Makes the object that was taken the record's body. */
  void give(Batch batch, int record) {
    give(batch, record, json, from, to, names());
    if (scanner.isOneLine()) {
      batch.addFlags(record, Batch.ONE_LINE);
    }
  }

  /** Makes {@code b[start, stop)} the record's body, copied unless it is in the slab. */
  @SuppressWarnings("ReferenceEquality") // which array it is, not what is in it
  static void give(Batch batch, int record, byte[] b, int start, int stop, long names) {
    int at = b == batch.bytes() ? start : batch.append(b, start, stop - start);
    batch.json(record, at, stop - start, names);
  }
}
