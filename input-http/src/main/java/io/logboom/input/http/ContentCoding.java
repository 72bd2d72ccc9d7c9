package io.logboom.input.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.snappy.SnappyDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** How a body is compressed. */
enum ContentCoding {
  IDENTITY,
  GZIP,
  DEFLATE,
  ZSTD,
  /** The block format. */
  SNAPPY;

  /** What is understood, as a header's value. */
  static final String ALL = "gzip, deflate, zstd, snappy, identity";

  private static final int PIECE = 8192;

  /** Windows of Zstandard that are larger are refused: 8 MiB. */
  private static final int MOST_WINDOW_LOG = 23;

  /** What came out of a body: the first {@code size} of the bytes. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Plain(byte[] bytes, int size) {}

  /** What the values of Content-Encoding say; null for something unknown. */
  static @Nullable ContentCoding of(List<String> values) {
    if (values.isEmpty()) {
      return IDENTITY;
    }
    if (values.size() > 1) {
      return null;
    }
    return switch (values.getFirst().strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "zstd" -> ZSTD;
      case "snappy" -> SNAPPY;
      default -> null;
    };
  }

  /**
   * Decompresses {@code b[from, to)}, and stops where it becomes too much.
   *
   * @return null where it becomes more than {@code most}
   * @throws IOException where it is damaged
   */
  @Nullable Plain decode(byte[] b, int from, int to, int most) throws IOException {
    if (this == SNAPPY) {
      return snappy(b, from, to, most);
    }
    try (InputStream in = open(new ByteArrayInputStream(b, from, to - from), b, from, to)) {
      byte[] out = new byte[Math.max(PIECE, Math.min(most, 4 * (to - from)))];
      int size = 0;
      while (true) {
        int count = in.read(out, size, out.length - size);
        if (count < 0) {
          return size > most ? null : new Plain(out, size);
        }
        size += count;
        if (size > most) {
          return null;
        }
        if (size == out.length) {
          out = Arrays.copyOf(out, (int) Math.min(2L * size, most + 1L));
        }
      }
    }
  }

  private InputStream open(InputStream in, byte[] b, int from, int to) throws IOException {
    return switch (this) {
      case IDENTITY -> in;
      case GZIP -> new GZIPInputStream(in, PIECE);
      case DEFLATE -> deflate(in, new Inflater(!isZlib(b, from, to)));
      case ZSTD -> zstd(in);
      case SNAPPY -> throw new IllegalStateException("snappy has no stream");
    };
  }

  /** Its length comes first, and is believed only as far as it is allowed. */
  private static @Nullable Plain snappy(byte[] b, int from, int to, int most) throws IOException {
    try {
      int size = SnappyDecompressor.getUncompressedLength(b, from);
      if (size > most || size < 0) {
        return null;
      }
      byte[] out = new byte[size];
      int count = new SnappyDecompressor().decompress(b, from, to - from, out, 0, size);
      return new Plain(out, count);
    } catch (MalformedInputException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException("it is no block of snappy", e);
    }
  }

  /** The RFC means zlib's format; some send deflate's alone. */
  private static boolean isZlib(byte[] b, int from, int to) {
    return to - from >= 2
        && (b[from] & 0x0F) == 8
        && (((b[from] & 0xFF) << 8) | (b[from + 1] & 0xFF)) % 31 == 0;
  }

  private static InputStream deflate(InputStream in, Inflater inflater) {
    return new InflaterInputStream(in, inflater, PIECE) {
      @Override
      public void close() throws IOException {
        super.close();
        inflater.end();
      }
    };
  }

  private static InputStream zstd(InputStream in) throws IOException {
    try {
      ZstdInputStreamNoFinalizer made = new ZstdInputStreamNoFinalizer(in);
      made.setLongMax(MOST_WINDOW_LOG);
      return made;
    } catch (LinkageError e) {
      throw new IOException("zstd is not available here: " + e.getMessage(), e);
    }
  }
}
