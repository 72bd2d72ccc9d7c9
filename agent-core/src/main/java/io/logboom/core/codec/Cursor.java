package io.logboom.core.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads numbers and stretches out of a part of an array, and never beyond it. */
final class Cursor {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  void reset(byte[] source, int from, int to) {
    bytes = source;
    at = from;
    end = to;
  }

  int at() {
    return at;
  }

  boolean isAtEnd() {
    return at == end;
  }

  /** Passes over the next {@code count} bytes and tells where they start. */
  int take(int count) throws DamagedException {
    if (count < 0 || count > end - at) {
      throw new DamagedException(count + " bytes are named where " + (end - at) + " are left");
    }
    int from = at;
    at += count;
    return from;
  }

  int byteValue() throws DamagedException {
    return bytes[take(1)];
  }

  int fixedInt() throws DamagedException {
    return (int) INT.get(bytes, take(Integer.BYTES));
  }

  long fixedLong() throws DamagedException {
    return (long) LONG.get(bytes, take(Long.BYTES));
  }

  long varint() throws DamagedException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = byteValue();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new DamagedException("a number has more than ten bytes");
  }

  long signed() throws DamagedException {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A varint of at most {@code most}. */
  int upTo(int most, String what) throws DamagedException {
    long value = varint();
    if (value < 0 || value > most) {
      throw new DamagedException(
          Long.toUnsignedString(value) + " " + what + " where " + most + " are the most");
    }
    return (int) value;
  }

  /** The number of bytes that follow: a varint, and never more than are left. */
  int length() throws DamagedException {
    return upTo(Integer.MAX_VALUE, "bytes");
  }

  /** A length, and so many bytes of UTF-8. */
  String text() throws DamagedException {
    int count = length();
    int from = take(count);
    return new String(bytes, from, count, StandardCharsets.UTF_8);
  }
}
