package io.logboom.output.s3;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses what is added to an object: each time one gzip member (RFC 1952) or one zstd frame
 * (RFC 8878), which readers take one behind the other as one stream.
 */
final class Coder {
  private static final int BUFFER = 32 * 1024;
  private static final int ZSTD_LEVEL = 3;

  private Coder() {}

  /** A stream into {@code out}; closing it ends the member or frame and leaves {@code out} open. */
  static OutputStream into(HandleStream out, Staged.Coding coding) throws IOException {
    return switch (coding) {
      case NONE -> out;
      case GZIP -> new Gzip(out);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL);
    };
  }

  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
