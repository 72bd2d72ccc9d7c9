package io.logboom.net.http;

import java.util.ArrayDeque;

/** Byte arrays of one size, kept for the next use up to a bound. Safe for all threads. */
public final class SegmentPool {
  private final int segmentBytes;
  private final int most;
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();

  /**
   * @param most how many free segments are kept
   */
  public SegmentPool(int segmentBytes, int most) {
    this.segmentBytes = segmentBytes;
    this.most = most;
  }

  public int segmentBytes() {
    return segmentBytes;
  }

  byte[] take() {
    synchronized (free) {
      byte[] kept = free.pollLast();
      if (kept != null) {
        return kept;
      }
    }
    return new byte[segmentBytes];
  }

  /** Keeps it for the next use. One of another size, or one too many, is left to the collector. */
  void give(byte[] segment) {
    if (segment.length == segmentBytes) {
      synchronized (free) {
        if (free.size() < most) {
          free.addLast(segment);
        }
      }
    }
  }
}
