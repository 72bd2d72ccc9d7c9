package io.logboom.net.body;

import io.logboom.api.json.ByteSink;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** gzip (RFC 1952). */
final class GzipCoder implements Coder {
  private static final byte[] HEADER = {
    0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 4 /* fastest */, (byte) 255 /* unknown */
  };

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final CRC32 crc = new CRC32();
  private long taken;

  @Override
  public void begin(Segments out) {
    out.sink().put(HEADER, 0, HEADER.length);
  }

  @Override
  public void block(byte[] bytes, int count, Segments out) {
    crc.update(bytes, 0, count);
    taken += count;
    deflater.setInput(bytes, 0, count);
    while (!deflater.needsInput()) {
      step(out.sink());
    }
  }

  @Override
  public void finish(Segments out) {
    deflater.finish();
    while (!deflater.finished()) {
      step(out.sink());
    }
    little(crc.getValue(), out.sink());
    little(taken, out.sink());
  }

  private void step(ByteSink out) {
    out.ensure(512);
    int at = out.position();
    out.position(at + deflater.deflate(out.array(), at, out.array().length - at));
  }

  private static void little(long value, ByteSink out) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.put((byte) (value >>> shift));
    }
  }

  @Override
  public void reset() {
    deflater.reset();
    crc.reset();
    taken = 0;
  }

  @Override
  public void close() {
    deflater.end();
  }
}
