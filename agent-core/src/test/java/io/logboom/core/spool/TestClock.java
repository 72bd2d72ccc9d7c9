package io.logboom.core.spool;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test sets. */
final class TestClock implements InstantSource {
  static final long START = 1_795_330_800_000L;

  private volatile long millis = START;

  void advance(long more) {
    millis += more;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }
}
