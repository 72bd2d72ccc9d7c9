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

  /** The eight bytes from {@code i}; the first one is the lowest. */
  public static long load(byte[] b, int i) {
    return (long) LONG.get(b, i);
  }

  /** Writes eight bytes from {@code i}; the lowest one is the first. */
  public static void store(byte[] b, int i, long eight) {
    LONG.set(b, i, eight);
  }

  /**
   * The index (0 to 7) of the lowest marked byte of a mark that is not 0. Marks are the bytes' high
   * bits: each byte up to the lowest marked one has its low bit below it, and a product adds them
   * up (the packaged program's compiler would call a method that counts zeros step by step).
   */
  public static int first(long mark) {
    return (int) (((((mark - 1) & ~mark) & ONES) * ONES) >>> 56) - 1;
  }

  /**
   * A mark whose lowest set byte is the lowest one in {@code eight} that a JSON string cannot hold
   * as it is, or that is above 0x7F; 0 where there is none. What is set above the lowest is
   * meaningless.
   *
   * <p>A subtraction sets the high bit of each byte below what is subtracted. It borrows from the
   * next byte only where it does so, that is above a byte that is marked itself.
   */
  public static long special(long eight) {
    // One expression of at most 35 bytes of bytecode: so small is inlined (C1MaxInlineSize).
    return ((eight - ONES * 0x20)
            | ((eight ^ (ONES * '"')) - ONES)
            | ((eight ^ (ONES * '\\')) - ONES)
            | eight)
        & HIGHS;
  }

  /** As {@link #special} for quotes and backslashes alone. */
  private static long closing(long eight) {
    long quote = eight ^ (ONES * '"');
    long backslash = eight ^ (ONES * '\\');
    return (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash)) & HIGHS;
  }

  /** The index of the first {@code wanted} (0 to 127) in {@code b[from, to)}, or {@code to}. */
  public static int indexOf(byte[] b, int from, int to, byte wanted) {
    long pattern = ONES * wanted;
    int i = from;
    for (; i <= to - 8; i += 8) {
      long x = load(b, i) ^ pattern;
      long zero = (x - ONES) & ~x & HIGHS;
      if (zero != 0) {
        return i + first(zero);
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
      long found = special(load(b, i));
      if (found != 0) {
        return i + first(found);
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

  /** The index of the first quote or backslash in {@code b[from, to)}, or {@code to}. */
  public static int closingEnd(byte[] b, int from, int to) {
    int i = from;
    for (; i <= to - 8; i += 8) {
      long found = closing(load(b, i));
      if (found != 0) {
        return i + first(found);
      }
    }
    for (; i < to; i++) {
      if (b[i] == '"' || b[i] == '\\') {
        return i;
      }
    }
    return to;
  }
}
