package io.logboom.core.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Types of a parser's members: {@code code:integer size:integer}.
 *
 * @param byName in the order in which they were given
 */
public record FieldTypes(Map<String, Kind> byName) {
  /** What a member's text becomes. */
  public enum Kind {
    STRING,
    INTEGER,
    FLOAT,
    BOOL,
    HEX
  }

  private static final List<String> WORDS = List.of("string", "integer", "float", "bool", "hex");

  public FieldTypes {
    byName = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  /** Reads {@code name:type} with blanks or commas between. */
  public static FieldTypes parse(String text) {
    Map<String, Kind> types = new LinkedHashMap<>();
    for (String part : text.strip().split("[\\s,]+")) {
      int colon = part.lastIndexOf(':');
      if (colon < 1) {
        throw new BadValueException("'" + part + "' is not name:type", "such as code:integer");
      }
      String word = part.substring(colon + 1).toLowerCase(Locale.ROOT);
      int kind = WORDS.indexOf(word);
      if (kind < 0) {
        throw new BadValueException(
            "unknown type '" + word + "'",
            Nearest.hint(word, WORDS, "one of " + String.join(", ", WORDS)));
      }
      if (types.put(part.substring(0, colon), Kind.values()[kind]) != null) {
        throw new BadValueException("a type for '" + part.substring(0, colon) + "' twice", "");
      }
    }
    return new FieldTypes(types);
  }
}
