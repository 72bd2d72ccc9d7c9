package io.logboom.core.spool;

import java.util.zip.CRC32C;

/** The checksum of all of the spool's files: CRC-32C. */
final class Crc {
  private Crc() {}

  static int of(byte[] bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, count);
    return (int) crc.getValue();
  }
}
