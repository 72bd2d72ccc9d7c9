package io.logboom.core.config;

import java.util.Comparator;
import java.util.Locale;

/**
 * Something wrong with a configuration, or worth knowing about it.
 *
 * @param text the option, its value and the rule that it breaks, in one line
 * @param hint what to write instead; may be empty
 */
public record Problem(Severity severity, Mark mark, String text, String hint)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::mark)
          .thenComparing(Problem::severity)
          .thenComparing(Problem::text);

  /** How much a problem weighs. */
  public enum Severity {
    /** The agent does not start. */
    ERROR,
    /** The agent starts, and does something that was perhaps not meant. */
    WARNING,
    /** Nothing is wrong. */
    INFO
  }

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    String line = mark + ": " + severity.name().toLowerCase(Locale.ROOT) + ": " + text;
    return hint.isEmpty() ? line : line + "\n    hint: " + hint;
  }
}
