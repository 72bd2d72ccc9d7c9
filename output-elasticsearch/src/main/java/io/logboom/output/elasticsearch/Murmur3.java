package io.logboom.output.elasticsearch;

import io.logboom.api.json.ByteSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash3 for x64, 128 bits, with the seed 42, as {@code generate_id} uses it. */
final class Murmur3 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;
  private static final long SEED = 42;
  private static final String HEX = "0123456789abcdef";

  private Murmur3() {}

  /** The hash of {@code bytes[0, length)} as 8-4-4-4-12 hexadecimal digits. */
  static void writeUuid(byte[] bytes, int length, ByteSink out) {
    long h1 = SEED;
    long h2 = SEED;
    int blocks = length >>> 4;
    for (int i = 0; i < blocks; i++) {
      h1 ^= mix1((long) LONG.get(bytes, i << 4));
      h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
      h2 ^= mix2((long) LONG.get(bytes, (i << 4) + 8));
      h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
    }
    long k1 = 0;
    long k2 = 0;
    int tail = blocks << 4;
    for (int i = length - 1; i >= tail; i--) {
      long b = bytes[i] & 0xFFL;
      int at = i - tail;
      if (at >= 8) {
        k2 |= b << ((at - 8) << 3);
      } else {
        k1 |= b << (at << 3);
      }
    }
    h2 ^= mix2(k2);
    h1 ^= mix1(k1);
    h1 ^= length;
    h2 ^= length;
    h1 += h2;
    h2 += h1;
    h1 = finish(h1);
    h2 = finish(h2);
    h1 += h2;
    h2 += h1;
    hex(h1 >>> 32, 8, out);
    out.put((byte) '-');
    hex(h1 >>> 16, 4, out);
    out.put((byte) '-');
    hex(h1, 4, out);
    out.put((byte) '-');
    hex(h2 >>> 48, 4, out);
    out.put((byte) '-');
    hex(h2, 12, out);
  }

  private static long mix1(long k) {
    return Long.rotateLeft(k * C1, 31) * C2;
  }

  private static long mix2(long k) {
    return Long.rotateLeft(k * C2, 33) * C1;
  }

  private static long finish(long hash) {
    long h = hash;
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  private static void hex(long value, int count, ByteSink out) {
    for (int k = count - 1; k >= 0; k--) {
      out.put((byte) HEX.charAt((int) (value >>> (k << 2)) & 0xF));
    }
  }
}
