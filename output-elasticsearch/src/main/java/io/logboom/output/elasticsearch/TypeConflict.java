package io.logboom.output.elasticsearch;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the field in the reason of a refusal that says that the document has it with another type
 * than the index: the texts of Elasticsearch 6 to 9 and OpenSearch 1 to 3. Newer Elasticsearch puts
 * the place in the document before them, such as {@code [1:23]}.
 */
final class TypeConflict {
  private static final List<Pattern> TEXTS =
      List.of(
          text("failed to parse field \\[(.+?)\\] of type \\["),
          text("object mapping for \\[(.+?)\\] tried to parse field"),
          text(
              "(?:Could not dynamically add mapping for field \\[.+?\\]\\. )?"
                  + "Existing mapping for \\[(.+?)\\] must be of type object but found"),
          text("mapper \\[(.+?)\\] (?:cannot be changed from type|of different type)"),
          text("can't merge a non[ -]object mapping \\[(.+?)\\] with an object mapping"),
          text("object mapping \\[(.+?)\\] can't be changed from nested"));

  private TypeConflict() {}

  private static Pattern text(String expression) {
    return Pattern.compile("(?:\\[\\d+:\\d+\\] )?" + expression, Pattern.DOTALL);
  }

  /**
   * The field's path with dots, as the index names it.
   *
   * @return null where the reason is another one
   */
  static @Nullable String field(String reason) {
    for (Pattern text : TEXTS) {
      Matcher found = text.matcher(reason);
      if (found.lookingAt()) {
        return found.group(1);
      }
    }
    return null;
  }
}
