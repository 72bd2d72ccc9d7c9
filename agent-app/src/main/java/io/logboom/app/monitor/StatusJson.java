package io.logboom.app.monitor;

import com.fasterxml.jackson.core.JsonGenerator;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.delivery.SpoolView;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Source;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** The agent's state at a glance: {@code /api/v1/status}. */
final class StatusJson {
  private final Watched agent;
  private final Supplier<List<String>> dead;
  private final Supplier<List<String>> unready;

  /**
   * @param dead what {@code /livez} says
   * @param unready what {@code /readyz} says
   */
  StatusJson(Watched agent, Supplier<List<String>> dead, Supplier<List<String>> unready) {
    this.agent = agent;
    this.dead = dead;
    this.unready = unready;
  }

  void write(JsonGenerator out) throws IOException {
    List<String> reasons = unready.get();
    Pipeline pipeline = agent.pipeline();
    out.writeStringField("version", agent.version());
    out.writeNumberField("uptime_seconds", agent.uptimeSeconds());
    out.writeBooleanField("live", dead.get().isEmpty());
    out.writeBooleanField("ready", reasons.isEmpty());
    out.writeArrayFieldStart("reasons");
    for (String reason : reasons) {
      out.writeString(reason);
    }
    out.writeEndArray();
    memory(pipeline.pool(), out);
    out.writeObjectFieldStart("inputs");
    for (Source source : pipeline.sources()) {
      input(source, out);
    }
    out.writeEndObject();
    out.writeObjectFieldStart("outputs");
    for (Delivery delivery : pipeline.deliveries()) {
      output(delivery, pipeline.ledger().output(delivery.stats().name()), out);
    }
    out.writeEndObject();
  }

  private static void memory(SlabPool pool, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("memory");
    out.writeNumberField("used_bytes", pool.used());
    out.writeNumberField("requests_bytes", pool.charged());
    out.writeNumberField("peak_bytes", pool.peak());
    out.writeNumberField("budget_bytes", pool.budget());
    out.writeNumberField("waiting_threads", pool.waiting());
    out.writeEndObject();
  }

  private static void input(Source source, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart(source.stats().name());
    out.writeNumberField("records", source.stats().records());
    out.writeNumberField("unsettled_batches", source.unsettledBatches());
    out.writeBooleanField("waiting", source.stats().waiting());
    out.writeStringField("problem", source.input().problem());
    out.writeEndObject();
  }

  private static void output(Delivery delivery, OutputAccount account, JsonGenerator out)
      throws IOException {
    OutputStats stats = delivery.stats();
    SpoolView spool = delivery.spool();
    out.writeObjectFieldStart(stats.name());
    out.writeNumberField("delivered", stats.procRecords());
    out.writeNumberField("outstanding", account.outstanding());
    out.writeNumberField("sends_under_way", stats.inFlight());
    out.writeStringField("circuit", delivery.isCircuitOpen() ? "open" : "closed");
    out.writeStringField("problem", stats.problem());
    if (spool != null) {
      out.writeObjectFieldStart("spool");
      out.writeNumberField("bytes", spool.bytes());
      out.writeNumberField("limit_bytes", spool.limitBytes());
      out.writeNumberField("records", spool.records());
      out.writeNumberField("oldest_age_millis", spool.oldestAgeMillis());
      out.writeStringField("problem", spool.problem());
      out.writeEndObject();
    }
    out.writeEndObject();
  }
}
