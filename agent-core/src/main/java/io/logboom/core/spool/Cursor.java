package io.logboom.core.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a slot of the cursor file says.
 *
 * @param generation how often the cursor was written before
 * @param settled all entries before this are settled
 * @param durable all entries before this were flushed
 * @param next a number lower than this is not given again
 * @param spans what is settled behind {@code settled}, in order
 */
record Cursor(long generation, Point settled, Point durable, long next, List<Span> spans) {
  static final int SLOTS = 3;
  static final int SLOT_BYTES = 4096;
  static final int FILE_BYTES = SLOTS * SLOT_BYTES;
  static final int MOST_SPANS = 125;
  static final int VERSION = 1;

  /** "LBCURSR\n". */
  private static final long MAGIC = 0x4C42_4355_5253_520AL;

  private static final int COUNT_AT = 64;
  private static final int CRC_AT = 68;
  private static final int SPANS_AT = 72;
  private static final int SPAN_BYTES = 32;

  /** A slot's bytes; {@link #length} of them matter. */
  byte[] toBytes() {
    byte[] slot = new byte[SLOT_BYTES];
    ByteBuffer out = Preamble.begin(slot, MAGIC, VERSION);
    out.putLong(generation);
    out.putLong(settled.sequence()).putLong(settled.records());
    out.putLong(durable.sequence()).putLong(durable.records());
    out.putLong(next).putInt(spans.size());
    out.position(SPANS_AT);
    for (Span span : spans) {
      out.putLong(span.from()).putLong(span.to());
      out.putLong(span.recordsFrom()).putLong(span.recordsTo());
    }
    out.putInt(CRC_AT, crc(slot, spans.size()));
    return slot;
  }

  int length() {
    return SPANS_AT + spans.size() * SPAN_BYTES;
  }

  private static int crc(byte[] slot, int spans) {
    CRC32C crc = new CRC32C();
    crc.update(slot, 0, CRC_AT);
    crc.update(slot, SPANS_AT, spans * SPAN_BYTES);
    return (int) crc.getValue();
  }

  /** The version that a slot says; 0 where it is not valid. */
  static int version(byte[] slot) {
    return Preamble.version(slot, slot.length, MAGIC);
  }

  /** Reads a slot; null where it is not valid. */
  static @Nullable Cursor parse(byte[] slot) {
    if (version(slot) != VERSION) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(slot);
    int count = in.getInt(COUNT_AT);
    if (count < 0 || count > MOST_SPANS || in.getInt(CRC_AT) != crc(slot, count)) {
      return null;
    }
    in.position(Preamble.BYTES);
    long generation = in.getLong();
    Point settled = new Point(in.getLong(), in.getLong());
    Point durable = new Point(in.getLong(), in.getLong());
    long next = in.getLong();
    in.position(SPANS_AT);
    List<Span> spans = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      spans.add(new Span(in.getLong(), in.getLong(), in.getLong(), in.getLong()));
    }
    return new Cursor(generation, settled, durable, next, spans);
  }
}
