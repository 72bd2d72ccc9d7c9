package io.logboom.filter.kubernetes;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * One line a minute at most about what goes wrong again and again, with how often it did. Safe for
 * all threads.
 */
final class Complaints {
  private static final long MINUTE = 60_000_000_000L;

  private final Logger log;
  private final LongSupplier nanos;
  private long last;
  private boolean any;
  private long silent;

  Complaints(Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  synchronized void say(Level level, String what) {
    long now = nanos.getAsLong();
    if (any && now - last < MINUTE) {
      silent++;
      return;
    }
    String more = silent == 0 ? "" : " (" + silent + " more since the last such line)";
    log.atLevel(level).log("{}{}", what, more);
    any = true;
    last = now;
    silent = 0;
  }

  /** It works again: said once, where anything was said before. */
  synchronized void over(String what) {
    if (any) {
      log.info("{}", what);
      any = false;
      silent = 0;
    }
  }
}
