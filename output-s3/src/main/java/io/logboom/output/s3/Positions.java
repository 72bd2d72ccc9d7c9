package io.logboom.output.s3;

import io.logboom.api.json.ByteSink;

/**
 * Positions of records as bytes: the first as a varint, each further one as the zigzag varint of
 * its distance from the one before. Lines of 200 bytes take 2 bytes each.
 */
final class Positions {
  private Positions() {}

  static void write(long value, ByteSink out) {
    out.ensure(10);
    byte[] b = out.array();
    int at = out.position();
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      b[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    b[at++] = (byte) rest;
    out.position(at);
  }

  static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  /** Reads positions one after the other. */
  static final class Reader {
    private final byte[] bytes;
    private final int end;
    private int at;
    private boolean begun;
    private long value;

    /** {@code bytes[from, to)} is what was written. */
    Reader(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.at = from;
      this.end = to;
    }

    boolean next() {
      if (at >= end) {
        return false;
      }
      long raw = varint();
      value = begun ? value + ((raw >>> 1) ^ -(raw & 1)) : raw;
      begun = true;
      return true;
    }

    long value() {
      return value;
    }

    /** Where the next one begins. */
    int at() {
      return at;
    }

    private long varint() {
      long result = 0;
      for (int shift = 0; shift < 64 && at < end; shift += 7) {
        byte b = bytes[at++];
        result |= (b & 0x7FL) << shift;
        if (b >= 0) {
          break;
        }
      }
      return result;
    }
  }
}
