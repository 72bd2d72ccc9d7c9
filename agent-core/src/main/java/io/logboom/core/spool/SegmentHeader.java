package io.logboom.core.spool;

import java.nio.ByteBuffer;

/**
 * What stands at the start of a segment file.
 *
 * @param first the place of its first entry
 * @param follows where the segments before it end; what is between that and {@code first} is void
 * @param createdMillis when it was begun, in milliseconds since the epoch
 */
record SegmentHeader(Point first, Point follows, long createdMillis) {
  static final int BYTES = 64;
  static final int VERSION = 1;

  /** "LBSPOOL\n". */
  private static final long MAGIC = 0x4C42_5350_4F4F_4C0AL;

  private static final int CRC_AT = 60;
  private static final int DIGITS = 20;
  private static final String SUFFIX = ".segment";

  /** What the start of a file turned out to be. */
  sealed interface Parsed {
    record Known(SegmentHeader header) implements Parsed {}

    record Newer(int version) implements Parsed {}

    record Damaged() implements Parsed {}
  }

  byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    ByteBuffer out = Preamble.begin(bytes, MAGIC, VERSION);
    out.putLong(first.sequence()).putLong(first.records());
    out.putLong(follows.sequence()).putLong(follows.records());
    out.putLong(createdMillis).putInt(0);
    out.putInt(Crc.of(bytes, 0, CRC_AT));
    return bytes;
  }

  /** Reads the header from the first {@code count} bytes. */
  static Parsed parse(byte[] bytes, int count) {
    int version = Preamble.version(bytes, count, MAGIC);
    if (version > VERSION) {
      return new Parsed.Newer(version);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (version != VERSION || count < BYTES || in.getInt(CRC_AT) != Crc.of(bytes, 0, CRC_AT)) {
      return new Parsed.Damaged();
    }
    in.position(Preamble.BYTES);
    return new Parsed.Known(
        new SegmentHeader(
            new Point(in.getLong(), in.getLong()),
            new Point(in.getLong(), in.getLong()),
            in.getLong()));
  }

  /** The name of the segment whose first entry has this number. */
  static String name(long first) {
    String digits = Long.toString(first);
    return "0".repeat(DIGITS - digits.length()) + digits + SUFFIX;
  }

  /** The number of the first entry of the segment with this name; -1 where it is no segment's. */
  static long first(String name) {
    if (name.length() != DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return -1;
    }
    try {
      return Long.parseLong(name, 0, DIGITS, 10);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
