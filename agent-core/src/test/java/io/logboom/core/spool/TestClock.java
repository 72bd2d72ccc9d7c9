package io.logboom.core.spool;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test sets. */
final class TestClock implements InstantSource {
  static final long START = 1_795_330_800_000L;

  private final AtomicLong millis = new AtomicLong(START);

  void advance(long more) {
    millis.addAndGet(more);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }
}
