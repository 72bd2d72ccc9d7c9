package io.logboom.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The answer of {@code /api/v1/ledger}, and the tables that are printed of it. */
final class Books {
  /** Columns that are left out where all of them is 0. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "ADDED",
          "COPIED",
          "RECOVERED",
          "REPLAYED",
          "FILTERED",
          "UNROUTED",
          "DISCARDED",
          "DEAD-LETTERED",
          "AGAIN",
          "LEFT",
          "EARLIER",
          "LAG-BYTES");

  private final Map<?, ?> answer;

  private Books(Map<?, ?> answer) {
    this.answer = answer;
  }

  static Books of(Map<?, ?> answer) {
    return new Books(answer);
  }

  boolean addsUp() {
    return Boolean.TRUE.equals(answer.get("adds_up"));
  }

  /** A line for each source, over all outputs, and one for all. */
  List<String> bySource() {
    Table table = new Table("SOURCE", OPTIONAL);
    for (Object each : list(answer, "sources")) {
      if (each instanceof Map<?, ?> source) {
        table.add(String.valueOf(source.get("source")), sourceNumbers(source));
      }
    }
    return withVerdict(table);
  }

  /** A line for each output, and one for all. */
  List<String> byOutput() {
    Table table = new Table("OUTPUT", OPTIONAL);
    map(answer, "outputs")
        .forEach(
            (name, row) -> {
              if (row instanceof Map<?, ?> output) {
                table.add(String.valueOf(name), outputNumbers(output));
              }
            });
    return withVerdict(table);
  }

  private List<String> withVerdict(Table table) {
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(reasons());
    lines.add("");
    if (addsUp()) {
      lines.add("It adds up: every record is accounted for.");
    } else {
      lines.add("It does not add up:");
      list(answer, "differences").forEach(each -> lines.add("  " + each));
    }
    return lines;
  }

  /** Why records are lost or in the dead letters. */
  private List<String> reasons() {
    List<String> lines = new ArrayList<>();
    map(answer, "outputs")
        .forEach(
            (name, row) -> {
              if (row instanceof Map<?, ?> output) {
                reasons(name + ": dead-lettered, ", map(output, "dead_lettered"), lines);
                reasons(name + ": lost, ", map(output, "lost"), lines);
              }
            });
    if (!lines.isEmpty()) {
      lines.addFirst("");
    }
    return lines;
  }

  private static void reasons(String what, Map<?, ?> counts, List<String> lines) {
    new TreeMap<>(counts)
        .forEach(
            (reason, count) -> {
              if (count instanceof Number number && number.longValue() != 0) {
                lines.add(what + reason + ": " + number);
              }
            });
  }

  /**
   * What came in is in the columns up to REPLAYED; those behind, to IN-FLIGHT, come to the same.
   */
  private static Map<String, Long> sourceNumbers(Map<?, ?> source) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    Map<String, Long> ends = new LinkedHashMap<>();
    for (Object each : map(source, "outputs").values()) {
      if (each instanceof Map<?, ?> output) {
        outputNumbers(output).forEach((name, count) -> ends.merge(name, count, Long::sum));
      }
    }
    numbers.put("READ", number(source, "read"));
    numbers.put("ADDED", number(source, "added"));
    numbers.put("COPIED", ends.getOrDefault("ROUTED", 0L) - number(source, "routed"));
    numbers.put("RECOVERED", ends.getOrDefault("RECOVERED", 0L));
    numbers.put("REPLAYED", ends.getOrDefault("REPLAYED", 0L));
    numbers.put("FILTERED", number(source, "filtered"));
    numbers.put("UNROUTED", number(source, "unrouted"));
    for (String column :
        List.of("DELIVERED", "DISCARDED", "DEAD-LETTERED", "LOST", "AGAIN", "LEFT", "SPOOLED")) {
      numbers.put(column, ends.getOrDefault(column, 0L));
    }
    numbers.merge("AGAIN", number(source, "again"), Long::sum);
    numbers.put("IN-FLIGHT", ends.getOrDefault("IN-FLIGHT", 0L) + number(source, "waiting"));
    numbers.put("LAG-BYTES", number(source, "lag_bytes"));
    return numbers;
  }

  /** EARLIER is not in yet: it comes in as RECOVERED. */
  private static Map<String, Long> outputNumbers(Map<?, ?> output) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put("ROUTED", number(output, "routed"));
    numbers.put("RECOVERED", number(output, "recovered"));
    numbers.put("REPLAYED", number(output, "replayed"));
    numbers.put("DELIVERED", number(output, "delivered"));
    numbers.put("DISCARDED", number(output, "discarded"));
    numbers.put("DEAD-LETTERED", sum(map(output, "dead_lettered")));
    numbers.put("LOST", sum(map(output, "lost")));
    numbers.put("AGAIN", number(output, "again"));
    numbers.put("LEFT", number(output, "left"));
    numbers.put("SPOOLED", number(output, "spooled"));
    numbers.put("IN-FLIGHT", number(output, "in_flight"));
    numbers.put("EARLIER", number(output, "earlier"));
    return numbers;
  }

  private static long sum(Map<?, ?> counts) {
    return counts.values().stream()
        .mapToLong(each -> each instanceof Number number ? number.longValue() : 0)
        .sum();
  }

  private static long number(Map<?, ?> object, String name) {
    return object.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static Map<?, ?> map(Map<?, ?> object, String name) {
    return object.get(name) instanceof Map<?, ?> found ? found : Map.of();
  }

  private static List<? extends @Nullable Object> list(Map<?, ?> object, String name) {
    return object.get(name) instanceof List<?> found ? found : List.of();
  }
}
