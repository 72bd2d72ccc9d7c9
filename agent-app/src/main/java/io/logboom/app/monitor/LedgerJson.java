package io.logboom.app.monitor;

import com.fasterxml.jackson.core.JsonGenerator;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.ledger.OutputRow;
import io.logboom.core.ledger.SourceRow;
import io.logboom.core.pipeline.Pipeline;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The books as JSON: {@code /api/v1/ledger}. */
final class LedgerJson {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Pipeline pipeline;

  LedgerJson(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  void write(JsonGenerator out) throws IOException {
    Ledger ledger = pipeline.ledger();
    Backlogs backlogs = Backlogs.of(pipeline);
    List<SourceRow> sources = ledger.sources();
    List<String> differences = ledger.discrepancies();
    out.writeBooleanField("adds_up", differences.isEmpty());
    out.writeArrayFieldStart("differences");
    for (String each : differences) {
      out.writeString(each);
    }
    out.writeEndArray();
    out.writeObjectFieldStart("outputs");
    for (OutputAccount account : ledger.outputs()) {
      out.writeObjectFieldStart(account.name());
      output(account.row(), out);
      out.writeNumberField("earlier", account.earlier());
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeArrayFieldStart("sources");
    for (SourceRow row : sources) {
      source(row, backlogs.of(row.name().source()), out);
    }
    out.writeEndArray();
  }

  private static void source(SourceRow row, Backlogs.Backlog backlog, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("source", row.name().source());
    out.writeStringField("namespace", row.name().namespace());
    out.writeStringField("pod", row.name().pod());
    out.writeStringField("container", row.name().container());
    out.writeNumberField("read", row.read());
    out.writeNumberField("read_bytes", row.readBytes());
    out.writeNumberField("added", row.added());
    out.writeNumberField("filtered", row.filtered());
    out.writeNumberField("unrouted", row.unrouted());
    out.writeNumberField("routed", row.routed());
    out.writeNumberField("again", row.again());
    out.writeNumberField("waiting", row.waiting());
    out.writeNumberField("lag_bytes", backlog.bytes());
    out.writeNumberField("lag_seconds", backlog.nanos() / SECOND);
    out.writeObjectFieldStart("outputs");
    for (Map.Entry<String, OutputRow> at : row.outputs().entrySet()) {
      out.writeObjectFieldStart(at.getKey());
      output(at.getValue(), out);
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void output(OutputRow row, JsonGenerator out) throws IOException {
    out.writeNumberField("routed", row.routed());
    out.writeNumberField("recovered", row.recovered());
    out.writeNumberField("replayed", row.replayed());
    out.writeNumberField("delivered", row.of(Fate.DELIVERED));
    out.writeNumberField("delivered_bytes", row.deliveredBytes());
    out.writeNumberField("discarded", row.of(Fate.DISCARDED));
    out.writeNumberField("again", row.of(Fate.AGAIN));
    reasons("dead_lettered", Fate.Kind.KEPT, row, out);
    out.writeNumberField("dead_lettered_bytes", row.keptBytes());
    reasons("lost", Fate.Kind.LOST, row, out);
    out.writeNumberField("lost_bytes", row.lostBytes());
    out.writeNumberField("left", row.of(Fate.LEFT));
    out.writeNumberField("spooled", row.spooled());
    out.writeNumberField("in_flight", row.inFlight());
  }

  private static void reasons(String name, Fate.Kind kind, OutputRow row, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(name);
    for (Fate fate : Fate.values()) {
      if (fate.kind() == kind) {
        out.writeNumberField(fate.word(), row.of(fate));
      }
    }
    out.writeEndObject();
  }
}
