package io.logboom.core.config;

import io.logboom.api.config.Option.Unit;
import java.time.Duration;

/**
 * How long a stop may take.
 *
 * @param duration 100 years for {@code -1}, which is as long as it takes
 */
public record Grace(Duration duration) {
  /** Reads a duration, or {@code -1}. */
  public static Grace parse(String text) {
    return text.equals("-1")
        ? new Grace(Duration.ofDays(36_500))
        : new Grace(Quantities.duration(text, Unit.DEFAULT));
  }
}
