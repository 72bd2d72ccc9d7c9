package io.logboom.output.s3;

import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Reads the units of a log file, one at a time; the format is {@link Draft}'s. */
final class UnitReader {
  private static final int WINDOW = 64 * 1024;

  /** A unit is appended with the record that fills it. */
  private static final int USUAL = Draft.FULL + 64 * 1024;

  private final DiskFile file;
  private final long end;
  private byte[] bytes;
  private long at;
  private long next;
  private int length;
  private int records;
  private long millis;

  // The block that block() found.
  private int blockAt;
  private int tagLength;
  private int sourceLength;
  private int payloadLength;
  private int positionsLength;

  /** Told of blocks, which are in the reader until the next one. */
  @FunctionalInterface
  interface Blocks {
    void block(UnitReader block) throws IOException;
  }

  /**
   * @param from where the first unit begins
   * @param end where what may be read ends
   * @param bytes to read into; {@link #bytes()} may be others where they are too few
   */
  UnitReader(DiskFile file, long from, long end, byte[] bytes) {
    this.file = file;
    this.bytes = bytes.length < Draft.UNIT_HEADER ? new byte[Draft.UNIT_HEADER] : bytes;
    this.next = from;
    this.end = end;
  }

  /** Goes to the next unit; false where there is no whole one at the place. */
  boolean next() throws IOException {
    if (!isUnit(next)) {
      return false;
    }
    at = next;
    next = at + Draft.UNIT_HEADER + length;
    return true;
  }

  /**
   * Goes to the next place behind which a whole unit stands; false, and no further, where there is
   * none.
   */
  boolean resume() throws IOException {
    byte[] window = new byte[WINDOW];
    for (long from = next + 1; from < end; from += WINDOW - 3) {
      int count = file.read(window, 0, (int) Math.min(WINDOW, end - from), from);
      for (int i = 0; i + 3 < count; i++) {
        if (window[i] == 'L'
            && window[i + 1] == 'B'
            && window[i + 2] == 'S'
            && window[i + 3] == 'U'
            && isUnit(from + i)) {
          next = from + i;
          return true;
        }
      }
    }
    return false;
  }

  private boolean isUnit(long place) throws IOException {
    if (end - place < Draft.UNIT_HEADER
        || file.read(bytes, 0, Draft.UNIT_HEADER, place) < Draft.UNIT_HEADER) {
      return false;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, Draft.UNIT_HEADER);
    int body = header.getInt(4);
    if (header.getInt(0) != Draft.UNIT_MAGIC
        || header.getInt(28) != crc(bytes, 0, 28)
        || body < 0
        || body > end - place - Draft.UNIT_HEADER) {
      return false;
    }
    int sum = header.getInt(12);
    int itsRecords = header.getInt(8);
    long itsMillis = header.getLong(16);
    if (bytes.length < body) {
      bytes = new byte[Math.max(body, USUAL)];
    }
    if (file.read(bytes, 0, body, place + Draft.UNIT_HEADER) < body || sum != crc(bytes, 0, body)) {
      return false;
    }
    length = body;
    records = itsRecords;
    millis = itsMillis;
    return true;
  }

  static int crc(byte[] bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, count);
    return (int) crc.getValue();
  }

  /** Where the next unit would begin. */
  long position() {
    return next;
  }

  int records() {
    return records;
  }

  /** When the unit was appended. */
  long millis() {
    return millis;
  }

  /** Goes through the unit's blocks. */
  void blocks(Blocks to) throws IOException {
    int i = 0;
    while (i + Draft.BLOCK_HEADER <= length) {
      ByteBuffer b = ByteBuffer.wrap(bytes);
      tagLength = b.getShort(i + 4) & 0xFFFF;
      sourceLength = b.getShort(i + 6) & 0xFFFF;
      payloadLength = b.getInt(i + 28);
      positionsLength = b.getInt(i + 32);
      blockAt = i;
      long whole =
          (long) Draft.BLOCK_HEADER + tagLength + sourceLength + payloadLength + positionsLength;
      if (b.getInt(i) != Draft.BLOCK_MAGIC || whole > length - i) {
        throw new IOException("a unit whose blocks do not fit in it");
      }
      to.block(this);
      i += (int) whole;
    }
  }

  // Of the block:

  long period() {
    return ByteBuffer.wrap(bytes).getLong(blockAt + 8);
  }

  /** The time of its first record. */
  long second() {
    return ByteBuffer.wrap(bytes).getLong(blockAt + 16);
  }

  int blockRecords() {
    return ByteBuffer.wrap(bytes).getInt(blockAt + 24);
  }

  String tag() {
    return text(blockAt + Draft.BLOCK_HEADER, tagLength);
  }

  String source() {
    return text(blockAt + Draft.BLOCK_HEADER + tagLength, sourceLength);
  }

  private String text(int from, int count) {
    return new String(bytes, from, count, StandardCharsets.UTF_8);
  }

  /** Where the payload is in the file. */
  long payloadAt() {
    return at + Draft.UNIT_HEADER + payloadFrom();
  }

  /** {@code bytes()[payloadFrom(), payloadFrom() + payloadLength())} is the payload. */
  int payloadFrom() {
    return blockAt + Draft.BLOCK_HEADER + tagLength + sourceLength;
  }

  int payloadLength() {
    return payloadLength;
  }

  byte[] bytes() {
    return bytes;
  }

  /** {@code bytes()[positionsFrom(), positionsTo())} are the positions. */
  int positionsFrom() {
    return payloadFrom() + payloadLength;
  }

  int positionsTo() {
    return positionsFrom() + positionsLength;
  }
}
