package io.logboom.core.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A key and its value, as they stand in a section.
 *
 * @param key in lower snake case
 * @param text the value, its variables replaced
 * @param written the value as it stands in the file
 * @param quoted whether the value was written in quotes, so that an empty one is meant
 */
record Entry(
    String key, Mark keyMark, String text, String written, Mark valueMark, boolean quoted) {
  private static final int MOST_SHOWN = 120;
  private static final Pattern PRIVATE =
      Pattern.compile("pass|secret|token|key|cred|auth|api", Pattern.CASE_INSENSITIVE);

  /** Whether a variable took part in the value. */
  boolean expanded() {
    return !text.equals(written);
  }

  /**
   * The value for a message, in quotes and on one line. What a variable gave is shown too, but not
   * where the variable's name sounds like a secret: it may have got into the wrong option.
   */
  String shown() {
    return shown(text);
  }

  /** As {@link #shown()}, of one part of the value. */
  String shown(String part) {
    if (!expanded()) {
      return quote(part);
    }
    return isPrivate() ? quote(written) : quote(written) + " (" + quote(part) + ")";
  }

  /** What somebody says of the value, without the value where that may be a secret. */
  String discreet(String rule) {
    if (!isPrivate()) {
      return rule;
    }
    String out = text.isEmpty() ? rule : rule.replace(text, "***");
    for (String part : text.split(",", -1)) {
      out = part.isBlank() ? out : out.replace(part.strip(), "***");
    }
    return out;
  }

  private boolean isPrivate() {
    return expanded() && (PRIVATE.matcher(written).find() || written.contains("file:"));
  }

  /** The value for a listing: what is in effect, or the variable where that may be a secret. */
  String shownValue() {
    return isPrivate() ? written : text;
  }

  /** Text in quotes, shortened, with control characters made visible. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    int end = Math.min(text.length(), MOST_SHOWN);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append(end < text.length() ? "...\"" : "\"").toString();
  }
}
