package io.logboom.output.loki;

import io.logboom.api.json.ByteSink;

/**
 * Times as seconds and nanoseconds. Lines of one second, and that is most of them, need no division
 * of 64 bits, which C1 leaves to the processor. For one thread.
 */
final class Seconds {
  private static final int SECOND = 1_000_000_000;
  private static final int DIGITS = 9;

  private long second;
  private long begins;
  private int nanos;

  /** Takes a time apart. */
  void of(long epochNanos) {
    long rest = epochNanos - begins;
    if (rest < 0 || rest >= SECOND) {
      second = Math.floorDiv(epochNanos, SECOND);
      begins = second * SECOND;
      rest = epochNanos - begins;
    }
    nanos = (int) rest;
  }

  long second() {
    return second;
  }

  /** Behind the second: 0 to 999,999,999. */
  int nanos() {
    return nanos;
  }

  /** Writes the time as nanoseconds since the epoch. */
  void write(ByteSink out) {
    if (second <= 0) {
      out.putDecimal(begins + nanos);
      return;
    }
    out.putDecimal(second);
    out.ensure(DIGITS);
    byte[] b = out.array();
    int end = out.position() + DIGITS;
    int rest = nanos;
    for (int at = end - 1; at >= out.position(); at--) {
      int tenth = (int) ((rest * 3_435_973_837L) >>> 35); // by 10
      b[at] = (byte) ('0' + rest - 10 * tenth);
      rest = tenth;
    }
    out.position(end);
  }
}
