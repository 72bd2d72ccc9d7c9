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

  private static final long SECOND = 1_000_000_000L;

  private Protobuf() {}

  /** How many bytes {@link #varint} writes. */
  static int varintSize(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
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

  static void timestamp(long epochNanos, ByteSink out) {
    long seconds = Math.floorDiv(epochNanos, SECOND);
    long nanos = Math.floorMod(epochNanos, SECOND);
    out.put(TIMESTAMP);
    out.put(
        (byte) (1 + varintSize(seconds) + (nanos == 0 ? 0 : 1 + varintSize(nanos)))); // below 128
    out.put(SECONDS);
    varint(seconds, out);
    if (nanos != 0) {
      out.put(NANOS);
      varint(nanos, out);
    }
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
