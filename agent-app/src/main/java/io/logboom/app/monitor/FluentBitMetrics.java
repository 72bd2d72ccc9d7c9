package io.logboom.app.monitor;

import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.delivery.SpoolView;
import io.logboom.core.ledger.Fate;
import io.logboom.core.ledger.OutputAccount;
import io.logboom.core.ledger.OutputRow;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.pipeline.FilterStats;
import io.logboom.core.pipeline.InputStats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The agent's counts under Fluent Bit's names, so that dashboards and alerts go on working. A chunk
 * of Fluent Bit's is a batch here. Where Fluent Bit tells inputs apart and outputs here do not know
 * them, the label is the input's name where there is one only, else {@code *}.
 */
final class FluentBitMetrics {
  private static final String[] LEVELS = {"error", "warn", "info", "debug", "trace"};

  /** Fluent Bit's names of the tail input's counts, and our metrics for the same. */
  static final Map<String, String> TAIL =
      Map.of(
          "files_opened", "tail_files_opened",
          "files_closed", "tail_files_closed",
          "files_rotated", "tail_files_rotated",
          "multiline_truncated", "tail_joined_records_cut",
          "long_line_truncated", "tail_long_lines_cut",
          "long_line_skipped", "tail_long_lines_skipped");

  private final Watched agent;
  private final String hostname;

  FluentBitMetrics(Watched agent, String hostname) {
    this.agent = agent;
    this.hostname = hostname;
  }

  /** The counts of {@code /api/v1/metrics}: kind, then instance, then name. */
  Map<String, Map<String, Map<String, Long>>> counts() {
    Map<String, Map<String, Map<String, Long>>> all = new LinkedHashMap<>();
    Map<String, Map<String, Long>> inputs = new LinkedHashMap<>();
    agent.pipeline().inputStats().forEach(input -> inputs.put(input.name(), input(input)));
    all.put("input", inputs);
    Map<String, Map<String, Long>> filters = new LinkedHashMap<>();
    agent.pipeline().filterStats().forEach(filter -> filters.put(filter.name(), filter(filter)));
    all.put("filter", filters);
    Map<String, Map<String, Long>> outputs = new LinkedHashMap<>();
    for (Delivery delivery : agent.pipeline().deliveries()) {
      outputs.put(delivery.stats().name(), output(delivery.stats()));
    }
    all.put("output", outputs);
    return all;
  }

