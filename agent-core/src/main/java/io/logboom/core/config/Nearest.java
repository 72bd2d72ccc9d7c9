package io.logboom.core.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant. */
final class Nearest {
  private Nearest() {}

  /** A hint that names the nearest of {@code known}; else {@code otherwise}. */
  static String hint(String wrong, Collection<String> known, String otherwise) {
    String nearest = of(wrong, known);
    return nearest == null ? otherwise : "did you mean '" + nearest + "'?";
  }

  /** The nearest of {@code known}, or null where none is near. */
  static @Nullable String of(String wrong, Collection<String> known) {
    String w = plain(wrong);
    if (w.isEmpty() || w.length() > 64) {
      return null;
    }
    String best = null;
    int least = Math.max(1, (w.length() + 1) / 3) + 1;
    for (String name : known) {
      int distance = distance(w, plain(name));
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int d = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d = Math.min(d, beforeLast[j - 2] + 1);
        }
        row[j] = d;
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
