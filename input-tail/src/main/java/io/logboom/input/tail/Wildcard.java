package io.logboom.input.tail;

import java.util.regex.Pattern;

/** Shell patterns: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]} and {@code \} before any. */
final class Wildcard {
  private Wildcard() {}

  static boolean isWild(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
  }

  /** One component of a path; wildcards do not take in a dot at the start. */
  static Pattern component(String text) {
    boolean hidden = text.startsWith("*") || text.startsWith("?") || text.startsWith("[");
    return Pattern.compile((hidden ? "(?!\\.)" : "") + translate(text), Pattern.DOTALL);
  }

  /** A whole path; wildcards take in separators. */
  static Pattern path(String text) {
    return Pattern.compile(translate(text), Pattern.DOTALL);
  }

  private static String translate(String text) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      int close = c == '[' ? text.indexOf(']', i + 2) : -1;
      if (c == '*') {
        out.append(".*");
      } else if (c == '?') {
        out.append('.');
      } else if (close > 0) {
        out.append(set(text.substring(i, close)));
        i = close + 1;
      } else if (c == '\\' && i < text.length()) {
        out.append(Pattern.quote(String.valueOf(text.charAt(i++))));
      } else {
        out.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return out.toString();
  }

  private static String set(String inside) {
    boolean not = inside.startsWith("!") || inside.startsWith("^");
    String members = not ? inside.substring(1) : inside;
    return "[" + (not ? "^" : "") + members.replaceAll("[\\\\\\[\\]&^]", "\\\\$0") + "]";
  }
}
