package io.logboom.core.spool;

import java.nio.ByteBuffer;

/** The start of every file and slot, the same in all versions: magic, version, their checksum. */
final class Preamble {
  static final int BYTES = 16;

  private static final int CRC_AT = 12;

  private Preamble() {}

  /** Writes the preamble; the buffer is ready for what follows. */
  static ByteBuffer begin(byte[] bytes, long magic, int version) {
    ByteBuffer out = ByteBuffer.wrap(bytes).putLong(magic).putInt(version);
    return out.putInt(Crc.of(bytes, 0, CRC_AT));
  }

  /** The version that the bytes say; 0 where they do not start as they should. */
  static int version(byte[] bytes, int count, long magic) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (count < BYTES || in.getLong(0) != magic || in.getInt(CRC_AT) != Crc.of(bytes, 0, CRC_AT)) {
      return 0;
    }
    return Math.max(0, in.getInt(Long.BYTES));
  }
}
