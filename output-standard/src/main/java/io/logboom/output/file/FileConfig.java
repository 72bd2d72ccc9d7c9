package io.logboom.output.file;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.record.Template;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The options of {@code file}. */
public record FileConfig(
    @Options(text = "Where to") Target target,
    @Options(text = "Lines") Lines lines,
    @Options(text = "Rotation") Rotate rotation) {

  /** Formats of a line. */
  public enum Format {
    OUT_FILE,
    PLAIN,
    CSV,
    LTSV,
    TEMPLATE
  }

  /** Which files. */
  public record Target(
      @Option(text = "The directory of the files. By default the working directory.")
          @Nullable Path path,
      @Option(
              text =
                  "The file's name. May have record accessors such as $TAG[1] and"
                      + " $kubernetes['namespace_name']. By default the records' tag. What is"
                      + " neither letter, digit, '-', '_' nor '.' in a tag or a value becomes '_'.")
          @Nullable Template file,
      @Option(text = "Whether missing directories are made.", preset = "false") boolean mkdir,
      @Option(
              text =
                  "How many files the records may name by their members; records that name further"
                      + " ones are rejected. 0 for no limit.",
              preset = "1024",
              min = "0")
          int maxDynamicFiles,
      @Option(
              text =
                  "Whether records count as delivered only when the disk has them (fdatasync), and"
                      + " not when the kernel has.",
              preset = "true")
          boolean sync) {}

  /** What a line looks like. */
  public record Lines(
      @Option(
              text =
                  "out_file is tag: [time, {record}]; plain the record as JSON; csv and ltsv its"
                      + " values with the time before them; template what template says.",
              preset = "out_file")
          Format format,
      @Option(
              text =
                  "What stands between the values of csv (by default a comma) and ltsv (by default"
                      + " a tab): a text, or one of the words tab, space and comma.")
          @Nullable String delimiter,
      @Option(text = "What stands between label and value of ltsv. By default a colon.")
          @Nullable String labelDelimiter,
      @Option(
              text =
                  "The line of the format template: {time} is the time in seconds, {key} the"
                      + " record's value, also as {$kubernetes['pod_name']}.",
              preset = "{time} {message}")
          String template,
      @Option(
              text =
                  "Whether a new csv file begins with a line of names, those of its first record.",
              preset = "false")
          boolean csvColumnNames) {}

  /** When files are put aside. */
  public record Rotate(
      @Option(
              text = "Whether files are rotated: renamed to NAME.DATE_TIME_NUMBER, and begun anew.",
              preset = "false")
          boolean rotate,
      @Option(
              text =
                  "A file that has this many bytes is rotated before it is written to again. What"
                      + " is delivered at once stands in one file.",
              preset = "100M",
              min = "1k")
          ByteSize rotateMaxSize,
      @Option(
              text = "How many rotated files of a name are kept; the oldest are deleted.",
              preset = "7",
              min = "1")
          int rotateMaxFiles,
      @Option(text = "Whether rotated files are compressed with gzip.", preset = "true")
          boolean rotateGzip) {}
}
