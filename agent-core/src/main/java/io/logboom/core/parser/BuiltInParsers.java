package io.logboom.core.parser;

import io.logboom.core.config.Binder;
import io.logboom.core.config.ParserDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parsers that are known without a parsers file, from the resource {@code parsers.conf}: {@code
 * [PARSER]} sections of keys and values, and comment lines. Each is bound when it is first used,
 * since a configuration uses few.
 */
final class BuiltInParsers {
  private static final String RESOURCE = "parsers.conf";
  private static final Map<String, List<String>> OPTIONS = read();

  private BuiltInParsers() {}

  static Set<String> names() {
    return Collections.unmodifiableSet(OPTIONS.keySet());
  }

  /** The definition of that name; null where there is none. */
  static @Nullable ParserDefinition find(String name) {
    List<String> options = OPTIONS.get(name);
    return options == null
        ? null
        : Binder.bind(ParserDefinition.class, options.toArray(String[]::new));
  }

  private static Map<String, List<String>> read() {
    String text;
    try (InputStream in = BuiltInParsers.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, List<String>> byName = new LinkedHashMap<>();
    List<String> options = new ArrayList<>();
    for (String line : text.split("\n")) {
      String content = line.strip();
      if (content.equals("[PARSER]")) {
        options = new ArrayList<>();
      } else if (!content.isEmpty() && !content.startsWith("#")) {
        String[] keyAndValue = content.split("\\s+", 2);
        options.add(keyAndValue[0]);
        options.add(keyAndValue[1]);
        if (keyAndValue[0].equals("name")) {
          byName.put(keyAndValue[1], options);
        }
      }
    }
    return byName;
  }
}
