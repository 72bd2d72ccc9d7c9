package io.logboom.core.codec;

import io.logboom.api.json.ByteSink;

/**
 * Writes numbers as varints: seven bits a byte, the low ones first, the high bit set but in the
 * last byte.
 */
final class Varints {
  private static final int MOST = 10;

  private Varints() {}

  /** Any 64 bits, small unsigned numbers in few bytes. */
  static void put(long value, ByteSink out) {
    out.ensure(MOST);
    byte[] array = out.array();
    int at = out.position();
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      array[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    array[at++] = (byte) rest;
    out.position(at);
  }

  /** A number of either sign, those near 0 in few bytes. */
  static void putSigned(long value, ByteSink out) {
    put((value << 1) ^ (value >> 63), out);
  }
}
