package io.logboom.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Numbers under headings, aligned, with a last line of sums. */
final class Table {
  private static final String SUM = "all";

  private final String heading;
  private final Set<String> optional;
  private final List<String> names = new ArrayList<>();
  private final List<Map<String, Long>> rows = new ArrayList<>();
  private final Map<String, Long> sums = new LinkedHashMap<>();

  /**
   * @param heading of the names
   * @param optional columns that are left out where they hold nothing
   */
  Table(String heading, Set<String> optional) {
    this.heading = heading;
    this.optional = optional;
  }

  void add(String name, Map<String, Long> numbers) {
    names.add(name);
    rows.add(numbers);
    numbers.forEach((column, number) -> sums.merge(column, number, Long::sum));
  }

  List<String> lines() {
    List<String> columns =
        sums.keySet().stream()
            .filter(column -> !optional.contains(column) || holds(column))
            .toList();
    int first = Math.max(heading.length(), SUM.length());
    for (String name : names) {
      first = Math.max(first, name.length());
    }
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder(pad(heading, first));
    columns.forEach(column -> head.append("  ").append(align(column, width(column))));
    lines.add(head.toString());
    for (int i = 0; i < rows.size(); i++) {
      lines.add(line(names.get(i), first, columns, rows.get(i)));
    }
    lines.add(line(SUM, first, columns, sums));
    return lines;
  }

  private String line(String name, int first, List<String> columns, Map<String, Long> numbers) {
    StringBuilder line = new StringBuilder(pad(name, first));
    for (String column : columns) {
      String number = Long.toString(numbers.getOrDefault(column, 0L));
      line.append("  ").append(align(number, width(column)));
    }
    return line.toString();
  }

  private boolean holds(String column) {
    return rows.stream().anyMatch(row -> row.getOrDefault(column, 0L) != 0);
  }

  /** A sum may be shorter than its numbers where some are negative. */
  private int width(String column) {
    int width = Math.max(column.length(), sums.getOrDefault(column, 0L).toString().length());
    for (Map<String, Long> row : rows) {
      width = Math.max(width, row.getOrDefault(column, 0L).toString().length());
    }
    return width;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String align(String text, int width) {
    return " ".repeat(width - text.length()) + text;
  }
}
