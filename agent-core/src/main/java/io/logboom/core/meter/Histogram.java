package io.logboom.core.meter;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts durations by fixed bounds. Safe for all threads; counting takes no lock. */
public final class Histogram {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final double[] bounds;
  private final long[] boundNanos;
  private final LongAdder[] counts;
  private final LongAdder nanos = new LongAdder();

  /**
   * @param seconds upper bounds, each included, ascending; what is longer is counted too
   */
  public Histogram(double... seconds) {
    bounds = seconds.clone();
    boundNanos = Arrays.stream(bounds).mapToLong(s -> Math.round(s * SECOND)).toArray();
    counts = new LongAdder[bounds.length + 1];
    Arrays.setAll(counts, _ -> new LongAdder());
  }

  /** Counts one duration; a negative one is none at all. */
  public void record(long durationNanos) {
    long length = Math.max(0, durationNanos);
    int at = 0;
    while (at < boundNanos.length && length > boundNanos[at]) {
      at++;
    }
    counts[at].increment();
    nanos.add(length);
  }

  /** The bounds, and infinity. */
  public List<Double> bounds() {
    return Stream.concat(Arrays.stream(bounds).boxed(), Stream.of(Double.POSITIVE_INFINITY))
        .toList();
  }

  /** How many were counted above the bound before and up to each bound. */
  public List<Long> counts() {
    return Arrays.stream(counts).map(LongAdder::sum).toList();
  }

  /** All durations together. */
  public double seconds() {
    return nanos.sum() / SECOND;
  }
}
