package io.logboom.net.body;

import io.logboom.api.json.ByteSink;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A body while it is written: straight into segments, or through gzip (RFC 1952) into segments, one
 * block at a time. One thread at a time; used again and again.
 */
public final class Body implements ByteSink.Store, AutoCloseable {
  private static final int BLOCK = 32 * 1024;
  private static final byte[] HEADER = {
    0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 4 /* fastest */, (byte) 255 /* unknown */
  };

  private final Segments segments;
  private final boolean gzip;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final CRC32 crc = new CRC32();
  private final ByteSink block;
  private long deflated;
  private boolean open;

  /**
   * @param most the bytes that a body may have as sent
   */
  public Body(SegmentPool pool, long most, boolean gzip) {
    this.segments = new Segments(pool, most);
    this.gzip = gzip;
    this.block = new ByteSink(this, gzip ? new byte[BLOCK] : new byte[0]);
  }

  /** Where the body is written. */
  public ByteSink sink() {
    if (!gzip) {
      return segments.sink();
    }
    if (!open) {
      open = true;
      segments.sink().put(HEADER, 0, HEADER.length);
    }
    return block;
  }

  /** The bytes before compression. */
  public long plainLength() {
    return gzip ? deflated + block.position() : segments.length();
  }

  /** Ends the writing. */
  public Segments finish() {
    if (gzip) {
      deflate(block.array(), block.position());
      block.position(0);
      deflater.finish();
      drain();
      little(crc.getValue());
      little(deflated);
    }
    segments.seal();
    return segments;
  }

  /** Starts over. */
  public void clear() {
    segments.clear();
    if (gzip) {
      deflater.reset();
      crc.reset();
      deflated = 0;
      block.position(0);
      open = false;
    }
  }

  @Override
  public byte[] next(byte[] array, int used, int needed) {
    deflate(array, used);
    return needed <= array.length ? array : new byte[needed];
  }

  @Override
  public int resumeAt(int used) {
    return 0;
  }

  private void deflate(byte[] array, int used) {
    crc.update(array, 0, used);
    deflated += used;
    deflater.setInput(array, 0, used);
    while (!deflater.needsInput()) {
      step();
    }
  }

  private void drain() {
    while (!deflater.finished()) {
      step();
    }
  }

  private void step() {
    ByteSink out = segments.sink();
    out.ensure(512);
    int at = out.position();
    out.position(at + deflater.deflate(out.array(), at, out.array().length - at));
  }

  private void little(long value) {
    ByteSink out = segments.sink();
    for (int shift = 0; shift < 32; shift += 8) {
      out.put((byte) (value >>> shift));
    }
  }

  @Override
  public void close() {
    clear();
    deflater.end();
  }
}
