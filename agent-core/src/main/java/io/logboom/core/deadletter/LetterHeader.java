package io.logboom.core.deadletter;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What stands before a letter's content.
 *
 * @param id the letter's number
 * @param length the bytes of its content
 * @param crc the checksum over content, number and length
 */
record LetterHeader(long id, int length, int crc) {
  static final int BYTES = 24;

  void write(long mark, byte[] into) {
    ByteBuffer.wrap(into).putLong(mark).putLong(id).putInt(length).putInt(crc);
  }

  static LetterHeader read(byte[] from) {
    ByteBuffer in = ByteBuffer.wrap(from, Long.BYTES, BYTES - Long.BYTES);
    return new LetterHeader(in.getLong(), in.getInt(), in.getInt());
  }

  /** Ends a checksum that has the content in it already. */
  static int crc(CRC32C content, long id, int length) {
    content.update(ByteBuffer.allocate(12).putLong(id).putInt(length).flip());
    return (int) content.getValue();
  }
}
