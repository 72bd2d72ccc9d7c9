package io.logboom.net.body;

/** How a body is compressed on its way (RFC 9110 §8.4). */
public enum Coding {
  NONE(""),
  GZIP("gzip"),
  /** One frame (RFC 8878). */
  ZSTD("zstd"),
  /** Snappy's block format, whose length comes first: the body is in memory plain, too. */
  SNAPPY("snappy");

  private final String token;

  Coding(String token) {
    this.token = token;
  }

  /** The value of a {@code Content-Encoding} header; empty for none. */
  public String token() {
    return token;
  }

  /** What compresses; {@link #NONE} has nothing that does. */
  Coder coder() {
    return switch (this) {
      case GZIP -> new GzipCoder();
      case ZSTD -> new ZstdCoder();
      case SNAPPY -> new SnappyCoder();
      case NONE -> throw new IllegalStateException("nothing is to be compressed");
    };
  }
}
