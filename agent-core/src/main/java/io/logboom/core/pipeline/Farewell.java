package io.logboom.core.pipeline;

import io.logboom.api.plugin.Input;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a stop waits for an application that is told to stop at the same moment and goes on writing:
 * inputs read on until it has ended, or until so little time is left that what was read could not
 * be delivered any more.
 *
 * @param quiet for how long nothing may have come, counted from the stop, where nobody tells the
 *     application's end
 * @param delivery how much of the time is for delivering; never more than half of it
 * @param ended whether the application has ended; null where nobody tells
 * @param nanos the monotonic time
 */
public record Farewell(
    Duration quiet, Duration delivery, @Nullable BooleanSupplier ended, LongSupplier nanos) {

  /** Why reading ends. */
  enum Reason {
    /** The application has ended, and all of it is read. */
    ENDED("the application has ended, and its files are read"),
    QUIET("the application's files are quiet"),
    TIME("the time that is left is needed to deliver");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** As part of a sentence. */
    String text() {
      return text;
    }
  }

  /**
   * Whether to read no further, and why; null to read on.
   *
   * @param begun when the stop began
   * @param deadline when it must be over
   */
  @Nullable Reason over(List<Input> inputs, long begun, long deadline) {
    long now = nanos.getAsLong();
    long left = deadline - now;
    if (left <= Math.min(delivery.toNanos(), (deadline - begun) / 2)) {
      return Reason.TIME;
    }
    long silence = silence(inputs);
    if (ended != null) {
      return silence > 0 && ended.getAsBoolean() ? Reason.ENDED : null;
    }
    return Math.min(silence, now - begun) >= quiet.toNanos() ? Reason.QUIET : null;
  }

  /** For how long none of the inputs has had anything. */
  static long silence(List<Input> inputs) {
    long least = Long.MAX_VALUE;
    for (Input input : inputs) {
      least = Math.min(least, input.quietNanos());
    }
    return least;
  }
}
