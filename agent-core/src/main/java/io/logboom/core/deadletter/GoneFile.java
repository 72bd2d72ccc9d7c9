package io.logboom.core.deadletter;

import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * The numbers of the letters of a segment that are gone: 12 bytes each, number and checksum. Below
 * zero, it is the number behind that of the last letter, written when the segment was left in
 * order: all before it had been whole.
 */
final class GoneFile {
  static final int ENTRY = Long.BYTES + Integer.BYTES;
  private static final int BUFFER = 1024 * ENTRY;

  private GoneFile() {}

  static byte[] entry(SegmentName segment, long id) {
    return ByteBuffer.allocate(ENTRY).putLong(id).putInt(crc(segment, id)).array();
  }

  private static int crc(SegmentName segment, long id) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(segment.mark()).putLong(id).flip());
    return (int) crc.getValue();
  }

  /**
   * Sets a bit, counted from the segment's first letter, for each letter that the file says is
   * gone.
   *
   * @return the number behind the last letter; 0 where the file does not say
   */
  static long read(DiskFile file, SegmentName segment, BitSet gone) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int count = BUFFER;
    long next = 0;
    for (long at = 0; count == BUFFER; at += BUFFER) {
      count = file.read(buffer, 0, BUFFER, at);
      ByteBuffer in = ByteBuffer.wrap(buffer, 0, count);
      while (in.remaining() >= ENTRY) {
        long id = in.getLong();
        if (in.getInt() != crc(segment, id)) {
          continue; // torn, or damaged
        }
        if (id < 0) {
          next = Math.max(next, -id);
        } else {
          gone.set(Math.toIntExact(id - segment.first()));
        }
      }
    }
    return next;
  }
}
