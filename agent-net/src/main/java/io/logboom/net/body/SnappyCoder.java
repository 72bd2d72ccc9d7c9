package io.logboom.net.body;

import io.airlift.compress.snappy.SnappyCompressor;
import io.logboom.api.json.ByteSink;

/**
 * Snappy's block format: the length of the whole and a row of copies and literals, of which each
 * stands for itself. Blocks that are compressed one by one, without their lengths, are one
 * compressed whole; only the length must be known before the first.
 */
final class SnappyCoder implements Coder {
  private final SnappyCompressor compressor = new SnappyCompressor();
  private byte[] compressed = new byte[0];

  @Override
  public void begin(Segments out) {
    throw new IllegalStateException("the length is not known");
  }

  /** Writes the length of what is to come. */
  void begin(long bytes, ByteSink out) {
    long rest = bytes;
    while (rest > 0x7F) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  @Override
  public void block(byte[] bytes, int count, Segments out) {
    int most = compressor.maxCompressedLength(count);
    if (compressed.length < most) {
      compressed = new byte[most];
    }
    int end = compressor.compress(bytes, 0, count, compressed, 0, compressed.length);
    int from = 0;
    while (compressed[from] < 0) {
      from++;
    }
    from++; // behind the block's own length
    out.sink().put(compressed, from, end - from);
  }

  @Override
  public void finish(Segments out) {
    // Nothing follows the last block.
  }

  @Override
  public void reset() {
    // It keeps nothing.
  }

  @Override
  public void close() {
    // Nor is there anything to give back.
  }
}
