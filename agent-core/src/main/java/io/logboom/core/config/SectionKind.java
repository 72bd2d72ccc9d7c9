package io.logboom.core.config;

import java.util.Arrays;
import java.util.List;
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
  UPSTREAM_SERVERS,
  UPSTREAM,
  NODE;

  /**
   * The first kind whose name begins with {@code name}, in any case; null where there is none. What
   * an upstream file has is known there only.
   */
  static @Nullable SectionKind byPrefix(String name, FileKind in) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (SectionKind kind : known(in)) {
      if (!upper.isEmpty() && kind.name().startsWith(upper)) {
        return kind;
      }
    }
    return null;
  }

  /** The kinds that a reader of such a file knows, also those that belong to another one. */
  static List<SectionKind> known(FileKind in) {
    return Arrays.stream(values())
        .filter(kind -> (kind.file() == FileKind.UPSTREAM) == (in == FileKind.UPSTREAM))
        .toList();
  }

  /** Where it stands in classic syntax. */
  FileKind file() {
    return switch (this) {
      case PARSER, MULTILINE_PARSER -> FileKind.PARSERS;
      case UPSTREAM, NODE -> FileKind.UPSTREAM;
      default -> FileKind.MAIN;
    };
  }
}
