package io.logboom.core.config;

/** Patterns in which {@code *} stands for any run of characters, also an empty one. */
final class Globs {
  /** Longer patterns are not compared: nobody writes them, and the work is their product. */
  private static final int LONGEST = 4096;

  private Globs() {}

  /** Whether there is a text that both patterns take. */
  static boolean overlap(String a, String b) {
    if (a.length() > LONGEST || b.length() > LONGEST) {
      return true;
    }
    // reach[j]: whether a's beginning up to i and b's beginning up to j can stand for one text.
    boolean[] reach = new boolean[b.length() + 1];
    reach[0] = true;
    for (int j = 1; j <= b.length(); j++) {
      reach[j] = reach[j - 1] && b.charAt(j - 1) == '*';
    }
    for (int i = 1; i <= a.length(); i++) {
      char c = a.charAt(i - 1);
      boolean[] next = new boolean[b.length() + 1];
      next[0] = reach[0] && c == '*';
      for (int j = 1; j <= b.length(); j++) {
        char d = b.charAt(j - 1);
        next[j] = (c == '*' || d == '*') ? reach[j] || next[j - 1] : c == d && reach[j - 1];
      }
      reach = next;
    }
    return reach[b.length()];
  }
}
