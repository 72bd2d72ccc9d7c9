package io.logboom.core.config;

import io.logboom.api.config.Option;
import io.logboom.api.config.Option.Refers;
import io.logboom.api.config.Option.Unit;
import io.logboom.api.text.Regex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A multiline parser of the configuration: {@code [MULTILINE_PARSER]}, or an element of {@code
 * multiline_parsers}.
 */
public record MultilineDefinition(
    @Option(text = "The name that other sections use.", required = true) String name,
    @Option(
            text =
                "How lines that belong together are told: by rules (regex), or by the text that"
                    + " they end with (endswith) or are (equal).",
            required = true)
        Type type,
    @Option(text = "For endswith and equal: the text.") @Nullable String matchString,
    @Option(text = "For endswith and equal: whether not to match counts.", preset = "off")
        boolean negate,
    @Option(text = "The member that is joined; without one, the whole line.")
        @Nullable String keyContent,
    @Option(text = "The member that the rules look at; the default is key_content.")
        @Nullable String keyPattern,
    @Option(text = "A member whose values are joined apart, such as stream.")
        @Nullable String keyGroup,
    @Option(text = "A parser for each line, before the rules look at it.", refers = Refers.PARSER)
        @Nullable String parser,
    @Option(
            text = "How long a part waits for its next line, in milliseconds.",
            preset = "4000",
            min = "500",
            unit = Unit.MILLISECONDS)
        Duration flushTimeout,
    @Option(
            text =
                "For regex: \"state\" \"/expression/\" \"next state\". The first rule's state is"
                    + " start_state.",
            repeatable = true)
        List<Rule> rule) {
  public MultilineDefinition {
    rule = List.copyOf(rule);
  }

  /** How lines that belong together are told. */
  public enum Type {
    REGEX,
    ENDSWITH,
    EQUAL;

    /** Reads a type; {@code eq} is {@code equal}. */
    public static Type parse(String text) {
      List<String> words = List.of("regex", "endswith", "equal");
      String word = text.toLowerCase(Locale.ROOT);
      int i = words.indexOf(word.equals("eq") ? "equal" : word);
      if (i < 0) {
        throw ValueType.unknown(word, words);
      }
      return values()[i];
    }
  }

  /**
   * A rule of the state machine.
   *
   * @param from the states in which it is tried
   * @param to the state after a match
   */
  public record Rule(Set<String> from, Regex regex, String to) {
    public Rule {
      from = Set.copyOf(from);
    }

    /** Reads three words in quotes; {@code \"} is a quote. */
    public static Rule parse(String text) {
      List<String> words = Words.quoted(text);
      if (words.size() != 3) {
        throw new BadValueException(
            "not three words but " + words.size(), "\"state\" \"/expression/\" \"next state\"");
      }
      List<String> states = new ArrayList<>();
      for (String state : words.getFirst().split(",")) {
        if (!state.isBlank()) {
          states.add(state.strip());
        }
      }
      if (states.isEmpty()) {
        throw new BadValueException("a rule without a state", "the first is start_state");
      }
      return new Rule(
          Set.copyOf(states),
          (Regex) ValueType.of(Regex.class).reader().apply(words.get(1), Unit.DEFAULT),
          words.get(2));
    }
  }
}
