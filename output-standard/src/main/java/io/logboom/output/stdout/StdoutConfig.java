package io.logboom.output.stdout;

import io.logboom.api.config.Option;
import io.logboom.api.json.DateFormat;

/** The options of {@code stdout}. */
public record StdoutConfig(
    @Option(
            text =
                "How a record is printed: msgpack (readable, one line each, with tag and time),"
                    + " json (one array per flush), json_lines (one object per line) or"
                    + " json_stream (objects without a separator).",
            preset = "msgpack")
        Format format,
    @Option(
            text =
                "The name under which the JSON formats print the record's time; false leaves the"
                    + " time out.",
            preset = "date")
        String jsonDateKey,
    @Option(
            text =
                "How the JSON formats print the record's time: double (seconds with a fraction),"
                    + " epoch (seconds), epoch_ms, iso8601 or java_sql_timestamp.",
            preset = "double")
        DateFormat jsonDateFormat) {

  /** How a record is printed. */
  public enum Format {
    MSGPACK,
    JSON,
    JSON_LINES,
    JSON_STREAM
  }
}
