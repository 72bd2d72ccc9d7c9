package io.logboom.input.tail;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Option.Refers;
import io.logboom.api.config.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of the input {@code tail}. */
public record TailConfig(
    @Option(
            required = true,
            text =
                "The files to follow: patterns with *, ? and [a-z], separated by commas. Links are"
                    + " followed, and ~ at the start is the home directory.")
        List<String> path,
    @Option(text = "Paths to leave alone: patterns separated by commas, in which * also crosses /.")
        List<String> excludePath,
    @Option(
            text =
                "The tag of each record. A * in it becomes the file's path with dots for slashes;"
                    + " with tag_regex, <name> becomes what that group matched. By default the"
                    + " instance's name.")
        @Nullable String tag,
    @Option(
            text =
                "A regular expression for the path, with named groups for use in the tag. A file"
                    + " that it does not match is not followed.")
        @Nullable String tagRegex,
    @Options(text = "Finding files") Finding finding,
    @Options(text = "Making records") Making making,
    @Options(text = "Reading") Reading reading,
    @Options(text = "Remembering positions") Remembering remembering,
    @Options(text = "Older ways to join lines") Legacy legacy) {

  /** Which files are followed, and when they are looked for. */
  public record Finding(
      @Option(
              preset = "true",
              text =
                  "Whether files that are there at the very first start are read from their start"
                      + " and not from their end. Fluent Bit's default is false; what is known"
                      + " from before a restart always goes on where it was.")
          boolean readFromHead,
      @Option(preset = "true", text = "Whether files that appear later are read from their start.")
          boolean readNewlyDiscoveredFilesFromHead,
      @Option(
              preset = "60",
              min = "1",
              text =
                  "How often the patterns are looked through. New files are seen at once where the"
                      + " kernel tells of them; this is the safety net.")
          Duration refreshInterval,
      @Option(
              preset = "2",
              min = "1",
              text =
                  "How often followed links are looked at for leading elsewhere; the shorter of"
                      + " this and progress_check_interval counts.")
          Duration watcherInterval,
      @Option(
              preset = "2",
              min = "1",
              text =
                  "How often followed paths are looked at for rotation, should the kernel not have"
                      + " told.")
          Duration progressCheckInterval,
      @Option(
              preset = "5",
              min = "1",
              text =
                  "How long a file that was rotated away or deleted is still watched for late"
                      + " writes after its last byte was read. It is never closed before it is"
                      + " read and delivered.")
          Duration rotateWait,
      @Option(
              preset = "0",
              text = "Files that have not changed for so long are not opened; 0 opens all.")
          Duration ignoreOlder,
      @Option(
              preset = "false",
              text = "Whether ignore_older also closes files that are open already.")
          boolean ignoreActiveOlderFiles,
      @Option(
              preset = "true",
              text =
                  "Whether the kernel is asked to tell of new and rotated files (inotify). If not,"
                      + " or where its limits forbid it, they are looked for several times a"
                      + " second.")
          boolean inotifyWatcher,
      @Option(
              preset = "true",
              text =
                  "Whether log files of the agent's own pod are left alone. The pod is known from"
                      + " POD_NAME or HOSTNAME in the environment.")
          boolean excludeOwnLog,
      @Option(
              preset = "false",
              text =
                  "Not supported yet: whether the agent stops when all files that are there were"
                      + " read once.")
          boolean exitOnEof) {}

  /** What a line becomes. */
  public record Making(
      @Option(preset = "log", text = "The name under which a line that is not parsed stands.")
          String key,
      @Option(text = "Adds the path of the file to each record, under this name.")
          @Nullable String pathKey,
      @Option(
              text =
                  "Adds the byte offset of the line to each record, under this name; of several"
                      + " lines that were joined, the last one's.")
          @Nullable String offsetKey,
      @Option(
              refers = Refers.PARSER,
              text =
                  "The parser for each line. docker and cri stand for the formats of container"
                      + " logs: they join split lines, leave the line break out, and a file in"
                      + " the other of the two formats is recognised and read rightly.")
          @Nullable String parser,
      @Option(
              name = "multiline.parser",
              refers = Refers.MULTILINE_PARSER,
              repeatable = true,
              text =
                  "How lines become records of several lines: docker and cri for container logs;"
                      + " java, go, python, ruby and multiline parsers of your own for traces,"
                      + " after docker or cri per stream, else per file. A record leaves 1.2 s (your"
                      + " own: flush_timeout) after its last line; one of more than 2 MB is sent in"
                      + " parts, marked as cut. The option parser is not applied then.")
          List<String> multilineParser,
      @Option(preset = "false", text = "Whether a line without text makes no record.")
          boolean skipEmptyLines,
      @Option(
              preset = "false",
              text =
                  "Whether a line longer than buffer_max_size is left out. If not, its start"
                      + " becomes a record that is marked as cut. Either is counted.")
          boolean skipLongLines,
      @Option(
              preset = "false",
              text =
                  "Whether a line longer than buffer_max_size is cut, also with skip_long_lines."
                      + " Without either option it is cut too.")
          boolean truncateLongLines,
      @Option(name = "unicode.encoding", text = "Not supported: files are read as UTF-8.")
          @Nullable String unicodeEncoding,
      @Option(name = "generic.encoding", text = "Not supported: files are read as UTF-8.")
          @Nullable String genericEncoding) {}

  /** How bytes are read. */
  public record Reading(
      @Option(
              preset = "32k",
              min = "1",
              text = "Accepted for Fluent Bit's sake; lines are read in place, without a buffer.")
          ByteSize bufferChunkSize,
      @Option(
              preset = "1M",
              min = "1k",
              text =
                  "The most bytes of a line. A longer one is cut or left out; Fluent Bit would"
                      + " stop following the file.")
          ByteSize bufferMaxSize,
      @Option(
              preset = "50M",
              min = "1",
              text = "Accepted for Fluent Bit's sake; files always take turns of one batch.")
          ByteSize staticBatchSize,
      @Option(
              preset = "50M",
              min = "1",
              text = "Accepted for Fluent Bit's sake; files always take turns of one batch.")
          ByteSize eventBatchSize,
      @Option(
              preset = "true",
              text = "Accepted for Fluent Bit's sake; the kernel is left to manage its cache.")
          boolean fileCacheAdvise,
      @Option(
              preset = "200M",
              text =
                  "The most disk space that files may hold which were deleted before they were"
                      + " read. Beyond it the oldest one of the container that holds most is"
                      + " given up: logged as an error, and counted. 0 for no limit.")
          ByteSize deletedFilesLimit) {}

  /** Where positions are kept. */
  public record Remembering(
      @Option(
              refers = Refers.OWN_FILE,
              text =
                  "The file that keeps positions over a restart. By default it is in the"
                      + " instance's state directory. A database of Fluent Bit's at this path"
                      + " stays as it is, and .logboom is added to the name.")
          @Nullable Path db,
      @Option(
              name = "db.sync",
              preset = "normal",
              text = "Accepted for Fluent Bit's sake; positions are always synced to the disk.")
          String dbSync,
      @Option(
              name = "db.locking",
              preset = "false",
              text = "Accepted for Fluent Bit's sake; the file is replaced whole.")
          boolean dbLocking,
      @Option(
              name = "db.journal_mode",
              preset = "WAL",
              text = "Accepted for Fluent Bit's sake; there is one kind of journal only.")
          String dbJournalMode,
      @Option(
              name = "db.compare_filename",
              preset = "false",
              text =
                  "Accepted for Fluent Bit's sake; a file is always known by device, inode and"
                      + " content.")
          boolean dbCompareFilename) {}

  /** Ways to join lines that came before multiline.parser. */
  public record Legacy(
      @Option(preset = "false", text = "As parser docker, which joins split lines by itself.")
          boolean dockerMode,
      @Option(
              preset = "4",
              text = "How long a piece of a split line waits for the next one; at least 30 s.")
          Duration dockerModeFlush,
      @Option(refers = Refers.PARSER, text = "Not supported: use multiline.parser.")
          @Nullable String dockerModeParser,
      @Option(preset = "false", text = "Not supported: use multiline.parser.") boolean multiline,
      @Option(preset = "4", text = "Not supported: use multiline.parser.") Duration multilineFlush,
      @Option(refers = Refers.PARSER, text = "Not supported: use multiline.parser.")
          @Nullable String parserFirstline) {}
}
