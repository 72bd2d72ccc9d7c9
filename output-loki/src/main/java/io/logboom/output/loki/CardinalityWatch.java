package io.logboom.output.loki;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts the different values of each label, as far as {@link #MOST}. Asked only when a worker
 * meets a stream for the first time. Safe for all threads.
 */
final class CardinalityWatch {
  /** A label with more values than this is named in a warning. */
  static final int MOST = 1000;

  private static final int MOST_NAMES = 64;

  private final Map<String, Set<Long>> values = new HashMap<>();
  private final Consumer<String> passed;

  /**
   * @param passed told once of each label that passes the bound
   */
  CardinalityWatch(Consumer<String> passed) {
    this.passed = passed;
  }

  void met(Pairs labels) {
    byte[] b = labels.bytes();
    for (int i = 0; i < labels.count(); i++) {
      String name =
          new String(
              b, labels.nameFrom(i), labels.nameTo(i) - labels.nameFrom(i), StandardCharsets.UTF_8);
      if (isPassed(name, hash(b, labels.valueFrom(i), labels.valueTo(i)))) {
        passed.accept(name);
      }
    }
  }

  private synchronized boolean isPassed(String name, long hash) {
    Set<Long> seen = values.get(name);
    if (seen == null) {
      if (values.size() == MOST_NAMES) {
        return false;
      }
      seen = new HashSet<>();
      values.put(name, seen);
    }
    if (seen.size() > MOST || !seen.add(hash)) {
      return false;
    }
    return seen.size() > MOST;
  }

  /** FNV-1a, 64 bits. */
  private static long hash(byte[] b, int from, int to) {
    long hash = 0xCBF29CE484222325L;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (b[i] & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }
}
