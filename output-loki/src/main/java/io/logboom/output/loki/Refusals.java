package io.logboom.output.loki;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Loki says of a request with lines that it does not take (400). It has stored all others.
 * What it finds before it writes it tells of all lines, in no order, equal sentences counted:
 *
 * <pre>
 * 2 errors like: entry for stream '{app="a", service_name="a"}' has timestamp too old:
 *   2026-11-22T08:04:05Z, oldest acceptable timestamp is: 2026-11-25T08:00:00Z; 1 errors like: max
 *   entry size '262144' bytes exceeded for stream '{app="a", service_name="a"}' while adding an
 *   entry with length '300000' bytes; 3 errors like: stream '{app="b", service_name="b"}' has label
 *   value too long: '...'
 * </pre>
 *
 * <p>What it finds while it writes it tells of the last stream alone, and of ten of its lines:
 *
 * <pre>
 * entry with timestamp 2026-11-22 08:04:05.5 +0000 UTC ignored, reason: 'entry too far behind,
 *   entry timestamp is: 2026-11-22T08:04:05Z, oldest acceptable timestamp is: 2026-11-22T09:00:00Z',
 * user 'fake', total ignored: 1 out of 2 for stream: {app="a", service_name="a"}
 * </pre>
 *
 * <p>Times are cut to seconds, limits are in the zone of the server. Loki gives a {@code
 * service_name} to streams without one; versions differ in their capitals. Only what is certain is
 * told here; a line in the second of the limit itself is found by sending it in smaller parts.
 */
final class Refusals {
  private static final String TIME = "(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(?:Z|[+-]\\d\\d:\\d\\d))";
  private static final Pattern TOO_OLD =
      Pattern.compile(
          "' has timestamp too old: " + TIME + ", oldest acceptable timestamp is: " + TIME);
  private static final Pattern TOO_NEW = Pattern.compile("' has timestamp too new: " + TIME);
  private static final Pattern TOO_LONG =
      Pattern.compile("[Mm]ax entry size '(\\d{1,18})' bytes exceeded for stream '");
  private static final Pattern TOO_MUCH_METADATA =
      Pattern.compile(
          "' has structured metadata too large: '\\d+' bytes, limit: '(\\d{1,18})' bytes");
  private static final Pattern TOO_MANY_METADATA =
      Pattern.compile("' has too many structured metadata labels: '\\d+', limit: '(\\d{1,18})'");
  private static final Pattern TOO_FAR =
      Pattern.compile(
          "entry too far behind, (?:entry timestamp is: [^,]*, )?oldest acceptable timestamp is: "
              + TIME);
  private static final Pattern OF_STREAM =
      Pattern.compile("total ignored: \\d+ out of \\d+ for stream: (\\{.*\\})");
  private static final Pattern SERVICE_NAME =
      Pattern.compile(
          "(?<=\\{)SERVICE, |, SERVICE(?=[,}])"
              .replace("SERVICE", "service_name=\"(?:[^\"\\\\]|\\\\.)*+\""));
  private static final Pattern BETWEEN = Pattern.compile("(?:^|; )\\d+ errors like: |\\n");
  private static final long NANOS = 1_000_000_000L;
  private static final long MINUTE = 60;

  private final Entries entries;
  private final String answer;
  private final String text; // without a service_name of Loki's
  private final long nowSecond;
  private final Map<Stream, String> selectors = new HashMap<>();
  private final Map<Stream, String> ofLabels = new HashMap<>();

  // Lines before this second are too old, with the sentence that says so.
  private long oldest = Long.MIN_VALUE;
  private String tooOld = "";
  private long farthest = Long.MIN_VALUE;
  private String tooFar = "";
  private String ofStream = "";
  private final Set<Long> newest = new HashSet<>();
  private String tooNew = "";
  private long longest = Long.MAX_VALUE;
  private String tooLong = "";
  private long mostMetadata = Long.MAX_VALUE;
  private String tooMuchMetadata = "";
  private long manyMetadata = Long.MAX_VALUE;
  private String tooManyMetadata = "";

