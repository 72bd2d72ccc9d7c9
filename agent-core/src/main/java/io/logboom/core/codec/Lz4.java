package io.logboom.core.codec;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 blocks, without a frame: sizes stand in the payload's header. */
final class Lz4 implements Compressor {
  private final LZ4Compressor compressor;
  private final LZ4SafeDecompressor decompressor;

  Lz4() {
    LZ4Factory factory = factory();
    compressor = factory.fastCompressor();
    decompressor = factory.safeDecompressor();
  }

  /** Native code needs a directory where it can be unpacked; Java does the same, slower. */
  private static LZ4Factory factory() {
    try {
      return LZ4Factory.nativeInstance();
    } catch (LinkageError e) {
      return LZ4Factory.safeInstance();
    }
  }

  @Override
  public int bound(int count) {
    return compressor.maxCompressedLength(count);
  }

  @Override
  public int compress(byte[] source, int count, byte[] target, int at) {
    return compressor.compress(source, 0, count, target, at, target.length - at);
  }

  @Override
  public void decompress(byte[] bytes, int from, int count, int at, int size)
      throws DamagedException {
    int made;
    try {
      made = decompressor.decompress(bytes, from, count, bytes, at, size);
    } catch (LZ4Exception e) {
      throw new DamagedException("not LZ4: " + e.getMessage());
    }
    if (made != size) {
      throw new DamagedException("LZ4 gave " + made + " bytes, not " + size);
    }
  }
}
