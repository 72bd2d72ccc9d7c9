package io.logboom.core.config;

import java.util.List;
import java.util.Locale;

/** How much the agent says about itself. */
public enum LogLevel {
  OFF,
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE;

  /** Reads a level; {@code warning} is {@code warn}. */
  public static LogLevel parse(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.equals("warning")) {
      return WARN;
    }
    for (LogLevel level : values()) {
      if (level.name().equalsIgnoreCase(word)) {
        return level;
      }
    }
    List<String> words = List.of("off", "error", "warn", "info", "debug", "trace");
    throw ValueType.unknown(word, words);
  }
}
