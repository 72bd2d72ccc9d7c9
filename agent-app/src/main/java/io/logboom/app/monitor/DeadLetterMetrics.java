package io.logboom.app.monitor;

import io.logboom.core.deadletter.Usage;
import io.logboom.core.meter.EngineMeter;

/** Shows how the dead letters stand. */
final class DeadLetterMetrics {
  private DeadLetterMetrics() {}

  static void scrape(Usage usage, Scrape to) {
    to.value(EngineMeter.DEAD_LETTERS, (double) usage.letters());
    to.value(EngineMeter.DEAD_LETTERS_BYTES, (double) usage.bytes());
    to.value(EngineMeter.DEAD_LETTERS_DROPPED, (double) usage.dropped());
    to.value(EngineMeter.DEAD_LETTERS_DAMAGED, (double) usage.damaged());
  }
}
