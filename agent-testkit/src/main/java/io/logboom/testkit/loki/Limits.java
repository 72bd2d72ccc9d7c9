package io.logboom.testkit.loki;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a Loki enforces, and what it says of what is beyond: its usual limits, of which these may be
 * others.
 *
 * @param body bytes of a request, as sent
 * @param streams of a tenant; 0 for any number
 * @param rate bytes a second of a tenant's lines with their metadata; 0 for no limit
 * @param streamRate the same of each stream
 * @param tenantNeeded whether a request must name its tenant
 * @param metadata whether structured metadata is allowed
 */
public record Limits(
    int body, int streams, long rate, long streamRate, boolean tenantNeeded, boolean metadata) {
  /** A Loki as it comes, without limits of rates and streams. */
  public static final Limits USUAL = new Limits(100 << 20, 0, 0, 0, false, true);

  /** By how much a line may be older than the newest one of its stream. */
  static final Duration WINDOW = Duration.ofHours(1);

  private static final Duration MOST_AGE = Duration.ofDays(7);
  private static final int MOST_LINE = 256 << 10;
  private static final int MOST_LABELS = 15;
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final int MOST_NAME = 1024;
  private static final int MOST_VALUE = 2048;
  private static final int MOST_METADATA_BYTES = 64 << 10;
  private static final int MOST_METADATA = 128;
  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB");
  private static final String MORE =
      " or contact your Loki administrator to see if the limit can be increased";

  public Limits withRate(long bytes) {
    return new Limits(body, streams, bytes, streamRate, tenantNeeded, metadata);
  }

  public Limits withStreamRate(long bytes) {
    return new Limits(body, streams, rate, bytes, tenantNeeded, metadata);
  }

  public Limits withStreams(int count) {
    return new Limits(body, count, rate, streamRate, tenantNeeded, metadata);
  }

  public Limits withBody(int bytes) {
    return new Limits(bytes, streams, rate, streamRate, tenantNeeded, metadata);
  }

  public Limits withTenantNeeded() {
    return new Limits(body, streams, rate, streamRate, true, metadata);
  }

  public Limits withoutMetadata() {
    return new Limits(body, streams, rate, streamRate, tenantNeeded, false);
  }

  static Instant instant(long nanos) {
    return Instant.EPOCH.plus(nanos, ChronoUnit.NANOS);
  }

  /** RFC 3339, to the second. */
  static String seconds(long nanos) {
    return instant(nanos).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * What is wrong with labels.
   *
   * @param text of them, with the service_name
   */
  @Nullable String refusedLabels(Map<String, String> labels, String text) {
    int names = labels.size() - 1; // without the service_name
    if (names > MOST_LABELS) {
      return "entry for stream '" + text + "' has " + names + " label names; limit " + MOST_LABELS;
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (length(label.getKey()) > MOST_NAME) {
        return "stream '" + text + "' has label name too long: '" + label.getKey() + "'";
      }
      if (length(label.getValue()) > MOST_VALUE) {
        return "stream '" + text + "' has label value too long: '" + label.getValue() + "'";
      }
    }
    return null;
  }

  @Nullable String refused(String labels, PushReader.Entry entry, Instant now) {
    Instant time = instant(entry.nanos());
    if (time.isBefore(now.minus(MOST_AGE))) {
      return "entry for stream '"
          + labels
          + "' has timestamp too old: "
          + seconds(entry.nanos())
          + ", oldest acceptable timestamp is: "
          + now.minus(MOST_AGE).truncatedTo(ChronoUnit.SECONDS);
    }
    if (time.isAfter(now.plus(GRACE))) {
      return "entry for stream '" + labels + "' has timestamp too new: " + seconds(entry.nanos());
    }
    int length = length(entry.line());
    if (length > MOST_LINE) {
      return "max entry size '"
          + MOST_LINE
          + "' bytes exceeded for stream '"
          + labels
          + "' while adding an entry with length '"
          + length
          + "' bytes";
    }
    return refusedMetadata(labels, entry.metadata());
  }

  private @Nullable String refusedMetadata(String labels, Map<String, String> pairs) {
    if (pairs.isEmpty()) {
      return null;
    }
    if (!metadata) {
      return "stream '"
          + labels
          + "' includes structured metadata, but this feature is disallowed. Please see"
          + " `limits_config.allow_structured_metadata` or contact your Loki administrator to"
          + " enable it";
    }
    int bytes = length(pairs);
    if (bytes > MOST_METADATA_BYTES) {
      return "stream '"
          + labels
          + "' has structured metadata too large: '"
          + bytes
          + "' bytes, limit: '"
          + MOST_METADATA_BYTES
          + "' bytes. Please see `limits_config.max_structured_metadata_size` or contact your Loki"
          + " administrator to increase it";
    }
    if (pairs.size() > MOST_METADATA) {
      return "stream '"
          + labels
          + "' has too many structured metadata labels: '"
          + pairs.size()
          + "', limit: '"
          + MOST_METADATA
          + "'. Please see `limits_config.max_structured_metadata_entries_count` or contact your"
          + " Loki administrator to increase it";
    }
    return null;
  }

  String rateText(String tenant, int lines, long bytes) {
    return "ingestion rate limit exceeded for user "
        + tenant
        + " (limit: "
        + rate
        + " bytes/sec) while attempting to ingest '"
        + lines
        + "' lines totaling '"
        + bytes
        + "' bytes, reduce log volume"
        + MORE;
  }

  String streamRateText(String labels, long bytes) {
    return "Per stream rate limit exceeded (limit: "
        + size(streamRate)
        + "/sec) while attempting to ingest for stream '"
        + labels
        + "' totaling "
        + size(bytes)
        + ", consider splitting a stream via additional labels"
        + MORE;
  }

  static String streamsText(String labels, String tenant) {
    return "maximum active stream limit exceeded when trying to create stream "
        + labels
        + ", reduce the number of active streams (reduce labels or reduce label values),"
        + MORE
        + ", user: '"
        + tenant
        + "'";
  }

  /** The largest unit that leaves no rest. */
  private static String size(long bytes) {
    long rest = bytes;
    int unit = 0;
    while (rest > 0 && rest % 1024 == 0 && unit < UNITS.size() - 1) {
      rest /= 1024;
      unit++;
    }
    return rest + UNITS.get(unit);
  }

  /** What Loki counts of a line. */
  static long bytes(PushReader.Entry entry) {
    return length(entry.line()) + (long) length(entry.metadata());
  }

  private static int length(Map<String, String> pairs) {
    int bytes = 0;
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      bytes += length(pair.getKey()) + length(pair.getValue());
    }
    return bytes;
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
