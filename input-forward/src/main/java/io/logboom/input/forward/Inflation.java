package io.logboom.input.forward;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.logboom.api.batch.Batches;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A lane's one payload that is being decompressed. Its bytes are all there; what comes out is
 * looked at piece by piece, so that a small payload that becomes a large one costs time alone, and
 * not much of that.
 */
final class Inflation {
  /** As many of a payload's first bytes tell how it is compressed. */
  static final int SIGN_BYTES = 4;

  private static final int PIECE = 64 * 1024;

  /** Windows of Zstandard that are larger are refused: 8 MiB. */
  private static final int MOST_WINDOW_LOG = 23;

  /** How a payload is compressed. */
  enum Format {
    NONE,
    GZIP,
    ZSTD
  }

  private final Batches batches;
  private final int mostBytes;
  private final Window window = new Window();
  private @Nullable Connection owner;
  private @Nullable InputStream stream;
  private byte[] out = new byte[PIECE];
  private int from;
  private int to;
  private long total;

  Inflation(Batches batches, int mostBytes) {
    this.batches = batches;
    this.mostBytes = mostBytes;
  }

  /** The format that starts like {@code b[from, to)}. */
  static Format recognise(byte[] b, int from, int to) {
    if (to - from >= 2 && b[from] == 0x1F && (b[from + 1] & 0xFF) == 0x8B) {
      return Format.GZIP;
    }
    boolean zstd =
        to - from >= 4
            && b[from] == 0x28
            && (b[from + 1] & 0xFF) == 0xB5
            && b[from + 2] == 0x2F
            && (b[from + 3] & 0xFF) == 0xFD;
    return zstd ? Format.ZSTD : Format.NONE;
  }

  boolean isFree() {
    return owner == null;
  }

  boolean isOf(Connection connection) {
    return owner == connection;
  }

  /** Begins with the payload {@code b[at, at + count)}. */
  void begin(Connection who, Format format, byte[] b, int at, int count) throws IOException {
    owner = who;
    window.reset(b, at, count);
    from = 0;
    to = 0;
    total = 0;
    stream = format == Format.GZIP ? new GZIPInputStream(window, 4096) : zstd();
  }

  private InputStream zstd() throws IOException {
    try {
      ZstdInputStreamNoFinalizer made = new ZstdInputStreamNoFinalizer(window);
      made.setLongMax(MOST_WINDOW_LOG);
      return made;
    } catch (LinkageError e) {
      throw new IOException("zstd is not available here: " + e.getMessage(), e);
    }
  }

  /** The payload stands elsewhere now. */
  void moved(byte[] b, int at) {
    window.moved(b, at);
  }

  byte[] bytes() {
    return out;
  }

  /** Where what has not been looked at begins in {@link #bytes}. */
  int from() {
    return from;
  }

  void from(int next) {
    from = next;
  }

  int to() {
    return to;
  }

  /** Whether more came out than is allowed. */
  boolean isTooLarge() {
    return total > mostBytes;
  }

  /**
   * Gets more, behind what has not been looked at; twice as much room each time that all of it is
   * taken.
   *
   * @return false at the end
   */
  boolean more() throws IOException {
    InputStream in = stream;
    if (in == null || isTooLarge()) {
      return false;
    }
    int kept = to - from;
    if (from > 0) {
      System.arraycopy(out, from, out, 0, kept);
      from = 0;
      to = kept;
    } else if (kept == out.length) {
      resize(out.length * 2);
    }
    boolean any = false;
    while (to < out.length) {
      int count = in.read(out, to, out.length - to);
      if (count < 0) {
        break;
      }
      any = true;
      to += count;
      total += count;
    }
    return any;
  }

  private void resize(int size) {
    byte[] next = new byte[size];
    System.arraycopy(out, from, next, 0, to - from);
    to -= from;
    from = 0;
    batches.charge((long) size - out.length);
    out = next;
  }

  /** The payload is done with; safe when repeated. */
  void end(Connection who) {
    if (owner != who) {
      return;
    }
    owner = null;
    from = 0;
    to = 0;
    if (out.length > PIECE) {
      resize(PIECE);
    }
    window.reset(new byte[0], 0, 0);
    InputStream in = stream;
    stream = null;
    if (in != null) {
      try {
        in.close();
      } catch (IOException e) {
        // It reads from memory.
      }
    }
  }

  /** Some bytes as a stream. */
  private static final class Window extends InputStream {
    private byte[] b = new byte[0];
    private int at;
    private int start;
    private int end;

    void reset(byte[] bytes, int from, int count) {
      b = bytes;
      start = from;
      at = from;
      end = from + count;
    }

    void moved(byte[] bytes, int from) {
      at += from - start;
      end += from - start;
      start = from;
      b = bytes;
    }

    @Override
    public int read() {
      return at < end ? b[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) {
      if (at == end) {
        return wanted == 0 ? 0 : -1;
      }
      int count = Math.min(wanted, end - at);
      System.arraycopy(b, at, target, offset, count);
      at += count;
      return count;
    }

    @Override
    public int available() {
      return end - at;
    }
  }
}
