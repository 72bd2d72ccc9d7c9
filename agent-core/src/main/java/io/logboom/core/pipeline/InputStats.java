package io.logboom.core.pipeline;

import java.util.concurrent.atomic.LongAdder;

/** What an input has done so far. Read by the monitoring server. */
public final class InputStats {
  private final String name;
  private final String type;
  final LongAdder records = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder batches = new LongAdder();
  final LongAdder settledBatches = new LongAdder();
  final LongAdder againBatches = new LongAdder();
  volatile boolean waiting;

  InputStats(String name, String type) {
    this.name = name;
    this.type = type;
  }

  public String name() {
    return name;
  }

  /** The plugin's type, such as {@code tail}. */
  public String type() {
    return type;
  }

  /** Records taken in, before filters. */
  public long records() {
    return records.sum();
  }

  /** Bytes of slab that they came on: the raw bytes and what was rewritten. */
  public long bytes() {
    return bytes.sum();
  }

  public long batches() {
    return batches.sum();
  }

  /** Batches of which nothing is under way any more. */
  public long settledBatches() {
    return settledBatches.sum();
  }

  /** Batches that must come again. */
  public long againBatches() {
    return againBatches.sum();
  }

  /** Whether it waits for room now: back pressure. */
  public boolean waiting() {
    return waiting;
  }
}
