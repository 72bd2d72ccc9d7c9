package io.logboom.core.pipeline;

import io.logboom.api.plugin.Input;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.ledger.OutputRow;
import io.logboom.core.ledger.SourceRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;

/**
 * What a stop leaves undelivered, by source: what a sidecar says last, since the files that it
 * would go on with at a next start go with their pod.
 */
final class Remains {
  private static final int MOST_LINES = 50;

  private final Ledger ledger;
  private final Map<String, Long> before;

  private Remains(Ledger ledger, Map<String, Long> before) {
    this.ledger = ledger;
    this.before = before;
  }

  /** To be made when inputs are to quiesce: what is given back to them from here on is left. */
  static Remains from(Ledger ledger) {
    Map<String, Long> again = new HashMap<>();
    for (SourceRow row : ledger.sources()) {
      again.put(row.name().source(), again(row));
    }
    return new Remains(ledger, again);
  }

  private static long again(SourceRow row) {
    long sum = row.again();
    for (OutputRow output : row.outputs().values()) {
      sum += output.of(Fate.AGAIN);
    }
    return sum;
  }

  /**
   * Logs a line for each source that has anything left, and one for all.
   *
   * @return whether there is any
   */
  boolean report(List<Input> inputs, Logger log) {
    Map<String, Long> bytes = new HashMap<>();
    for (Input input : inputs) {
      input.undelivered((source, count, nanos) -> bytes.merge(source, count, Long::sum));
    }
    Map<String, Long> lost = new HashMap<>();
    Map<String, Long> spooled = new HashMap<>();
    for (SourceRow row : ledger.sources()) {
      String source = row.name().source();
      long records = again(row) - before.getOrDefault(source, 0L) + Math.max(0, row.waiting());
      long waiting = 0;
      for (OutputRow output : row.outputs().values()) {
        records += Math.max(0, output.inFlight());
        // A spool that is closed has been left.
        waiting += Math.max(0, output.spooled()) + output.of(Fate.LEFT);
      }
      lost.put(source, records);
      spooled.put(source, waiting);
    }
    return lines(bytes, lost, spooled, log);
  }

  private static boolean lines(
      Map<String, Long> bytes, Map<String, Long> lost, Map<String, Long> spooled, Logger log) {
    Set<String> sources = new TreeSet<>(bytes.keySet());
    sources.addAll(lost.keySet());
    long allBytes = 0;
    long allLost = 0;
    long allSpooled = 0;
    List<String> lines = new ArrayList<>();
    for (String source : sources) {
      long b = bytes.getOrDefault(source, 0L);
      long l = lost.getOrDefault(source, 0L);
      long s = spooled.getOrDefault(source, 0L);
      allBytes += b;
      allLost += l;
      allSpooled += s;
      if (b + l + s > 0) {
        lines.add(source + ": " + words(l, b, s));
      }
    }
    if (lines.isEmpty()) {
      return false;
    }
    for (String line : lines.subList(0, Math.min(MOST_LINES, lines.size()))) {
      log.warn("not delivered: {}", line);
    }
    log.warn(
        "not delivered in all, of {} source(s): {}",
        lines.size(),
        words(allLost, allBytes, allSpooled));
    return true;
  }

  private static String words(long records, long bytes, long spooled) {
    String text = records + " record(s) that were read, and " + bytes + " byte(s) of files";
    return spooled == 0 ? text : text + "; " + spooled + " record(s) wait in the spool";
  }
}
