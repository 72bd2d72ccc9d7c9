package io.logboom.core.codec;

/**
 * One way of compressing a block of bytes. Each is a class of its own, loaded when it is needed.
 */
interface Compressor {
  /** The most bytes that {@code count} bytes become. */
  int bound(int count);

  /**
   * Compresses {@code source[0, count)} to {@code target[at, ...)}, which has room for the bound.
   */
  int compress(byte[] source, int count, byte[] target, int at);

  /**
   * Decompresses {@code bytes[from, from + count)} to exactly {@code size} bytes at {@code at} of
   * the same array, without touching others.
   */
  void decompress(byte[] bytes, int from, int count, int at, int size) throws DamagedException;

  /**
   * @throws IllegalStateException where its library cannot be loaded
   */
  static Compressor of(Compression kind) {
    try {
      return switch (kind) {
        case LZ4 -> new Lz4();
        case ZSTD -> new ZstdBlocks();
        case NONE -> throw new IllegalArgumentException("nothing to compress with");
      };
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "the library for " + kind + " cannot be loaded here: " + e.getMessage(), e);
    }
  }
}
