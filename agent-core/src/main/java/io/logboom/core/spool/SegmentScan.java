package io.logboom.core.spool;

import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Finds entries in a segment file. */
final class SegmentScan {
  private static final int CHUNK = 64 * 1024;

  // What a disk loses at once, when it can read some bytes and others not.
  private static final int BLOCK = 4096;
  private static final byte FIRST_OF_MAGIC = (byte) (EntryHeader.MAGIC >>> 24);

  private final byte[] header = new byte[EntryHeader.BYTES];

  /** The header of the entry at {@code at}; null where there is no whole entry. */
  @Nullable EntryHeader header(DiskFile file, long at, long length) throws IOException {
    if (at + EntryHeader.BYTES > length
        || file.read(header, 0, EntryHeader.BYTES, at) < EntryHeader.BYTES) {
      return null;
    }
    EntryHeader parsed = EntryHeader.parse(header, 0);
    return parsed == null || at + parsed.bytes() > length ? null : parsed;
  }

  /**
   * Where the next whole entry stands whose number is one of {@code from} to below {@code to}.
   *
   * @param tolerant whether what the disk cannot read counts as damaged
   * @return {@code length} where there is none
   */
  static long find(DiskFile file, long at, long length, long from, long to, boolean tolerant)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long base = at;
    while (base + EntryHeader.BYTES <= length) {
      int wanted = (int) Math.min(tolerant ? 2 * BLOCK : CHUNK, length - base);
      int count;
      try {
        count = file.read(chunk, 0, wanted, base);
      } catch (IOException e) {
        if (!tolerant) {
          throw e;
        }
        base = (base / BLOCK + 1) * BLOCK;
        continue;
      }
      int found = find(chunk, count, length - base, from, to);
      if (found >= 0) {
        return base + found;
      }
      if (count < wanted) {
        return length;
      }
      base += count - EntryHeader.BYTES + 1;
    }
    return length;
  }

  private static int find(byte[] chunk, int count, long left, long from, long to) {
    for (int i = 0; i + EntryHeader.BYTES <= count; i++) {
      if (chunk[i] != FIRST_OF_MAGIC) {
        continue;
      }
      EntryHeader parsed = EntryHeader.parse(chunk, i);
      if (parsed != null
          && parsed.sequence() >= from
          && parsed.sequence() < to
          && i + parsed.bytes() <= left) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the payload is what its checksum says. */
  static boolean payloadHolds(DiskFile file, long at, EntryHeader header) throws IOException {
    CRC32C crc = new CRC32C();
    int left = header.head().payloadBytes();
    byte[] chunk = new byte[Math.min(CHUNK, left)];
    long place = at + EntryHeader.BYTES;
    while (left > 0) {
      int count = file.read(chunk, 0, Math.min(chunk.length, left), place);
      if (count <= 0) {
        return false;
      }
      crc.update(chunk, 0, count);
      place += count;
      left -= count;
    }
    return (int) crc.getValue() == header.payloadCrc();
  }
}
