package io.logboom.app.monitor;

import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.ledger.OutputRow;
import io.logboom.core.ledger.SourceName;
import io.logboom.core.ledger.SourceRow;
import io.logboom.core.meter.EngineMeter;
import io.logboom.core.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Shows the books as meters. A source has one series of each, whatever the number of outputs; what
 * each output did is shown for all sources together. Only records that did not arrive are shown by
 * source, output and reason, where there are any: the usual source has none.
 */
final class LedgerMetrics {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private LedgerMetrics() {}

  /** Shows all accounts. */
  static void scrape(Pipeline pipeline, Scrape to) {
    Ledger ledger = pipeline.ledger();
    for (OutputAccount output : ledger.outputs()) {
      output(output, to);
    }
    to.value(EngineMeter.LEDGER_DISCREPANCY, ledger.discrepancyRecords());
    Backlogs backlogs = Backlogs.of(pipeline);
    for (SourceRow row : ledger.sources()) {
      // Its numbers jump when a source vanishes, and would be counted once more by a rate.
      if (!row.name().source().equals(Ledger.GONE)) {
        source(row, backlogs.of(row.name().source()), to);
        reasons(row, to);
      }
    }
  }

  private static void output(OutputAccount account, Scrape to) {
    OutputRow row = account.row();
    String name = account.name();
    to.value(EngineMeter.OUTPUT_ROUTED, row.routed(), "name", name);
    to.value(EngineMeter.OUTPUT_RECOVERED, row.recovered(), "name", name);
    to.value(EngineMeter.OUTPUT_REPLAYED, row.replayed(), "name", name);
    to.value(EngineMeter.OUTPUT_AGAIN, row.of(Fate.AGAIN), "name", name);
    to.value(EngineMeter.OUTPUT_LEFT, row.of(Fate.LEFT), "name", name);
    to.value(EngineMeter.OUTPUT_HELD, row.inFlight(), "name", name);
    to.value(EngineMeter.OUTPUT_SPOOLED, (double) row.spooled() + account.earlier(), "name", name);
    to.value(EngineMeter.OUTPUT_DEAD_LETTERED_BYTES, row.keptBytes(), "name", name);
    to.value(EngineMeter.OUTPUT_LOST_BYTES, row.lostBytes(), "name", name);
    reasons(EngineMeter.OUTPUT_DEAD_LETTERED, Fate.Kind.KEPT, account, to);
    reasons(EngineMeter.OUTPUT_LOST, Fate.Kind.LOST, account, to);
  }

  private static void reasons(EngineMeter meter, Fate.Kind kind, OutputAccount account, Scrape to) {
    OutputRow row = account.row();
    for (Fate fate : Fate.values()) {
      if (fate.kind() == kind) {
        to.value(meter, row.of(fate), "name", account.name(), "reason", fate.word());
      }
    }
  }

  private static void source(SourceRow row, Backlogs.Backlog backlog, Scrape to) {
    Map<Fate.Kind, Long> ends = new EnumMap<>(Fate.Kind.class);
    long held = row.waiting();
    long keptBytes = 0;
    long lostBytes = 0;
    for (OutputRow at : row.outputs().values()) {
      held += at.inFlight() + at.spooled();
      keptBytes += at.keptBytes();
      lostBytes += at.lostBytes();
      for (Fate.Kind kind : Fate.Kind.values()) {
        ends.merge(kind, at.of(kind), Long::sum);
      }
    }
    String[] labels = labels(row.name());
    to.value(EngineMeter.SOURCE_READ_RECORDS, row.read(), labels);
    to.value(EngineMeter.SOURCE_READ_BYTES, row.readBytes(), labels);
    to.value(EngineMeter.SOURCE_FILTERED, row.filtered(), labels);
    to.value(EngineMeter.SOURCE_UNROUTED, row.unrouted(), labels);
    to.value(EngineMeter.SOURCE_DELIVERED, ends.getOrDefault(Fate.Kind.ARRIVED, 0L), labels);
    to.value(EngineMeter.SOURCE_DEAD_LETTERED, ends.getOrDefault(Fate.Kind.KEPT, 0L), labels);
    to.value(EngineMeter.SOURCE_LOST, ends.getOrDefault(Fate.Kind.LOST, 0L), labels);
    to.value(EngineMeter.SOURCE_DEAD_LETTERED_BYTES, keptBytes, labels);
    to.value(EngineMeter.SOURCE_LOST_BYTES, lostBytes, labels);
    to.value(EngineMeter.SOURCE_HELD, held, labels);
    to.value(EngineMeter.SOURCE_LAG_BYTES, backlog.bytes(), labels);
    to.value(EngineMeter.SOURCE_LAG_SECONDS, backlog.nanos() / SECOND, labels);
  }

  private static void reasons(SourceRow row, Scrape to) {
    row.outputs()
        .forEach(
            (output, at) -> {
              reasons(EngineMeter.SOURCE_OUTPUT_DEAD_LETTERED, Fate.Kind.KEPT, row, output, to);
              reasons(EngineMeter.SOURCE_OUTPUT_LOST, Fate.Kind.LOST, row, output, to);
            });
  }

  private static void reasons(
      EngineMeter meter, Fate.Kind kind, SourceRow row, String output, Scrape to) {
    OutputRow at = row.outputs().get(output);
    for (Fate fate : Fate.values()) {
      if (at != null && fate.kind() == kind && at.of(fate) > 0) {
        List<String> labels = new ArrayList<>(List.of(labels(row.name())));
        labels.addAll(List.of("name", output, "reason", fate.word()));
        to.value(meter, at.of(fate), labels.toArray(String[]::new));
      }
    }
  }

  /** A container is named by its three words; only another source has the label for its name. */
  private static String[] labels(SourceName name) {
    return new String[] {
      "namespace", name.namespace(),
      "pod", name.pod(),
      "container", name.container(),
      "source", name.container().isEmpty() ? name.source() : ""
    };
  }
}
