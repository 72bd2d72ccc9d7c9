package io.logboom.core.spool;

/**
 * Reading that fails: tried again, less and less often, for about a minute; then what cannot be
 * read counts as damaged, so that the rest is not held up for ever.
 */
final class Trouble {
  private static final int TRIES = 7;
  private static final long FIRST_PAUSE_MILLIS = 1000;

  private int failures;
  private long failedMillis;
  private long pauseMillis;

  /** Whether it is too early to try again. */
  boolean pauses(long nowMillis) {
    // A clock that was set back does not make it longer.
    return nowMillis >= failedMillis && nowMillis - failedMillis < pauseMillis;
  }

  /** Notes a failure; true where that was the last try. */
  boolean failed(long nowMillis) {
    failures++;
    failedMillis = nowMillis;
    pauseMillis = FIRST_PAUSE_MILLIS << (failures - 1);
    if (failures < TRIES) {
      return false;
    }
    over();
    return true;
  }

  void over() {
    failures = 0;
    pauseMillis = 0;
  }

  /** Whether a failure has been noted since it was over. */
  boolean isOn() {
    return failures > 0;
  }
}
