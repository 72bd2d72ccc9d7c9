package io.logboom.core.regex;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds where in an expression its error is: joni says what is wrong, and not where. */
final class Failure {
  private Failure() {}

  /**
   * The index of the character at which reading {@code text} fails with {@code why}.
   *
   * @param failure what reading another text fails with; null where it does not fail
   */
  static int position(String text, String why, Function<String, @Nullable String> failure) {
    int unmatched = unmatched(text);
    if (unmatched >= 0 && (why.contains("parenthes") || why.contains("char-class"))) {
      return unmatched;
    }
    // The shortest beginning that fails for the same reason ends at the fault.
    for (int length = 1; length < text.length(); length++) {
      if (why.equals(failure.apply(text.substring(0, length)))) {
        return length - 1;
      }
    }
    return Math.max(0, text.length() - 1);
  }

  /** The first bracket without a partner, or -1. */
  private static int unmatched(String text) {
    Deque<Integer> open = new ArrayDeque<>();
    int classes = 0;
    int classFrom = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '[') {
        if (classes++ == 0) {
          classFrom = i;
        }
      } else if (c == ']' && classes > 0) {
        classes--;
      } else if (classes == 0 && c == '(') {
        open.push(i);
      } else if (classes == 0 && c == ')') {
        if (open.isEmpty()) {
          return i;
        }
        open.pop();
      }
    }
    if (classes > 0) {
      return classFrom;
    }
    return open.isEmpty() ? -1 : open.getLast();
  }
}
