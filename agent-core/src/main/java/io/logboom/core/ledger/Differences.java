package io.logboom.core.ledger;

import java.util.ArrayList;
import java.util.List;

/** Finds what does not add up. */
final class Differences {
  private final List<Discrepancy> found = new ArrayList<>();

  private Differences() {}

  /**
   * @param routing whether a batch was on its way to the outputs meanwhile, so that some may have
   *     it and others not yet
   */
  static List<Discrepancy> of(
      List<SourceRow> sources, List<OutputAccount> outputs, boolean routing) {
    Differences all = new Differences();
    for (SourceRow row : sources) {
      all.source(row, routing);
    }
    for (OutputAccount output : outputs) {
      all.output(output, sources);
    }
    return all.found;
  }

  private void source(SourceRow row, boolean routing) {
    String name = row.name().source();
    long stamp = stamp(row);
    negative(name, "waiting", row.waiting(), stamp);
    if (name.equals(Ledger.UNKNOWN)) {
      // Takes the blame for what was entered under other names when it went into the spool.
      return;
    }
    long got = 0;
    for (OutputRow at : row.outputs().values()) {
      got += at.routed();
    }
    if (!routing && got != row.given()) {
      String text =
          got < row.given()
              ? row.given() - got + " record(s) were routed and have not come to their outputs"
              : got - row.given() + " record(s) have come to outputs to which they were not routed";
      add(name, "routed", row.given() - got, stamp, text);
    }
    row.outputs()
        .forEach(
            (output, at) -> {
              negative(name + " at " + output, "in flight", at.inFlight(), stamp);
              negative(name + " at " + output, "spooled", at.spooled(), stamp);
            });
  }

  private static long stamp(SourceRow row) {
    long stamp = row.read() + row.added() + row.filtered() + row.unrouted();
    stamp += row.routed() + row.again() + row.given();
    for (OutputRow at : row.outputs().values()) {
      stamp = 31 * stamp + at.hashCode();
    }
    return stamp;
  }

  private void output(OutputAccount output, List<SourceRow> sources) {
    String name = output.name();
    OutputRow row = output.row();
    long earlier = output.earlier();
    long stamp = 31L * row.hashCode() + earlier;
    OutputRow sum = OutputRow.empty();
    for (SourceRow source : sources) {
      OutputRow at = source.outputs().get(name);
      sum = at == null ? sum : sum.plus(at);
    }
    if (!sum.equals(row)) {
      String text = "its sources together have other numbers than it has itself";
      add(name, "sum", Math.max(1, sum.distance(row)), stamp, text);
    }
    negative(name, "in flight", row.inFlight(), stamp);
    negative(name, "spooled", row.spooled(), stamp);
    negative(name, "left in the spool by an earlier run", earlier, stamp);
    if (output.isHeld()) {
      held(name, "in flight", row.inFlight() - output.heldInMemory(), stamp);
      held(name, "spooled", row.spooled() + earlier - output.heldInSpool(), stamp);
    }
  }

  private void negative(String where, String what, long n, long stamp) {
    if (n < 0) {
      add(
          where,
          "less than nothing " + what,
          -n,
          stamp,
          -n + " record(s) less than nothing are " + what);
    }
  }

  private void held(String output, String what, long missing, long stamp) {
    if (missing > 0) {
      add(
          output,
          what,
          missing,
          stamp,
          missing + " record(s) said to be " + what + " are not there");
    } else if (missing < 0) {
      add(output, what, missing, stamp, -missing + " record(s) are " + what + " and in no account");
    }
  }

  private void add(String where, String what, long records, long stamp, String text) {
    found.add(new Discrepancy(where + ": " + what, records, stamp, where + ": " + text));
  }
}
