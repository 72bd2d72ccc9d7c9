package io.logboom.core.deadletter;

import java.util.List;
import java.util.Locale;

/**
 * What an operator asks of the agent, for letters that are there already.
 *
 * @param ids the letters
 */
public record Request(Action action, IdSet ids) {
  private static final String FIRST_LINE = "logboom dead-letters 1";
  private static final String IDS = "ids ";

  /** What is to become of the letters. */
  public enum Action {
    /** They are sent once more. */
    REPLAY,
    /** They are deleted. */
    DROP
  }

  /** The text of a request's file. */
  String toText() {
    return FIRST_LINE + "\n" + action.name().toLowerCase(Locale.ROOT) + "\n" + IDS + ids + "\n";
  }

  /**
   * Reads the text of a request's file.
   *
   * @throws IllegalArgumentException where it is something else
   */
  static Request parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() != 3 || !lines.get(0).equals(FIRST_LINE) || !lines.get(2).startsWith(IDS)) {
      throw new IllegalArgumentException("it does not have the three lines of a request");
    }
    for (Action action : Action.values()) {
      if (lines.get(1).equals(action.name().toLowerCase(Locale.ROOT))) {
        return new Request(action, IdSet.parse(lines.get(2).substring(IDS.length())));
      }
    }
    throw new IllegalArgumentException("'" + lines.get(1) + "' is nothing to ask for");
  }
}
