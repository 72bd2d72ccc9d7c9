package io.logboom.output.loki;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Loki says of a request with lines that it does not take (400). It has stored all others, and
 * describes those that it refused by their times, sizes and streams, up to some number of them:
 *
 * <pre>
 * entry for stream '{app="a"}' has timestamp too old: 2026-11-22T08:04:05Z, oldest acceptable
 *   timestamp is: 2026-11-25T08:00:00Z
 * entry with timestamp ... ignored, reason: 'entry too far behind, entry timestamp is: ..., oldest
 *   acceptable timestamp is: ...',
 *   user 'fake', total ignored: 1 out of 2 for stream: {app="a"}
 * Max entry size '262144' bytes exceeded for stream '{app="a"}' while adding an entry with length
 *   '300000' bytes
 * stream '{app="a"}' has label value too long: '...'
 * </pre>
 *
 * <p>Times are cut to seconds. Only what is certain is told here; a line in the second of the limit
 * itself is found by sending it in smaller parts.
 */
final class Refusals {
  private static final String TIME = "(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(?:Z|[+-]\\d\\d:\\d\\d))";
  private static final Pattern TOO_OLD =
      Pattern.compile(
          "entry for stream '.*?' has timestamp too old: "
              + TIME
              + ", oldest acceptable timestamp is: "
              + TIME);
  private static final Pattern TOO_NEW =
      Pattern.compile("entry for stream '.*?' has timestamp too new: " + TIME);
  private static final Pattern TOO_LONG =
      Pattern.compile(
          "Max entry size '(\\d{1,18})' bytes exceeded for stream '.*?' while adding an entry with"
              + " length '\\d+' bytes");
  private static final Pattern TOO_MUCH_METADATA =
      Pattern.compile(
          "has structured metadata too large: '\\d+' bytes, limit: '(\\d{1,18})' bytes");
  private static final Pattern TOO_MANY_METADATA =
      Pattern.compile("has too many structured metadata labels: '\\d+', limit: '(\\d{1,18})'");
  private static final Pattern TOO_FAR =
      Pattern.compile(
          "entry too far behind, (?:entry timestamp is: [^,]*, )?oldest acceptable timestamp is: "
              + TIME);
  private static final Pattern OF_STREAM =
      Pattern.compile("total ignored: \\d+ out of \\d+ for stream: (\\{.*\\})");
  private static final Pattern SERVICE_NAME =
      Pattern.compile("(?:, service_name=\"[^\"]*\"|service_name=\"[^\"]*\", )");
  private static final long NANOS = 1_000_000_000L;
  private static final long MINUTE = 60;

  private final String text;
  private final long nowSecond;
  private final Map<Stream, String> selectors = new HashMap<>();

  // Lines before this second are too old, with the sentence that says so.
  private long oldest = Long.MIN_VALUE;
  private String tooOld = "";
  private long farthest = Long.MIN_VALUE;
  private String tooFar = "";
  private String ofStream = "";
  private final List<Long> newest = new ArrayList<>();
  private String tooNew = "";
  private long longest = Long.MAX_VALUE;
  private String tooLong = "";
  private long mostMetadata = Long.MAX_VALUE;
  private long manyMetadata = Long.MAX_VALUE;

  /**
   * @param text the answer's, as it came
   * @param nowSecond the agent's clock, since the epoch
   */
  Refusals(String text, long nowSecond) {
    this.text = text;
    this.nowSecond = nowSecond;
    Matcher m = TOO_OLD.matcher(text);
    while (m.find()) {
      long limit = second(m.group(2));
      if (limit > oldest) {
        oldest = limit;
        tooOld = m.group();
      }
    }
    m = TOO_FAR.matcher(text);
    while (m.find()) {
      long limit = second(m.group(1));
      if (limit > farthest) {
        farthest = limit;
        tooFar = m.group();
      }
    }
    m = OF_STREAM.matcher(text);
    if (m.find()) {
      ofStream = m.group(1);
    }
    m = TOO_NEW.matcher(text);
    while (m.find()) {
      newest.add(second(m.group(1)));
      tooNew = m.group();
    }
    m = TOO_LONG.matcher(text);
    if (m.find()) {
      longest = Long.parseLong(m.group(1));
      tooLong = m.group();
    }
    m = TOO_MUCH_METADATA.matcher(text);
    if (m.find()) {
      mostMetadata = Long.parseLong(m.group(1));
    }
    m = TOO_MANY_METADATA.matcher(text);
    if (m.find()) {
      manyMetadata = Long.parseLong(m.group(1));
    }
  }

  /** Refusals that no single line causes: each would be refused alone, and be lost. */
  static boolean isOfTheConfiguration(String text) {
    return text.contains("structured metadata, but this feature is disallowed")
        || text.contains("multiple org IDs")
        || text.contains("no org id");
  }

  /** Why the line is refused; null where that is not certain. */
  @Nullable String why(Entries entries, int entry) {
    long second = Math.floorDiv(entries.nanos(entry), NANOS);
    if (second < oldest) {
      return tooOld;
    }
    if (entries.lineBytes(entry) > longest) {
      return tooLong;
    }
    // Only what is plainly ahead of this node's clock too: a second is all that Loki tells.
    if (second > nowSecond + MINUTE && newest.contains(second)) {
      return tooNew;
    }
    if (entries.metadataBytes(entry) > mostMetadata) {
      return "structured metadata too large: limit " + mostMetadata + " bytes";
    }
    if (entries.metadataCount(entry) > manyMetadata) {
      return "too many structured metadata labels: limit " + manyMetadata;
    }
    Stream stream = entries.stream(entries.streamOf(entry));
    if (second < farthest && isTheOne(stream)) {
      return tooFar;
    }
    return ofLabels(stream);
  }

  private boolean isTheOne(Stream stream) {
    String selector = selector(stream);
    return ofStream.equals(selector)
        || (!selector.contains("service_name=")
            && SERVICE_NAME.matcher(ofStream).replaceFirst("").equals(selector));
  }

  /** What is wrong with a stream's labels is so for all its lines. */
  private @Nullable String ofLabels(Stream stream) {
    String quoted = "'" + selector(stream) + "'";
    int at = text.indexOf(quoted);
    while (at >= 0) {
      int behind = at + quoted.length();
      if (text.startsWith(" has label name too long", behind)
          || text.startsWith(" has label value too long", behind)
          || text.startsWith(" has duplicate label name", behind)
          || text.startsWith(" with error: ", behind)
          || (text.startsWith(" has ", behind)
              && text.startsWith(" label names; limit", digits(behind + 5)))) {
        return sentence(at);
      }
      at = text.indexOf(quoted, behind);
    }
    return null;
  }

  private int digits(int from) {
    int i = from;
    while (i < text.length() && Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private String sentence(int around) {
    int from = Math.max(text.lastIndexOf('\n', around), text.lastIndexOf("; ", around)) + 1;
    int to = text.indexOf('\n', around);
    return text.substring(from, to < 0 ? text.length() : to).strip();
  }

  private String selector(Stream stream) {
    return selectors.computeIfAbsent(stream, s -> new String(s.selector(), StandardCharsets.UTF_8));
  }

  private static long second(String time) {
    try {
      return OffsetDateTime.parse(time).toEpochSecond();
    } catch (DateTimeException e) {
      return Long.MIN_VALUE;
    }
  }
}
