package io.logboom.core.spool;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of a payload.
 *
 * @param head what callers know of the entry
 * @param recordsBefore the records in all entries before it
 * @param payloadCrc the checksum of the payload
 */
record EntryHeader(Head head, long recordsBefore, int payloadCrc) {
  static final int BYTES = 48;

  /** "LBSE". */
  static final int MAGIC = 0x4C42_5345;

  private static final int CRC_AT = 44;

  long sequence() {
    return head.sequence();
  }

  /** The bytes of header and payload. */
  long bytes() {
    return BYTES + (long) head.payloadBytes();
  }

  /** The place behind it. */
  Point after() {
    return new Point(head.sequence() + 1, recordsBefore + head.records());
  }

  Span span() {
    return new Span(
        sequence(), sequence() + 1, recordsBefore, recordsBefore + Math.max(0, head.records()));
  }

  void write(byte[] into) {
    ByteBuffer.wrap(into)
        .putInt(MAGIC)
        .putInt(head.payloadBytes())
        .putLong(head.sequence())
        .putLong(recordsBefore)
        .putInt(head.records())
        .putInt(head.flags())
        .putLong(head.appendedMillis())
        .putInt(payloadCrc)
        .putInt(Crc.of(into, 0, CRC_AT));
  }

  /** The header that stands at {@code at}; null where that is none. */
  static @Nullable EntryHeader parse(byte[] bytes, int at) {
    ByteBuffer in = ByteBuffer.wrap(bytes, at, BYTES);
    if (in.getInt() != MAGIC || in.getInt(at + CRC_AT) != Crc.of(bytes, at, CRC_AT)) {
      return null;
    }
    int payloadBytes = in.getInt();
    long sequence = in.getLong();
    long recordsBefore = in.getLong();
    int records = in.getInt();
    int flags = in.getInt();
    long appendedMillis = in.getLong();
    if (payloadBytes < 0 || sequence < 0 || recordsBefore < 0 || records < 0) {
      return null;
    }
    return new EntryHeader(
        new Head(sequence, payloadBytes, records, flags, appendedMillis),
        recordsBefore,
        in.getInt());
  }
}
