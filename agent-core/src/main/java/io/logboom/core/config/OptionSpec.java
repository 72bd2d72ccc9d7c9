package io.logboom.core.config;

import io.logboom.api.config.Option;
import io.logboom.api.config.Option.Refers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An option, as its component declares it.
 *
 * @param name the full name, with the prefixes of its groups
 * @param aliases other full names
 * @param group the text of the innermost group; empty where it is in none
 * @param presetText the default as a user would write it; empty where there is none
 * @param list whether the component is a list of {@code type}
 * @param nodes the options of the nodes in the file that the value names; null where it names none
 */
record OptionSpec(
    String name,
    List<String> aliases,
    String group,
    Option option,
    String presetText,
    ValueType type,
    boolean list,
    boolean nullable,
    @Nullable RecordSpec<?> nodes) {

  boolean answersTo(String key) {
    return name.equals(key) || aliases.contains(key);
  }

  /** Whether several values may stand in one, separated by commas. */
  boolean splits() {
    return list
        && (!option.repeatable()
            || option.refers() == Refers.PARSER
            || option.refers() == Refers.MULTILINE_PARSER);
  }

  /** The default as an object; null where there is none. */
  @Nullable Object preset() {
    if (presetText.isEmpty()) {
      if (list) {
        return nullable ? null : List.of();
      }
      return !nullable && type.type() == String.class ? "" : null;
    }
    List<Object> values = values(presetText);
    return list ? List.copyOf(values) : values.getFirst();
  }

  /**
   * The objects that a value stands for: one, or where it splits as many as it has parts.
   *
   * @throws BadValueException where one is against the syntax or out of bounds
   */
  List<Object> values(String text) {
    if (!splits()) {
      return List.of(value(text));
    }
    List<Object> values = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String trimmed = part.strip();
      if (!trimmed.isEmpty()) {
        values.add(value(trimmed));
      }
    }
    if (values.isEmpty()) {
      throw new BadValueException("an empty list", "");
    }
    return values;
  }

  private Object value(String text) {
    Object value = type.reader().apply(text, option.unit());
    if (!option.min().isEmpty() && compare(value, option.min()) < 0) {
      throw new BadValueException("less than " + option.min(), bounds());
    }
    if (!option.max().isEmpty() && compare(value, option.max()) > 0) {
      throw new BadValueException("greater than " + option.max(), bounds());
    }
    return value;
  }

  /** The bounds in words; empty where there are none. */
  String bounds() {
    String least = option.min().isEmpty() ? "" : "from " + option.min();
    String most = option.max().isEmpty() ? "" : "up to " + option.max();
    return least + (least.isEmpty() || most.isEmpty() ? "" : " ") + most;
  }

  @SuppressWarnings("unchecked")
  private int compare(Object value, String bound) {
    return ((Comparable<Object>) value).compareTo(type.reader().apply(bound, option.unit()));
  }
}
