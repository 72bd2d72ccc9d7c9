package io.logboom.net.body;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.logboom.api.json.ByteSink;
import java.nio.ByteBuffer;

/** Zstandard (RFC 8878), one frame without a length, by the native library. */
final class ZstdCoder implements Coder {
  private static final int LEVEL = 1;
  private static final int BUFFER = 32 * 1024;

  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final ByteBuffer source = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer target = ByteBuffer.allocateDirect(BUFFER);

  ZstdCoder() {
    context.setLevel(LEVEL);
  }

  @Override
  public void begin(Segments out) {
    // The frame's head comes with its first bytes.
  }

  @Override
  public void block(byte[] bytes, int count, Segments out) {
    for (int from = 0; from < count; from += BUFFER) {
      source.clear();
      source.put(bytes, from, Math.min(BUFFER, count - from)).flip();
      while (source.hasRemaining()) {
        step(EndDirective.CONTINUE, out.sink());
      }
    }
  }

  @Override
  public void finish(Segments out) {
    source.clear().flip();
    boolean all;
    do {
      all = step(EndDirective.END, out.sink());
    } while (!all);
  }

  private boolean step(EndDirective how, ByteSink out) {
    target.clear();
    boolean done = context.compressDirectByteBufferStream(target, source, how);
    target.flip();
    while (target.hasRemaining()) {
      out.ensure(1);
      int at = out.position();
      int count = Math.min(target.remaining(), out.array().length - at);
      target.get(out.array(), at, count);
      out.position(at + count);
    }
    return done;
  }

  @Override
  public void reset() {
    context.reset();
    context.setLevel(LEVEL);
  }

  @Override
  public void close() {
    context.close();
  }
}
