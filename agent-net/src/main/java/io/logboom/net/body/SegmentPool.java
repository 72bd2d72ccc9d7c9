package io.logboom.net.body;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Byte arrays of one size, kept for the next use up to a bound. A budget is told of all of them, in
 * use or kept. Safe for all threads.
 */
public final class SegmentPool implements AutoCloseable {
  private final int segmentBytes;
  private final int most;
  private final LongConsumer budget;
  private final BooleanSupplier isShort;
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private int taken;
  private boolean closed;

  /**
   * Without a budget.
   *
   * @param most how many segments are kept
   */
  public SegmentPool(int segmentBytes, int most) {
    this(segmentBytes, most, _ -> {}, () -> false);
  }

  /**
   * @param most how many segments are kept, in use and free together
   * @param budget told of the bytes of each array: positive when it is made, negative when it goes
   * @param isShort whether none are to be kept at present
   */
  public SegmentPool(int segmentBytes, int most, LongConsumer budget, BooleanSupplier isShort) {
    this.segmentBytes = segmentBytes;
    this.most = most;
    this.budget = budget;
    this.isShort = isShort;
  }

  public int segmentBytes() {
    return segmentBytes;
  }

  byte[] take() {
    synchronized (free) {
      taken++;
      byte[] kept = free.pollLast();
      if (kept != null) {
        return kept;
      }
    }
    budget.accept(segmentBytes);
    return new byte[segmentBytes];
  }

  /** An array of another size, larger than the usual. */
  byte[] takeLarge(int bytes) {
    budget.accept(bytes);
    return new byte[bytes];
  }

  void give(byte[] segment) {
    if (segment.length != segmentBytes) {
      budget.accept(-segment.length);
      return;
    }
    boolean keeps = !isShort.getAsBoolean();
    synchronized (free) {
      taken--;
      if (taken < most && keeps && !closed) {
        free.addLast(segment);
        return;
      }
    }
    budget.accept(-segmentBytes);
  }

  /** Lets go of what is kept; what is in use is not kept any more. */
  @Override
  public void close() {
    int kept;
    synchronized (free) {
      closed = true;
      kept = free.size();
      free.clear();
    }
    budget.accept(-(long) kept * segmentBytes);
  }

  /** How many segments are in use now. */
  public int taken() {
    synchronized (free) {
      return taken;
    }
  }
}
