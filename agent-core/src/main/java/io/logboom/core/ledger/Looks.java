package io.logboom.core.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what does not add up from what is only on its way between two places while the numbers are
 * read: the one is there at every look, the other is not. A look a second.
 */
final class Looks {
  private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

  /** How many looks in a row have to see a difference in an account in which nothing moves. */
  static final int AT_REST = 10;

  /** How many looks in a row have to see a difference in an account that is in use. */
  static final int IN_USE = 60;

  private Map<String, Seen> seen = new HashMap<>();
  private volatile List<Discrepancy> certain = List.of();

  /** A difference that the last look has seen, and how many looks before it. */
  private static final class Seen {
    Discrepancy last;
    Discrepancy least;
    int looks = 1;
    int still = 1;
    boolean told;

    Seen(Discrepancy first) {
      last = first;
      least = first;
    }

    void again(Discrepancy now) {
      looks++;
      still = now.equals(last) ? still + 1 : 1;
      least = Math.abs(now.records()) < Math.abs(least.records()) ? now : least;
      last = now;
    }

    boolean isCertain() {
      return still >= AT_REST || looks >= IN_USE;
    }
  }

  /** Takes note of what a look has found; what it has not found was nothing. */
  synchronized void note(List<Discrepancy> found) {
    Map<String, Seen> next = new HashMap<>();
    List<Discrepancy> now = new ArrayList<>();
    for (Discrepancy each : found) {
      Seen before = seen.get(each.place());
      if (before == null || before.last.records() > 0 != each.records() > 0) {
        before = new Seen(each);
      } else {
        before.again(each);
      }
      next.put(each.place(), before);
      if (before.isCertain()) {
        now.add(before.still >= AT_REST ? before.last : before.least);
        tell(before);
      }
    }
    seen = next;
    if (now.isEmpty() && !certain.isEmpty()) {
      LOG.info("the books add up again");
    }
    certain = List.copyOf(now);
  }

  private static void tell(Seen difference) {
    if (!difference.told) {
      difference.told = true;
      LOG.error("the books do not add up: {}; see logboom ledger", difference.least.text());
    }
  }

  /** What is certain after the last look. */
  List<Discrepancy> certain() {
    return certain;
  }
}
