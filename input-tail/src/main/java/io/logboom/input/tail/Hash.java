package io.logboom.input.tail;

/** A 64-bit hash of bytes that stays the same for ever: it stands in checkpoints and in ids. */
final class Hash {
  private static final long PRIME = 0x100000001b3L;

  private Hash() {}

  /** FNV-1a, finished with a mixer so that all bits depend on all bytes. */
  static long of(byte[] bytes, int from, int to, long seed) {
    long h = 0xcbf29ce484222325L ^ seed;
    for (int i = from; i < to; i++) {
      h = (h ^ (bytes[i] & 0xff)) * PRIME;
    }
    return mix(h);
  }

  /** Spreads a number over 64 bits (the finisher of SplitMix64). */
  static long mix(long x) {
    long h = x;
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }
}
