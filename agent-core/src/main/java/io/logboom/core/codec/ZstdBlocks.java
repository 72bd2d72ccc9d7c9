package io.logboom.core.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;

/** Zstandard frames. */
final class ZstdBlocks implements Compressor {
  /** The spool is written while a backend is away and the node is busy: speed before size. */
  private static final int LEVEL = 1;

  ZstdBlocks() {
    // Loads the native library now, and not at the first batch.
    Zstd.maxCompressionLevel();
  }

  @Override
  public int bound(int count) {
    return Math.toIntExact(Zstd.compressBound(count));
  }

  @Override
  public int compress(byte[] source, int count, byte[] target, int at) {
    return (int) Zstd.compressByteArray(target, at, target.length - at, source, 0, count, LEVEL);
  }

  @Override
  public void decompress(byte[] bytes, int from, int count, int at, int size)
      throws DamagedException {
    long made;
    try {
      made = Zstd.decompressByteArray(bytes, at, size, bytes, from, count);
    } catch (ZstdException e) {
      throw new DamagedException("not zstd: " + e.getMessage());
    }
    if (made != size) {
      throw new DamagedException("zstd gave " + made + " bytes, not " + size);
    }
  }
}
