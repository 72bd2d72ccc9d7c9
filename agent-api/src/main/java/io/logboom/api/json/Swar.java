package io.logboom.api.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Searching bytes eight at a time, in one general register (SIMD within a register). */
public final class Swar {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private Swar() {}

  /** The index of the first {@code wanted} (0 to 127) in {@code b[from, to)}, or {@code to}. */
  public static int indexOf(byte[] b, int from, int to, byte wanted) {
    long pattern = ONES * wanted;
    int i = from;
    for (; i <= to - 8; i += 8) {
      long x = (long) LONG.get(b, i) ^ pattern;
      long zero = (x - ONES) & ~x & HIGHS;
      if (zero != 0) {
        return i + (Long.numberOfTrailingZeros(zero) >>> 3);
      }
    }
    for (; i < to; i++) {
      if (b[i] == wanted) {
        return i;
      }
    }
    return to;
  }

  /**
   * The index of the first byte in {@code b[from, to)} that a JSON string cannot hold as it is, or
   * that is above 0x7F; or {@code to}.
   */
  public static int plainEnd(byte[] b, int from, int to) {
    int i = from;
    for (; i <= to - 8; i += 8) {
      long x = (long) LONG.get(b, i);
      long quote = x ^ (ONES * '"');
      long backslash = x ^ (ONES * '\\');
      // Below 0x20, '"', '\\': a borrow leaves the high bit set; above 0x7F: it is set to begin
      // with.
      long found = ((x - ONES * 0x20) | (quote - ONES) | (backslash - ONES) | x) & HIGHS;
      if (found != 0) {
        // A borrow can only run upwards from a byte that was found, so that the lowest one is
        // right.
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    for (; i < to; i++) {
      byte c = b[i];
      if (c < 0x20 || c == '"' || c == '\\') {
        return i;
      }
    }
    return to;
  }
}
