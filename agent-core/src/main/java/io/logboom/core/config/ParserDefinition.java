package io.logboom.core.config;

import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.text.Regex;
import io.logboom.core.parser.TimeFormat;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parser of the configuration: {@code [PARSER]}, or an element of {@code parsers}. */
public record ParserDefinition(
    @Option(text = "The name that other sections use.", required = true) String name,
    @Option(text = "What the text is.", required = true) Format format,
    @Option(text = "For the format regex: the expression, whose named groups become members.")
        @Nullable Regex regex,
    @Options(text = "Time") Time time,
    @Option(
            text =
                "Types of members, as name:type with blanks between: integer, float, bool, hex or"
                    + " string.")
        @Nullable FieldTypes types,
    @Option(text = "Whether members with an empty value are left out.", preset = "on")
        boolean skipEmptyValues,
    @Option(
            text = "For the format logfmt: whether a key without a value is refused.",
            preset = "off")
        boolean logfmtNoBareKeys,
    @Option(
            text = "A decoder for a member, as decoder, member, and try_next or do_next.",
            repeatable = true)
        List<FieldDecoder> decodeField,
    @Option(
            text =
                "As decode_field, but the result stays in the member instead of joining the"
                    + " record.",
            repeatable = true)
        List<FieldDecoder> decodeFieldAs) {

  /** What a parser reads. */
  public enum Format {
    JSON,
    REGEX,
    LTSV,
    LOGFMT
  }

  /** Where the time of a record stands. */
  public record Time(
      @Option(
              text =
                  "The member that has the time. The default is time where time_format is"
                      + " given.")
          @Nullable String timeKey,
      @Option(text = "How the time is written, as for strptime; %L is the fraction of a second.")
          @Nullable TimeFormat timeFormat,
      @Option(text = "Whether the member stays in the record.", preset = "off") boolean timeKeep,
      @Option(text = "Whether a time that does not fit the format is refused.", preset = "on")
          boolean timeStrict,
      @Option(text = "The zone of times without one, as +HHMM.") @Nullable ZoneOffset timeOffset,
      @Option(text = "The zone of times without one, by its name, such as Europe/Oslo.")
          @Nullable ZoneId timeZone,
      @Option(text = "Whether times without a zone are in the host's.", preset = "off")
          boolean timeSystemTimezone) {}

  /** What a decoder does with a member's text. */
  public enum Decoder {
    JSON,
    ESCAPED,
    ESCAPED_UTF8,
    MYSQL_QUOTED
  }

  /** What follows after a decoder that has, or has not, succeeded. */
  public enum Then {
    /** Nothing: the first decoder of a member that succeeds is the last. */
    STOP,
    /** The next decoder is tried where this one fails. */
    TRY_NEXT,
    /** The next decoder runs in any case. */
    DO_NEXT
  }
}
