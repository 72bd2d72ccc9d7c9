package io.logboom.app.monitor;

import com.fasterxml.jackson.core.JsonGenerator;
import io.logboom.app.reload.Reloads;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.pipeline.InputStats;
import io.logboom.net.server.Answer;
import io.logboom.net.server.Routes;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Fluent Bit's HTTP endpoints, with its shapes. */
final class FluentBitApi {
  private static final String PROMETHEUS = "text/plain; version=0.0.4";
  private static final long DAY = 86_400;

  private final Watched agent;
  private final FluentBitMetrics metrics;
  private final HealthWindow health;
  private final Supplier<List<String>> stuck;

  /**
   * @param stuck a sentence for each part that does not get on
   */
  FluentBitApi(
      Watched agent, FluentBitMetrics metrics, HealthWindow health, Supplier<List<String>> stuck) {
    this.agent = agent;
    this.metrics = metrics;
    this.health = health;
    this.stuck = stuck;
  }

  void register(Routes routes, ServiceConfig.Health config) {
    routes
        .any("/", _ -> JsonAnswer.of(200, this::root))
        .any("/api/v1/uptime", _ -> JsonAnswer.of(200, this::uptime))
        .any("/api/v1/plugins", _ -> JsonAnswer.of(200, this::plugins))
        .any("/api/v1/metrics", _ -> JsonAnswer.of(200, this::counts))
        .any("/api/v1/metrics/prometheus", _ -> Answer.text(200, PROMETHEUS, prometheusV1()))
        .any("/api/v1/storage", _ -> JsonAnswer.of(200, this::storage))
        .any("/api/v2/health", _ -> healthV2())
        .any("/api/v2/metrics", _ -> Answer.text(200, "", textV2()))
        .any("/api/v2/metrics/prometheus", _ -> Answer.text(200, PROMETHEUS, prometheusV2()));
    reload(routes, "/api/v1/reload");
    reload(routes, "/api/v2/reload");
    if (config.healthCheck()) {
      routes.any("/api/v1/health", _ -> healthV1());
    }
  }

  private void reload(Routes routes, String path) {
    routes
        .get(path, _ -> JsonAnswer.of(200, this::reloads))
        .on(
            Set.of("POST", "PUT"),
            path,
            _ ->
                switch (agent.reloads().ask(path)) {
                  case BEGUN -> Answer.json(200, "{\"reload\":\"done\",\"status\":0}");
                  case IN_PROGRESS ->
                      Answer.json(400, "{\"reload\":\"in progress\",\"status\":-2}");
                  case NOT_ENABLED ->
                      Answer.json(200, "{\"reload\":\"not enabled\",\"status\":-1}");
                });
  }

  private void reloads(JsonGenerator out) throws IOException {
    Reloads.State state = agent.reloads().state();
    out.writeNumberField("hot_reload_count", state.done());
    Reloads.Event last = state.last();
    if (last != null) {
      out.writeObjectFieldStart("last");
      out.writeStringField("outcome", last.outcome().name().toLowerCase(Locale.ROOT));
      out.writeStringField("at", last.at().toString());
      list(out, "details", last.details());
      out.writeEndObject();
    }
  }

  private void root(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("fluent-bit");
    out.writeStringField("version", agent.version());
    out.writeStringField("edition", "Logboom");
    out.writeArrayFieldStart("flags");
    out.writeEndArray();
    out.writeEndObject();
  }

  private void uptime(JsonGenerator out) throws IOException {
    long seconds = agent.uptimeSeconds();
    out.writeNumberField("uptime_sec", seconds);
    out.writeStringField("uptime_hr", sentence(seconds));
  }

  static String sentence(long uptime) {
    long rest = uptime % DAY;
    return "Logboom has been running:  "
        + count(uptime / DAY, "day")
        + ", "
        + count(rest / 3600, "hour")
        + ", "
        + count(rest % 3600 / 60, "minute")
        + " and "
        + count(rest % 60, "second");
  }

  private static String count(long n, String noun) {
    return n + " " + noun + (n > 1 ? "s" : "");
  }

  private void plugins(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("plugins");
    list(out, "inputs", agent.plugins().inputs());
    list(out, "filters", agent.plugins().filters());
    list(out, "outputs", agent.plugins().outputs());
    out.writeEndObject();
  }

  private static void list(JsonGenerator out, String name, List<String> values) throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  private void counts(JsonGenerator out) throws IOException {
    for (var kind : metrics.counts().entrySet()) {
      out.writeObjectFieldStart(kind.getKey());
      for (var instance : kind.getValue().entrySet()) {
        out.writeObjectFieldStart(instance.getKey());
        for (Map.Entry<String, Long> count : instance.getValue().entrySet()) {
          out.writeNumberField(count.getKey(), count.getValue());
        }
        out.writeEndObject();
      }
      out.writeEndObject();
    }
  }

