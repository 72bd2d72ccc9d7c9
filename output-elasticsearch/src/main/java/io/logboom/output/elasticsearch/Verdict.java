package io.logboom.output.elasticsearch;

import io.logboom.api.plugin.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What became of the records of one send, gathered over its requests. Used again and again. */
final class Verdict {
  private final BitSet retry = new BitSet();
  private final List<Outcome.Rejection> rejected = new ArrayList<>();
  private String why = "";
  private Duration notBefore = Duration.ZERO;

  void clear() {
    retry.clear();
    rejected.clear();
    why = "";
    notBefore = Duration.ZERO;
  }

  void retry(int record, String reason) {
    if (retry.isEmpty()) {
      why = reason; // comes before the reason of what is not to be sent again
    }
    retry.set(record);
  }

  void reject(int record, String reason) {
    rejected.add(new Outcome.Rejection(record, reason));
    if (why.isEmpty()) {
      why = reason;
    }
  }

  void notBefore(Duration wait) {
    if (wait.compareTo(notBefore) > 0) {
      notBefore = wait;
    }
  }

  boolean hasRetries() {
    return !retry.isEmpty();
  }

  Outcome outcome() {
    if (retry.isEmpty() && rejected.isEmpty()) {
      return Outcome.DELIVERED;
    }
    return new Outcome.Mixed((BitSet) retry.clone(), List.copyOf(rejected), why, notBefore);
  }
}