  private Map<String, Long> input(InputStats stats) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("records", stats.records());
    counts.put("bytes", stats.bytes());
    if (stats.type().equals("tail")) {
      new TreeMap<>(TAIL)
          .forEach(
              (name, metric) -> counts.put(name, agent.meters().named(stats.name()).count(metric)));
    }
    return counts;
  }

  private static Map<String, Long> filter(FilterStats stats) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("drop_records", stats.dropRecords());
    counts.put("add_records", 0L);
    counts.put("records", stats.records());
    counts.put("bytes", stats.bytes());
    counts.put("drop_bytes", 0L);
    return counts;
  }

  private static Map<String, Long> output(OutputStats stats) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("proc_records", stats.procRecords());
    counts.put("proc_bytes", stats.procBytes());
    counts.put("errors", stats.errors());
    counts.put("retries", stats.retries());
    counts.put("retries_failed", stats.retriesFailed());
    counts.put("dropped_records", stats.droppedRecords());
    counts.put("retried_records", stats.retriedRecords());
    return counts;
  }

  /** The metrics of {@code /api/v2/metrics}. */
  List<Family> families() {
    List<Family> all = new ArrayList<>();
    process(all);
    counters(all);
    inputs(all);
    outputs(all);
    return all;
  }

  private void process(List<Family> all) {
    double start = agent.startedAt().getEpochSecond();
    all.add(
        counter("uptime", "Number of seconds that the agent has been running.", "hostname")
            .add((double) agent.uptimeSeconds(), hostname));
    all.add(
        counter("hot_reloaded_times", "Number of hot reloads.", "hostname")
            .add((double) agent.reloads().state().done(), hostname));
    all.add(
        gauge(
                "process_start_time_seconds",
                "Start time of the process since unix epoch in seconds.",
                "hostname")
            .add(start, hostname));
    all.add(
        gauge("build_info", "Build version information.", "hostname", "version", "os")
            .add(start, hostname, agent.version(), "linux"));
    Family lines =
        counter("logger_logs_total", "Number of log lines of the agent.", "message_type");
    for (String level : LEVELS) {
      lines.add((double) agent.logLines().applyAsLong(level), level);
    }
    all.add(lines);
  }

  /** What {@code /api/v1} has too. */
  private void counters(List<Family> all) {
    counts()
        .forEach(
            (kind, instances) -> {
              Map<String, Family> families = new LinkedHashMap<>();
              instances.forEach(
                  (instance, counts) ->
                      counts.forEach(
                          (name, count) ->
                              families
                                  .computeIfAbsent(
                                      name,
                                      _ ->
                                          counter(
                                              kind + "_" + name + "_total",
                                              help(kind, name),
                                              "name"))
                                  .add((double) count, instance)));
              all.addAll(families.values());
            });
  }

  static String help(String kind, String name) {
    return "Number of " + kind + ' ' + name.replace('_', ' ') + '.';
  }

  private void inputs(List<Family> all) {
    Family paused =
        gauge("input_ingestion_paused", "Is the input paused: 1 while it waits for room.", "name");
    Family memory =
        gauge(
            "input_storage_memory_bytes",
            "Memory of the input's batches under way, in even shares.",
            "name");
    Family chunks = gauge("input_storage_chunks", "Batches of the input under way.", "name");
    Family up = gauge("input_storage_chunks_up", "Batches of the input in memory.", "name");
    Family down = gauge("input_storage_chunks_down", "Batches of the input on disk only.", "name");
    Family over = gauge("input_storage_overlimit", "Is the input over its memory limit.", "name");
    for (InputStats input : agent.pipeline().inputStats()) {
      long open = underWay(input);
      paused.add(input.waiting() ? 1 : 0, input.name());
      memory.add((double) memory(input), input.name());
      chunks.add((double) open, input.name());
      up.add((double) open, input.name());
      down.add(0, input.name());
      over.add(input.waiting() ? 1 : 0, input.name());
    }
    all.addAll(List.of(paused, memory, chunks, up, down, over));
    long total = totalUnderWay();
    long disk = onDisk();
    all.add(gauge("storage_chunks", "Batches under way.").add((double) total + disk));
    all.add(gauge("storage_mem_chunks", "Batches in memory.").add((double) total));
    all.add(gauge("storage_fs_chunks", "Batches on disk.").add((double) disk));
    all.add(gauge("storage_fs_chunks_up", "Batches on disk that are in memory too.").add(0));
    all.add(gauge("storage_fs_chunks_down", "Batches on disk only.").add((double) disk));
  }

  private void outputs(List<Family> all) {
    Family busy = gauge("output_upstream_busy_connections", "Deliveries under way.", "name");
    Family free =
        gauge(
            "output_chunk_available_capacity_percent", "Free part of the output's queue.", "name");
    Family latency =
        new Family(
            "fluentbit_output_latency_seconds",
            Family.Type.HISTOGRAM,
            "Time from a batch being read until its last record arrived.",
            "input",
            "output");
    Family waits =
        new Family(
            "fluentbit_output_backpressure_wait_seconds",
            Family.Type.HISTOGRAM,
            "How long routing waited for room in the output's queue.",
            "name");
    for (Delivery delivery : agent.pipeline().deliveries()) {
      String name = delivery.stats().name();
      latency.add(delivery.stats().latency(), input(), name);
      waits.add(delivery.stats().waits(), name);
      busy.add(delivery.stats().inFlight(), name);
      free.add(
          Math.max(0, 100 - 100.0 * delivery.waitingBytes() / delivery.maxWaitingBytes()), name);
    }
    all.addAll(List.of(busy, free, latency, waits));
    routing(all);
  }

  private void routing(List<Family> all) {
    Family routed =
        counter(
            "routing_logs_records_total", "Records that went to the output.", "input", "output");
    Family dropped =
        counter(
            "routing_logs_drop_records_total",
            "Records that will not arrive; of unmatched ones no output takes the tag.",
            "input",
            "output");
    for (OutputAccount account : agent.pipeline().ledger().outputs()) {
      OutputRow row = account.row();
      routed.add((double) row.routed(), input(), account.name());
      dropped.add((double) row.of(Fate.Kind.LOST), input(), account.name());
    }
    dropped.add((double) agent.pipeline().unroutedRecords(), input(), "unmatched");
    all.addAll(List.of(routed, dropped));
  }

  private String input() {
    List<InputStats> inputs = agent.pipeline().inputStats();
    return inputs.size() == 1 ? inputs.getFirst().name() : "*";
  }

  /** Batches in the spools of all outputs. */
  long onDisk() {
    long entries = 0;
    for (Delivery delivery : agent.pipeline().deliveries()) {
      SpoolView spool = delivery.spool();
      entries += spool == null ? 0 : spool.entries();
    }
    return entries;
  }

  static long underWay(InputStats input) {
    return Math.max(0, input.batches() - input.settledBatches());
  }

  long totalUnderWay() {
    return agent.pipeline().inputStats().stream().mapToLong(FluentBitMetrics::underWay).sum();
  }

  /** Memory is one budget for all; an input's part of it is by its batches. */
  long memory(InputStats input) {
    SlabPool pool = agent.pipeline().pool();
    long total = totalUnderWay();
    return total == 0 ? 0 : (pool.used() - pool.charged()) * underWay(input) / total;
  }

  private static Family counter(String name, String help, String... labels) {
    return new Family("fluentbit_" + name, Family.Type.COUNTER, help, labels);
  }

  private static Family gauge(String name, String help, String... labels) {
    return new Family("fluentbit_" + name, Family.Type.GAUGE, help, labels);
  }
}
