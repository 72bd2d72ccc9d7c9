package io.logboom.core.pipeline;

import java.util.concurrent.atomic.LongAdder;

/** What a filter has done so far. */
public final class FilterStats {
  private final String name;
  private final String type;
  final LongAdder records = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder dropRecords = new LongAdder();
  final LongAdder failures = new LongAdder();

  FilterStats(String name, String type) {
    this.name = name;
    this.type = type;
  }

  public String name() {
    return name;
  }

  public String type() {
    return type;
  }

  /** Records that entered it. */
  public long records() {
    return records.sum();
  }

  /** Bytes of bodies that left it. */
  public long bytes() {
    return bytes.sum();
  }

  /** Records that it took out. */
  public long dropRecords() {
    return dropRecords.sum();
  }

  /** Batches on which it threw; their records went on as they were. */
  public long failures() {
    return failures.sum();
  }
}
