package io.logboom.core.deadletter;

import io.logboom.core.meter.EngineMeter;
import io.logboom.core.meter.MicrometerMeters;

/** Shows how the dead letters stand, as meters that are read at a scrape. */
public final class DeadLetterMeters {
  private DeadLetterMeters() {}

  /** Registers the meters, for as long as the process lives. */
  public static void bind(MicrometerMeters agent, DeadLetters letters) {
    agent.gauge(EngineMeter.DEAD_LETTERS, () -> letters.usage().letters());
    agent.gauge(EngineMeter.DEAD_LETTERS_BYTES, () -> letters.usage().bytes());
    agent.observe(EngineMeter.DEAD_LETTERS_DROPPED, () -> letters.usage().dropped());
    agent.observe(EngineMeter.DEAD_LETTERS_DAMAGED, () -> letters.usage().damaged());
    agent.observe(EngineMeter.DEAD_LETTERS_FAILURES, letters::failures);
  }
}
