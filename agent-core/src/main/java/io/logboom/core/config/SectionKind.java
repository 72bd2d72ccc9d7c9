package io.logboom.core.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The sections of a configuration, in the order in which classic names are looked up. */
enum SectionKind {
  SERVICE,
  INPUT,
  FILTER,
  OUTPUT,
  CUSTOM,
  PARSER,
  MULTILINE_PARSER,
  STREAM_PROCESSOR,
  PLUGINS,
  UPSTREAM_SERVERS;

  /** The first kind whose name begins with {@code name}, in any case; null where there is none. */
  static @Nullable SectionKind byPrefix(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (SectionKind kind : values()) {
      if (!upper.isEmpty() && kind.name().startsWith(upper)) {
        return kind;
      }
    }
    return null;
  }

  /** Whether it stands in a parsers file, and nowhere else in classic syntax. */
  boolean defines() {
    return this == PARSER || this == MULTILINE_PARSER;
  }
}
