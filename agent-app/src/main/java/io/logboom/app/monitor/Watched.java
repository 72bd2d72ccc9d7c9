package io.logboom.app.monitor;

import io.logboom.app.reload.Reloads;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.pipeline.Pipeline;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the monitor looks at.
 *
 * @param meters all meters of the agent
 * @param plugins the types of all plugins in the program
 * @param reloads asks for reloads, and tells of them
 * @param problem what keeps the agent as a whole from keeping anything on disk; null where nothing
 *     does. It may touch the disk
 * @param logLines how many lines the agent has logged at a level ({@code error} ...)
 */
public record Watched(
    Pipeline pipeline,
    MicrometerMeters meters,
    Plugins plugins,
    Reloads reloads,
    Supplier<@Nullable String> problem,
    ToLongFunction<String> logLines,
    InstantSource clock,
    Instant startedAt,
    String version) {
  /** The types of plugins, by kind. */
  public record Plugins(List<String> inputs, List<String> filters, List<String> outputs) {}

  /** What the agent is doing as a whole. */
  public enum Phase {
    STARTING("the agent is starting"),
    RUNNING(null),
    STOPPING("the agent is stopping");

    private final @Nullable String reason;

    Phase(@Nullable String reason) {
      this.reason = reason;
    }

    /** Why the agent is not ready; null where it may be. */
    @Nullable String reason() {
      return reason;
    }
  }

  /** When the configuration in effect was loaded. */
  Instant configLoadedAt() {
    return Objects.requireNonNullElse(reloads.state().succeededAt(), startedAt);
  }

  long uptimeSeconds() {
    return Math.max(0, clock.instant().getEpochSecond() - startedAt.getEpochSecond());
  }
}
