package io.logboom.input.http;

import java.util.LinkedHashSet;
import java.util.Set;

/** What was logged already: the same trouble of the same client is said once. Bounded. */
final class Said {
  private static final int MOST = 1000;
  private final Set<String> known = new LinkedHashSet<>();

  /** Whether this is new, and so worth a line. */
  synchronized boolean first(String what) {
    if (!known.add(what)) {
      return false;
    }
    if (known.size() > MOST) {
      known.remove(known.iterator().next());
    }
    return true;
  }
}