  /** Sorted by text, each with the time in milliseconds, as the first version of the API does. */
  private String prometheusV1() {
    String time = " " + agent.clock().millis() + "\n";
    Map<String, String> helps = new TreeMap<>();
    Map<String, TreeMap<String, Long>> series = new TreeMap<>();
    metrics
        .counts()
        .forEach(
            (kind, instances) ->
                instances.forEach(
                    (instance, counts) ->
                        counts.forEach(
                            (name, count) -> {
                              String metric = "fluentbit_" + kind + "_" + name + "_total";
                              helps.put(metric, FluentBitMetrics.help(kind, name));
                              series
                                  .computeIfAbsent(metric, _ -> new TreeMap<>())
                                  .put(instance, count);
                            })));
    StringBuilder out = new StringBuilder(4096);
    series.forEach(
        (metric, samples) -> {
          out.append("# HELP ").append(metric).append(' ').append(helps.get(metric));
          out.append("\n# TYPE ").append(metric).append(" counter\n");
          samples.forEach(
              (instance, count) ->
                  out.append(metric)
                      .append("{name=\"")
                      .append(Family.escape(instance))
                      .append("\"} ")
                      .append(count)
                      .append(time));
        });
    out.append("# HELP fluentbit_uptime Number of seconds that the agent has been running.\n")
        .append("# TYPE fluentbit_uptime counter\nfluentbit_uptime ")
        .append(agent.uptimeSeconds())
        .append("\n# HELP process_start_time_seconds Start time of the process since unix epoch")
        .append(" in seconds.\n# TYPE process_start_time_seconds gauge\n")
        .append("process_start_time_seconds ")
        .append(agent.startedAt().getEpochSecond())
        .append("\n# HELP fluentbit_build_info Build version information.\n")
        .append("# TYPE fluentbit_build_info gauge\nfluentbit_build_info{version=\"")
        .append(agent.version())
        .append("\",edition=\"Logboom\"} 1\n");
    return out.toString();
  }

  private String prometheusV2() {
    StringBuilder out = new StringBuilder(8192);
    metrics.families().forEach(family -> family.prometheus(out));
    return out.toString();
  }

  private String textV2() {
    StringBuilder out = new StringBuilder(8192);
    metrics.families().forEach(family -> family.text(agent.clock().instant(), out));
    return out.toString();
  }

  private void storage(JsonGenerator out) throws IOException {
    long total = metrics.totalUnderWay();
    out.writeObjectFieldStart("storage_layer");
    out.writeObjectFieldStart("chunks");
    long disk = metrics.onDisk();
    out.writeNumberField("total_chunks", total + disk);
    out.writeNumberField("mem_chunks", total);
    out.writeNumberField("fs_chunks", disk);
    out.writeNumberField("fs_chunks_up", 0);
    out.writeNumberField("fs_chunks_down", disk);
    out.writeEndObject();
    out.writeEndObject();
    out.writeObjectFieldStart("input_chunks");
    for (InputStats input : agent.pipeline().inputStats()) {
      out.writeObjectFieldStart(input.name());
      inputStorage(out, input);
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private void inputStorage(JsonGenerator out, InputStats input) throws IOException {
    long open = FluentBitMetrics.underWay(input);
    String memory = size(metrics.memory(input));
    out.writeObjectFieldStart("status");
    out.writeBooleanField("overlimit", input.waiting());
    out.writeStringField("mem_size", memory);
    out.writeStringField("mem_limit", size(agent.pipeline().pool().budget()));
    out.writeEndObject();
    out.writeObjectFieldStart("chunks");
    out.writeNumberField("total", open);
    out.writeNumberField("up", open);
    out.writeNumberField("down", 0);
    out.writeNumberField("busy", open);
    out.writeStringField("busy_size", memory);
    out.writeEndObject();
  }

  /** {@code 32b}, {@code 1.5K}, in steps of 1024. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + "b";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < 5) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f%c", value, "KMGTPE".charAt(unit));
  }

  /** As Fluent Bit's, and also where something is stuck; what it is stands in the next lines. */
  private Answer healthV1() {
    List<String> reasons = stuck.get();
    if (health.state().healthy() && reasons.isEmpty()) {
      return Answer.text(200, "", "ok\n");
    }
    StringBuilder text = new StringBuilder("error\n");
    reasons.forEach(reason -> text.append(reason).append('\n'));
    return Answer.text(500, "", text.toString());
  }

  private Answer healthV2() {
    HealthWindow.State state = health.state();
    List<String> reasons = stuck.get();
    boolean healthy = state.healthy() && reasons.isEmpty();
    return JsonAnswer.of(
        healthy ? 200 : 500,
        out -> {
          out.writeStringField("status", healthy ? "ok" : "error");
          out.writeNumberField("errors", state.errors());
          out.writeNumberField("retries_failed", state.retriesFailed());
          out.writeNumberField("error_limit", state.errorLimit());
          out.writeNumberField("retry_failure_limit", state.retryLimit());
          out.writeNumberField("period_limit", state.period());
          if (!reasons.isEmpty()) {
            list(out, "stuck", reasons);
          }
        });
  }
}