  /**
   * @param answer as it came
   * @param entries of the request
   * @param nowSecond the agent's clock, since the epoch
   */
  Refusals(String answer, Entries entries, long nowSecond) {
    this.answer = answer;
    this.entries = entries;
    this.nowSecond = nowSecond;
    this.text = hasServices() ? answer : SERVICE_NAME.matcher(answer).replaceAll("");
    Matcher m = TOO_OLD.matcher(text);
    while (m.find()) {
      long limit = second(m.group(2));
      if (limit > oldest) {
        oldest = limit;
        tooOld = sentence(m.start());
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
      if (newest.isEmpty()) {
        tooNew = sentence(m.start());
      }
      newest.add(second(m.group(1)));
    }
    m = TOO_LONG.matcher(text);
    if (m.find()) {
      longest = Long.parseLong(m.group(1));
      tooLong = sentence(m.start());
    }
    m = TOO_MUCH_METADATA.matcher(text);
    if (m.find()) {
      mostMetadata = Long.parseLong(m.group(1));
      tooMuchMetadata = sentence(m.start());
    }
    m = TOO_MANY_METADATA.matcher(text);
    if (m.find()) {
      manyMetadata = Long.parseLong(m.group(1));
      tooManyMetadata = sentence(m.start());
    }
  }

  /**
   * Whether a stream has a service_name of ours; Loki's tell nothing of the stream that is meant.
   */
  private boolean hasServices() {
    for (int i = 0; i < entries.streams(); i++) {
      if (selector(entries.stream(i)).contains("service_name=")) {
        return true;
      }
    }
    return false;
  }

  /** Refusals that no single line causes: each would be refused alone, and be lost. */
  static boolean isOfTheConfiguration(String text) {
    return text.contains("structured metadata, but this feature is disallowed")
        || text.contains("multiple org IDs")
        || text.contains("no org id");
  }

  /** What Loki, its ingesters and gateways say of a request that is too large. */
  static boolean isOfTheSize(String text) {
    return text.contains("message larger than max")
        || text.contains("message size too large than max")
        || text.contains("request body too large");
  }

  /**
   * What Loki finds while it writes: such an answer tells what became of the last stream of the
   * request, and nothing of the others.
   */
  static boolean isOfTheLastStream(String text) {
    return text.contains("total ignored: ")
        || text.contains("aximum active stream limit exceeded when trying to create stream");
  }

  /** Why the line is refused; null where that is not certain. */
  @Nullable String why(int entry) {
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
      return tooMuchMetadata;
    }
    if (entries.metadataCount(entry) > manyMetadata) {
      return tooManyMetadata;
    }
    Stream stream = entries.stream(entries.streamOf(entry));
    if (second < farthest && ofStream.equals(selector(stream))) {
      return tooFar;
    }
    String why = ofLabels.computeIfAbsent(stream, this::ofLabels);
    return why.isEmpty() ? null : why;
  }

  /** What is wrong with a stream's labels is so for all its lines; empty where nothing is said. */
  private String ofLabels(Stream stream) {
    String quoted = "'" + selector(stream) + "'";
    for (int at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
      int behind = at + quoted.length();
      if (text.startsWith(" has label name too long", behind)
          || text.startsWith(" has label value too long", behind)
          || text.startsWith(" has duplicate label name", behind)
          || text.startsWith(" with error: ", behind)
          || text.startsWith(" (policy: '", behind)
          || (text.startsWith(" has ", behind)
              && text.startsWith(" label names; limit", digits(behind + 5)))) {
        return sentence(at);
      }
    }
    return "";
  }

  private int digits(int from) {
    int i = from;
    while (i < text.length() && Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** What is said around that place, as it came. */
  private String sentence(int around) {
    Matcher here = BETWEEN.matcher(text);
    Matcher there = BETWEEN.matcher(answer);
    int from = 0;
    while (here.find() && there.find()) {
      if (here.start() > around) {
        return answer.substring(from, there.start());
      }
      from = there.end();
    }
    return answer.substring(from);
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
