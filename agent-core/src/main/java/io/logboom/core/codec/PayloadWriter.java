package io.logboom.core.codec;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import java.util.Arrays;

/** Writes the content of a payload: the table, into a sink of its own, and the bodies. */
final class PayloadWriter {
  private static final byte UNUSED = -1;

  /** What the table may keep from one batch to the next. */
  private static final int KEPT = 256 * 1024;

  private final Names names;
  private final ByteSink table = ByteSink.growing(4 * 1024);
  private final byte[] number = new byte[Batch.MAX_ORIGINS];
  private final long[] lastPosition = new long[Batch.MAX_ORIGINS];
  private long bodies;

  PayloadWriter(Names names) {
    this.names = names;
  }

  /**
   * Makes the table.
   *
   * @return the bytes of the whole content
   */
  int measure(Batch batch) {
    if (table.array().length > KEPT) {
      table.reset(new byte[4 * 1024]);
    }
    table.position(0);
    bodies = 0;
    Varints.put(origins(batch), table);
    for (int origin = 0; origin < batch.origins(); origin++) {
      if (number[origin] != UNUSED) {
        piece(OriginForm.of(batch.origin(origin)));
        piece(batch.enrichment(origin).json());
      }
    }
    Varints.put(batch.liveRecords(), table);
    Arrays.fill(lastPosition, 0);
    long lastNanos = 0;
    for (int record = 0; record < batch.size(); record++) {
      if (!batch.isDropped(record)) {
        record(batch, record, lastNanos);
        lastNanos = batch.epochNanos(record);
      }
    }
    return Math.toIntExact(BatchCodec.CONTENT_HEADER + table.position() + bodies);
  }

  /** Numbers the origins that have live records; returns how many they are. */
  private int origins(Batch batch) {
    Arrays.fill(number, UNUSED);
    for (int record = 0; record < batch.size(); record++) {
      if (!batch.isDropped(record)) {
        number[batch.originIndex(record)] = 0;
      }
    }
    byte next = 0;
    for (int origin = 0; origin < batch.origins(); origin++) {
      if (number[origin] != UNUSED) {
        number[origin] = next++;
      }
    }
    return next;
  }

  private void piece(byte[] bytes) {
    Varints.put(bytes.length, table);
    table.put(bytes, 0, bytes.length);
  }

  private void record(Batch batch, int record, long lastNanos) {
    int origin = batch.originIndex(record);
    table.put((byte) batch.flags(record));
    table.put(number[origin]);
    Varints.putSigned(batch.epochNanos(record) - lastNanos, table);
    Varints.putSigned(batch.position(record) - lastPosition[origin], table);
    lastPosition[origin] = batch.position(record);
    Varints.put(batch.stampLength(record), table);
    Varints.put(batch.length(record), table);
    if (batch.isJson(record)) {
      Varints.put(batch.names(record), table);
    }
    bodies += batch.stampLength(record) + batch.length(record);
  }

  /** Writes the content that was measured last. */
  void write(Batch batch, ByteSink out) {
    BatchCodec.putLong(names.fingerprint(), out);
    BatchCodec.putInt(table.position(), out);
    out.put(table.array(), 0, table.position());
    byte[] bytes = batch.bytes();
    for (int record = 0; record < batch.size(); record++) {
      if (!batch.isDropped(record)) {
        if (batch.stampLength(record) > 0) {
          out.put(bytes, batch.stampOffset(record), batch.stampLength(record));
        }
        out.put(bytes, batch.offset(record), batch.length(record));
      }
    }
  }
}
