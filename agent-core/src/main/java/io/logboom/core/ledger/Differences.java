package io.logboom.core.ledger;

import java.util.ArrayList;
import java.util.List;

/** Finds what does not add up. */
final class Differences {
  private final List<String> found = new ArrayList<>();

  private Differences() {}

  static List<String> of(List<SourceRow> sources, List<OutputAccount> outputs) {
    Differences all = new Differences();
    for (SourceRow row : sources) {
      all.source(row);
    }
    for (OutputAccount output : outputs) {
      all.output(output, sources);
    }
    return all.found;
  }

  private void source(SourceRow row) {
    String name = row.name().source();
    negative(name, "waiting", row.waiting());
    if (name.equals(Ledger.UNKNOWN)) {
      // Takes the blame for what was entered under other names when it went into the spool.
      return;
    }
    row.outputs()
        .forEach(
            (output, at) -> {
              negative(name + " at " + output, "in flight", at.inFlight());
              negative(name + " at " + output, "spooled", at.spooled());
            });
  }

  private void negative(String where, String what, long n) {
    if (n < 0) {
      found.add(where + ": " + -n + " record(s) less than nothing are " + what);
    }
  }

  private void output(OutputAccount output, List<SourceRow> sources) {
    OutputRow sum = OutputRow.empty();
    for (SourceRow source : sources) {
      OutputRow at = source.outputs().get(output.name());
      sum = at == null ? sum : sum.plus(at);
    }
    if (!sum.equals(output.row())) {
      found.add(output.name() + ": its sources together have other numbers than it has itself");
    }
    negative(output.name(), "in flight", output.row().inFlight());
    negative(output.name(), "spooled", output.row().spooled());
    negative(output.name(), "left in the spool by an earlier run", output.earlier());
    missing(output.name(), "in flight", output.missingInMemory());
    missing(output.name(), "spooled", output.missingInSpool());
  }

  private void missing(String output, String what, long n) {
    if (n > 0) {
      found.add(output + ": " + n + " record(s) said to be " + what + " are not there");
    } else if (n < 0) {
      found.add(output + ": " + -n + " record(s) are " + what + " and in no account");
    }
  }
}
