package io.logboom.core.pipeline;

/** Decides on a tag, as {@code match} and {@code match_regex} do. */
@FunctionalInterface
public interface TagMatch {
  boolean matches(String tag);

  /**
   * A pattern in which {@code *} stands for any run of characters, dots among them, also an empty
   * one; all else is literal. The whole tag must match.
   */
  static TagMatch glob(String pattern) {
    if (pattern.equals("*")) {
      return _ -> true;
    }
    return tag -> glob(pattern, tag);
  }

  private static boolean glob(String pattern, String tag) {
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < tag.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && pattern.charAt(p) == tag.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Matches where either does. */
  default TagMatch or(TagMatch other) {
    return tag -> matches(tag) || other.matches(tag);
  }
}
