package io.logboom.api.record;

import io.logboom.api.record.Accessor.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads accessors out of a text, each from its {@code $}.
 *
 * <p>A key is made of letters, digits and {@code _ - / @}. A {@code -} or {@code /} at its end is
 * text where another accessor follows at once, so that {@code $a-$b} means what it looks like.
 */
final class AccessorParser {
  private static final String TAG = "TAG";

  private final String text;
  private int i;

  AccessorParser(String text) {
    this.text = text;
  }

  int position() {
    return i;
  }

  void position(int next) {
    i = next;
  }

  /** The accessor that starts with the {@code $} at the position. */
  Accessor accessor() {
    int from = i++;
    if (i == text.length()) {
      throw new AccessorSyntaxException("'$' without a name", from);
    }
    char c = text.charAt(i);
    if (c >= '0' && c <= '9') {
      i++;
      return Accessor.capture(text.substring(from, i), c - '0');
    }
    if (text.startsWith(TAG, i) && !isKey(i + TAG.length())) {
      return tag(from);
    }
    if (!isKey(i) || c == '-' || c == '/') {
      throw new AccessorSyntaxException("'$' without a name", from);
    }
    String key = key();
    List<Step> steps = new ArrayList<>();
    while (i < text.length() && text.charAt(i) == '[') {
      steps.add(step());
    }
    return Accessor.field(text.substring(from, i), key, steps);
  }

  private Accessor tag(int from) {
    i += TAG.length();
    if (i == text.length() || text.charAt(i) != '[') {
      return Accessor.tag(text.substring(from, i));
    }
    int bracket = i;
    if (step() instanceof Step.Element element) {
      return Accessor.tagPart(text.substring(from, i), element.index());
    }
    throw new AccessorSyntaxException("$TAG takes a number in brackets", bracket);
  }

  private String key() {
    int from = i;
    while (isKey(i)) {
      i++;
    }
    while (i < text.length() && text.charAt(i) == '$' && "-/".indexOf(text.charAt(i - 1)) >= 0) {
      i--;
    }
    return text.substring(from, i);
  }

  private boolean isKey(int at) {
    if (at >= text.length()) {
      return false;
    }
    char c = text.charAt(at);
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '/' || c == '@';
  }

  private Step step() {
    int bracket = i++;
    char c = i < text.length() ? text.charAt(i) : ' ';
    Step step;
    if (c == '\'' || c == '"') {
      step = new Step.Member(Accessor.json(quoted(c)));
    } else {
      int from = i;
      while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        i++;
      }
      if (i == from || i - from > 9) {
        throw new AccessorSyntaxException("expected a quoted name or a number", from);
      }
      step = new Step.Element(Integer.parseInt(text.substring(from, i)));
    }
    if (i >= text.length() || text.charAt(i) != ']') {
      throw new AccessorSyntaxException("'[' without ']'", bracket);
    }
    i++;
    return step;
  }

  /** A name in quotes, in which the quote itself is written twice. */
  private String quoted(char quote) {
    int from = i++;
    StringBuilder name = new StringBuilder();
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != quote) {
        name.append(c);
      } else if (i < text.length() && text.charAt(i) == quote) {
        name.append(c);
        i++;
      } else {
        return name.toString();
      }
    }
    throw new AccessorSyntaxException("a quote that does not end", from);
  }
}
