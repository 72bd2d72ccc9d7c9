package io.logboom.testkit.cloudwatch;

import com.fasterxml.jackson.databind.JsonNode;
import io.logboom.testkit.cloudwatch.FakeCloudWatch.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What there is, and what the service lets become of it. One thread at a time. */
final class LogGroups {
  static final int MOST_EVENTS = 10_000;
  static final int MOST_BYTES = 1_048_576;
  static final int EVENT_BYTES = 26;
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final Set<Integer> DAYS =
      Set.of(
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653);

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final List<Stored> stored = new ArrayList<>();

  /** A group. */
  static final class Group {
    final Set<String> streams = new LinkedHashSet<>();
    String kind = "STANDARD";
    int retentionDays;
  }

  /** What the service answers where it does not do what it is asked. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    final String code;

    Refusal(String code, String message) {
      super(message);
      this.code = code;
    }
  }

  Map<String, Group> groups() {
    return groups;
  }

  List<Stored> stored() {
    return stored;
  }

  void createGroup(JsonNode ask) throws Refusal {
    String name = group(ask);
    if (groups.containsKey(name)) {
      throw new Refusal("ResourceAlreadyExistsException", "The specified log group already exists");
    }
    Group group = new Group();
    group.kind = ask.path("logGroupClass").asText("STANDARD");
    if (!Set.of("STANDARD", "INFREQUENT_ACCESS").contains(group.kind)) {
      throw validation(group.kind, "logGroupClass");
    }
    groups.put(name, group);
  }

  void createStream(JsonNode ask) throws Refusal {
    Group group = known(group(ask));
    if (!group.streams.add(stream(ask))) {
      throw new Refusal(
          "ResourceAlreadyExistsException", "The specified log stream already exists");
    }
  }

  void retain(JsonNode ask) throws Refusal {
    int days = ask.path("retentionInDays").asInt();
    if (!DAYS.contains(days)) {
      throw validation(Integer.toString(days), "retentionInDays");
    }
    known(group(ask)).retentionDays = days;
  }

  /** Takes events; tells which it did not take, as the service's answer does. */
  Map<String, Integer> put(JsonNode ask, Instant now, int mostEvent) throws Refusal {
    String groupName = group(ask);
    String streamName = stream(ask);
    JsonNode events = ask.path("logEvents");
    if (!events.isArray() || events.isEmpty() || events.size() > MOST_EVENTS) {
      throw new Refusal(
          "InvalidParameterException",
          "1 validation error detected: Value '[...]' at 'logEvents' failed to satisfy constraint:"
              + " Member must have length between 1 and "
              + MOST_EVENTS);
    }
    check(events, mostEvent);
    Group group = known(groupName);
    if (!group.streams.contains(streamName)) {
      throw new Refusal("ResourceNotFoundException", "The specified log stream does not exist.");
    }
    return take(groupName, streamName, group, events, now);
  }

  private static void check(JsonNode events, int mostEvent) throws Refusal {
    long bytes = 0;
    long last = Long.MIN_VALUE;
    for (JsonNode event : events) {
      long millis = event.path("timestamp").asLong(-1);
      String message = event.path("message").asText("");
      if (millis < 0) {
        throw validation(Long.toString(millis), "logEvents.1.member.timestamp");
      }
      if (message.isEmpty()) {
        throw validation("", "logEvents.1.member.message");
      }
      int size = message.getBytes(StandardCharsets.UTF_8).length + EVENT_BYTES;
      if (size > mostEvent) {
        throw new Refusal(
            "InvalidParameterException",
            "Log event too large: " + size + " bytes exceeds limit of " + mostEvent);
      }
      if (millis < last) {
        throw new Refusal(
            "InvalidParameterException",
            "Log events in a single PutLogEvents request must be in chronological order.");
      }
      last = millis;
      bytes += size;
    }
    if (bytes > MOST_BYTES) {
      throw new Refusal(
          "InvalidParameterException",
          "Upload too large: " + bytes + " bytes exceeds limit of " + MOST_BYTES);
    }
  }

  private Map<String, Integer> take(
      String groupName, String streamName, Group group, JsonNode events, Instant now)
      throws Refusal {
    long oldest = now.minus(Duration.ofDays(14)).toEpochMilli();
    long kept =
        group.retentionDays == 0
            ? oldest
            : now.minus(Duration.ofDays(group.retentionDays)).toEpochMilli();
    long newest = now.plus(Duration.ofHours(2)).toEpochMilli();
    Map<String, Integer> rejected = new LinkedHashMap<>();
    List<Stored> taken = new ArrayList<>();
    TreeSet<Long> times = new TreeSet<>();
    for (int i = 0; i < events.size(); i++) {
      JsonNode event = events.get(i);
      long millis = event.path("timestamp").asLong();
      if (millis < oldest) {
        rejected.put("tooOldLogEventEndIndex", i + 1);
      } else if (millis < kept) {
        rejected.put("expiredLogEventEndIndex", i + 1);
      } else if (millis > newest) {
        rejected.putIfAbsent("tooNewLogEventStartIndex", i);
      } else {
        times.add(millis);
        taken.add(new Stored(groupName, streamName, millis, event.path("message").asText()));
      }
    }
    if (!times.isEmpty() && times.last() - times.first() > DAY_MILLIS) {
      throw new Refusal(
          "InvalidParameterException",
          "The batch of log events in a single PutLogEvents request cannot span more than 24"
              + " hours.");
    }
    stored.addAll(taken);
    return rejected;
  }

  private Group known(String name) throws Refusal {
    Group group = groups.get(name);
    if (group == null) {
      throw new Refusal("ResourceNotFoundException", "The specified log group does not exist.");
    }
    return group;
  }

  private static String group(JsonNode ask) throws Refusal {
    return name(ask, "logGroupName", "[.\\-_/#A-Za-z0-9]{1,512}");
  }

  private static String stream(JsonNode ask) throws Refusal {
    return name(ask, "logStreamName", "[^:*]{1,512}");
  }

  private static String name(JsonNode ask, String field, String pattern) throws Refusal {
    String name = text(ask, field);
    if (name == null || !name.matches(pattern)) {
      throw validation(String.valueOf(name), field);
    }
    return name;
  }

  private static @Nullable String text(JsonNode ask, String field) {
    JsonNode value = ask.get(field);
    return value == null || !value.isTextual() ? null : value.asText();
  }

  private static Refusal validation(String value, String field) {
    return new Refusal(
        "InvalidParameterException",
        "1 validation error detected: Value '"
            + value
            + "' at '"
            + field
            + "' failed to satisfy constraint");
  }
}
