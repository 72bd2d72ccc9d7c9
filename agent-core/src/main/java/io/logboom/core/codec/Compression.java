package io.logboom.core.codec;

/** How payloads are made smaller. */
public enum Compression {
  NONE,
  /** Little work. */
  LZ4,
  /** More work for fewer bytes. Its library is native. */
  ZSTD
}
