package io.logboom.output.loki;

import io.logboom.api.json.ByteSink;

/**
 * The few fields of Loki's push request (package {@code logproto}), in protobuf's wire format:
 *
 * <pre>
 * message PushRequest { repeated Stream streams = 1; }
 * message Stream      { string labels = 1; repeated Entry entries = 2; }
 * message Entry       { Timestamp timestamp = 1; string line = 2; repeated Label metadata = 3; }
 * message Timestamp   { int64 seconds = 1; int32 nanos = 2; }
 * message Label       { string name = 1; string value = 2; }
 * </pre>
 *
 * A tag is {@code field << 3 | type}, the type 2 for what has a length and 0 for a varint.
 */
final class Protobuf {
  static final byte STREAMS = 1 << 3 | 2;
  static final byte LABELS = 1 << 3 | 2;
  static final byte ENTRIES = 2 << 3 | 2;
  static final byte TIMESTAMP = 1 << 3 | 2;
  static final byte LINE = 2 << 3 | 2;
  static final byte METADATA = 3 << 3 | 2;
  static final byte SECONDS = 1 << 3;
  static final byte NANOS = 2 << 3;
  static final byte NAME = 1 << 3 | 2;
  static final byte VALUE = 2 << 3 | 2;

  /** The most bytes before an entry's line: its time, and the line's tag and length. */
  static final int HEAD = 32;

  private Protobuf() {}

  /**
   * How many bytes {@link #varint} writes. Without a division, which C1 leaves to the processor.
   */
  static int varintSize(long value) {
    return (64 + 9 * (64 - Long.numberOfLeadingZeros(value | 1))) >>> 6;
  }

  static void varint(long value, ByteSink out) {
    long rest = value;
    out.ensure(10);
    byte[] b = out.array();
    int at = out.position();
    while ((rest & ~0x7FL) != 0) {
      b[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    b[at++] = (byte) rest;
    out.position(at);
  }

  /**
   * Writes what stands before an entry's line, so that it ends where the line begins.
   *
   * @param line where it begins, with {@link #HEAD} bytes before it
   * @param lineBytes its length
   * @return where it begins
   */
  static int head(Seconds time, int lineBytes, byte[] out, int line) {
    int at = varintBefore(lineBytes, out, line);
    out[--at] = LINE;
    int end = at;
    if (time.nanos() != 0) {
      at = varintBefore(time.nanos(), out, at);
      out[--at] = NANOS;
    }
    at = varintBefore(time.second(), out, at);
    out[--at] = SECONDS;
    int length = end - at; // below 128
    out[--at] = (byte) length;
    out[--at] = TIMESTAMP;
    return at;
  }

  private static int varintBefore(long value, byte[] out, int end) {
    int from = end - varintSize(value);
    int at = from;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at] = (byte) rest;
    return from;
  }

  static void bytes(byte tag, byte[] source, int from, int count, ByteSink out) {
    out.put(tag);
    varint(count, out);
    out.put(source, from, count);
  }

  /** Structured metadata, as it stands in an entry. */
  static void metadata(Pairs pairs, ByteSink out) {
    byte[] b = pairs.bytes();
    for (int i = 0; i < pairs.count(); i++) {
      int name = pairs.nameTo(i) - pairs.nameFrom(i);
      int value = pairs.valueTo(i) - pairs.valueFrom(i);
      out.put(METADATA);
      varint(2L + varintSize(name) + name + varintSize(value) + value, out);
      bytes(NAME, b, pairs.nameFrom(i), name, out);
      bytes(VALUE, b, pairs.valueFrom(i), value, out);
    }
  }
}
