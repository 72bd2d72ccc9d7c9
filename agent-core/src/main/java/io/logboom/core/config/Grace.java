package io.logboom.core.config;

import io.logboom.api.config.Option.Unit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a stop may take.
 *
 * @param duration 100 years for {@code -1}, which is as long as it takes; null for {@code auto}
 */
public record Grace(@Nullable Duration duration) {
  /** Reads a duration, {@code -1} or {@code auto}. */
  public static Grace parse(String text) {
    if (text.equalsIgnoreCase("auto")) {
      return new Grace(null);
    }
    return text.equals("-1")
        ? new Grace(Duration.ofDays(36_500))
        : new Grace(Quantities.duration(text, Unit.DEFAULT));
  }

  /** The time, which for {@code auto} is {@code otherwise}. */
  Duration or(Duration otherwise) {
    return duration == null ? otherwise : duration;
  }
}
