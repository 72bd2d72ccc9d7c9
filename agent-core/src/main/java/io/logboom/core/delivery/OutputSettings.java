package io.logboom.core.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How the engine treats one output.
 *
 * @param workers how many sends may be under way at once
 * @param ringBytes the memory that may wait for it
 * @param unitBytes a unit is sent when its bodies have this many bytes
 * @param linger a unit is sent when its oldest record waited this long
 * @param inOrder whether records of one source arrive in the order in which they were read
 * @param bytesPerSecond the most bytes of bodies that leave in a second; 0 for no limit
 * @param retryLimit tries after the first one; -1 for no end
 * @param backoffBase the first wait before a retry
 * @param backoffCap the longest
 */
public record OutputSettings(
    int workers,
    long ringBytes,
    long unitBytes,
    Duration linger,
    boolean inOrder,
    long bytesPerSecond,
    long retryLimit,
    Duration backoffBase,
    Duration backoffCap) {
  /** For {@link #retryLimit}: goes on for ever. */
  public static final long UNLIMITED = -1;

  /** A send takes no longer than this at the rate that is allowed, so that it is seen to get on. */
  private static final long SEND_SECONDS = 5;

  /** The most bytes of bodies in one send; a record that is larger goes alone. */
  long sendBytes() {
    return bytesPerSecond == 0 || bytesPerSecond > Long.MAX_VALUE / SEND_SECONDS
        ? Long.MAX_VALUE
        : bytesPerSecond * SEND_SECONDS;
  }

  /** How long to wait between tries. */
  Backoff backoff() {
    return backoff(backoffCap);
  }

  /** With no longer waits than {@code most}, where that is less. */
  Backoff backoff(Duration most) {
    Duration cap = most.compareTo(backoffCap) < 0 ? most : backoffCap;
    return new Backoff(
        backoffBase.compareTo(cap) < 0 ? backoffBase : cap,
        cap,
        () -> ThreadLocalRandom.current().nextDouble());
  }

  public OutputSettings {
    if (workers < 1 || ringBytes < 1 || unitBytes < 1 || retryLimit < UNLIMITED) {
      throw new IllegalArgumentException(
          "out of range: workers "
              + workers
              + ", ringBytes "
              + ringBytes
              + ", unitBytes "
              + unitBytes
              + ", retryLimit "
              + retryLimit);
    }
  }
}
