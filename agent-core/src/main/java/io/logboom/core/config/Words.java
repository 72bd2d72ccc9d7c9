package io.logboom.core.config;

import java.util.ArrayList;
import java.util.List;

/** Words with blanks between; double quotes hold a word with blanks together. */
final class Words {
  private Words() {}

  static List<String> quoted(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inQuotes = false;
    boolean started = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        word.append('"');
        started = true;
        i++;
      } else if (c == '"') {
        inQuotes = !inQuotes;
        started = true;
      } else if (!inQuotes && (c == ' ' || c == '\t')) {
        if (started) {
          words.add(word.toString());
          word.setLength(0);
          started = false;
        }
      } else {
        word.append(c);
        started = true;
      }
    }
    if (inQuotes) {
      throw new BadValueException("a quote is not closed", "");
    }
    if (started) {
      words.add(word.toString());
    }
    return words;
  }

  /** A word in quotes that {@link #quoted} reads back. */
  static String quote(String word) {
    return '"' + word.replace("\"", "\\\"") + '"';
  }
}
