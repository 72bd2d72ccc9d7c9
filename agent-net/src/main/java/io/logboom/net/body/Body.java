package io.logboom.net.body;

import io.logboom.api.json.ByteSink;
import org.jspecify.annotations.Nullable;

/**
 * A body while it is written: straight into segments, or compressed into segments, one block at a
 * time. One thread at a time; used again and again.
 */
public final class Body implements ByteSink.Store, AutoCloseable {
  private static final int BLOCK = 32 * 1024;

  private final Segments segments;
  private final @Nullable Coder coder;

  /** The plain body, where compression begins with its length. */
  private final @Nullable Segments whole;

  private final ByteSink block;
  private long taken;
  private boolean open;

  /**
   * @param most the bytes that a body may have as sent
   * @param gzip whether it is compressed
   */
  public Body(SegmentPool pool, long most, boolean gzip) {
    this(pool, most, gzip ? Coding.GZIP : Coding.NONE);
  }

  /**
   * @param most the bytes that a body may have as sent, and in memory
   */
  public Body(SegmentPool pool, long most, Coding coding) {
    this.segments = new Segments(pool, most);
    this.coder = coding == Coding.NONE ? null : coding.coder();
    this.whole = coding == Coding.SNAPPY ? new Segments(pool, most) : null;
    boolean blocks = coder != null && whole == null;
    this.block = new ByteSink(this, blocks ? new byte[BLOCK] : new byte[0]);
  }

  /** Where the body is written. */
  public ByteSink sink() {
    if (whole != null) {
      return whole.sink();
    }
    if (coder == null) {
      return segments.sink();
    }
    if (!open) {
      open = true;
      coder.begin(segments);
    }
    return block;
  }

  /** The bytes before compression. */
  public long plainLength() {
    if (whole != null) {
      return whole.length();
    }
    return coder == null ? segments.length() : taken + block.position();
  }

  /** Ends the writing. */
  public Segments finish() {
    if (whole != null && coder instanceof SnappyCoder snappy) {
      whole.seal();
      snappy.begin(whole.length(), segments.sink());
      for (int i = 0; i < whole.count(); i++) {
        snappy.block(whole.segment(i), whole.used(i), segments);
      }
    } else if (coder != null) {
      if (!open) {
        open = true;
        coder.begin(segments);
      }
      take(coder, block.array(), block.position());
      block.position(0);
      coder.finish(segments);
    }
    segments.seal();
    return segments;
  }

  private void take(Coder by, byte[] bytes, int count) {
    by.block(bytes, count, segments);
    taken += count;
  }

  /** Starts over. */
  public void clear() {
    segments.clear();
    if (whole != null) {
      whole.clear();
    }
    if (coder != null) {
      coder.reset();
      taken = 0;
      block.position(0);
      open = false;
    }
  }

  @Override
  public byte[] next(byte[] array, int used, int needed) {
    if (coder != null) {
      take(coder, array, used);
    }
    return needed <= array.length ? array : new byte[needed];
  }

  @Override
  public int resumeAt(int used) {
    return 0;
  }

  @Override
  public void close() {
    clear();
    if (coder != null) {
      coder.close();
    }
  }
}
