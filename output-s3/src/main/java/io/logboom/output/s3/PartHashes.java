package io.logboom.output.s3;

import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of each part of an object, computed as it is written: what is uploaded need not be
 * read for its signature. Where an earlier life wrote some of it, there is none. One thread at a
 * time.
 */
final class PartHashes {
  private static final int PIECE = 64 * 1024;
  private static final HexFormat HEX = HexFormat.of();

  private final long partBytes;
  private final List<String> whole = new ArrayList<>();
  private @Nullable MessageDigest open;
  private long openBytes;
  private long bytes;
  private boolean ended;

  /**
   * @param partBytes how long all parts are but the last; {@link Long#MAX_VALUE} for one part
   */
  PartHashes(long partBytes) {
    this.partBytes = partBytes;
  }

  /** Of a file as it is. */
  static PartHashes of(DiskFile file, long length, long partBytes) throws IOException {
    PartHashes made = new PartHashes(partBytes);
    byte[] piece = new byte[PIECE];
    for (long at = 0; at < length; at += PIECE) {
      int count = (int) Math.min(PIECE, length - at);
      made.update(piece, 0, file.read(piece, 0, count, at));
    }
    made.end();
    return made;
  }

  /** How many bytes were written. */
  long bytes() {
    return bytes;
  }

  void update(byte[] b, int from, int count) {
    int at = from;
    int left = count;
    while (left > 0) {
      MessageDigest digest = open;
      if (digest == null) {
        digest = sha256();
        open = digest;
      }
      int more = (int) Math.min(left, partBytes - openBytes);
      digest.update(b, at, more);
      at += more;
      left -= more;
      openBytes += more;
      if (openBytes == partBytes) {
        endPart();
      }
    }
    bytes += count;
  }

  /** Nothing more is written. */
  void end() {
    if (openBytes > 0) {
      endPart();
    }
    open = null;
    ended = true;
  }

  private void endPart() {
    MessageDigest digest = open;
    if (digest != null) {
      whole.add(HEX.formatHex(digest.digest()));
      openBytes = 0;
    }
  }

  /** The hash of a stretch, in hexadecimal digits; null where it is no part of these. */
  @Nullable String of(long from, long length) {
    long part = from / partBytes;
    boolean known =
        ended
            && from % partBytes == 0
            && part < whole.size()
            && length == Math.min(partBytes, bytes - from);
    return known ? whole.get((int) part) : null;
  }

  /** How many bytes there are in parts that differ. */
  long differences(PartHashes other) {
    long sum = 0;
    for (int i = 0; i < other.whole.size(); i++) {
      if (i >= whole.size() || !whole.get(i).equals(other.whole.get(i))) {
        sum += Math.min(partBytes, other.bytes - i * partBytes);
      }
    }
    return sum;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }
}
