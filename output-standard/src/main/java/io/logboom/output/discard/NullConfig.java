package io.logboom.output.discard;

import io.logboom.api.config.Option;

/** The options of {@code null}. They are read and have no effect, as in Fluent Bit. */
public record NullConfig(
    @Option(
            text = "Has no effect. Accepted so that changing an output's name to null is enough.",
            preset = "msgpack")
        Format format,
    @Option(text = "Has no effect.", preset = "date") String jsonDateKey,
    @Option(text = "Has no effect.", preset = "double") String jsonDateFormat) {
  /** The names of the formats of {@code stdout}. */
  public enum Format {
    MSGPACK,
    JSON,
    JSON_LINES,
    JSON_STREAM
  }
}
