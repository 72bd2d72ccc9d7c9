package io.logboom.output.forward;

import io.logboom.api.plugin.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What became of the records of one send: open until it is known that they arrived, or never can.
 */
final class Verdict {
  private final BitSet open = new BitSet();
  private final List<Outcome.Rejection> rejected = new ArrayList<>();
  private int live;
  private String why = "";
  private boolean unreached;

  void clear() {
    open.clear();
    rejected.clear();
    live = 0;
    why = "";
    unreached = false;
  }

  void expect(int record) {
    open.set(record);
    live++;
  }

  boolean isOpen(int record) {
    return open.get(record);
  }

  void arrived(int record) {
    open.clear(record);
  }

  void reject(int record, String reason) {
    open.clear(record);
    rejected.add(new Outcome.Rejection(record, reason));
  }

  /** Why records stay open. */
  void failed(String reason) {
    why = reason;
    unreached = false;
  }

  /** No server could be reached. */
  void unreached(String reason) {
    why = reason;
    unreached = true;
  }

  Outcome outcome() {
    if (open.isEmpty() && rejected.isEmpty()) {
      return Outcome.DELIVERED;
    }
    if (open.cardinality() == live) {
      return new Outcome.Retry(why, Duration.ZERO, unreached);
    }
    String reason = open.isEmpty() ? rejected.getFirst().why() : why;
    return new Outcome.Mixed((BitSet) open.clone(), List.copyOf(rejected), reason, Duration.ZERO);
  }
}
