package io.logboom.core.codec;

/** How payloads are made smaller. */
public enum Compression {
  NONE(0),
  /** Little work. */
  LZ4(1),
  /** More work for fewer bytes. Its library is native. */
  ZSTD(2);

  private final int code;

  Compression(int code) {
    this.code = code;
  }

  /** What stands in a payload for it. */
  int code() {
    return code;
  }

  /** The one that stands as {@code code} in a payload. */
  static Compression of(int code) throws DamagedException {
    for (Compression kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new DamagedException("a payload of an unknown kind, " + code);
  }
}
