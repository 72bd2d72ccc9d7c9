package io.logboom.app.monitor;

import io.logboom.api.meter.MeterId;
import io.logboom.core.meter.MicrometerMeters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is measured of the process. */
enum ProcessMeter implements MeterId {
  UPTIME("uptime", Kind.GAUGE, "seconds", "How long the agent has been running."),
  RESIDENT("process_resident", Kind.GAUGE, "bytes", "Memory of the process that is in RAM."),
  HEAP_USED("heap_used", Kind.GAUGE, "bytes", "Java heap in use, garbage included."),
  HEAP_MAX("heap_max", Kind.GAUGE, "bytes", "The most that the Java heap may take."),
  BUILD("build", Kind.GAUGE, "", "Always 1; the label tells the version."),
  LOG_LINES("log", Kind.COUNTER, "lines", "Lines that the agent has logged, by level."),
  RELOADS(
      "reloads",
      Kind.COUNTER,
      "",
      "Reloads, by outcome: done, invalid (errors in the files), refused (it cannot work here)."),
  CONFIG_UP_TO_DATE(
      "config_up_to_date",
      Kind.GAUGE,
      "",
      "1 where the latest reload came into effect, or none was needed; 0 after one that failed."),
  CONFIG_LOADED(
      "config_loaded_timestamp",
      Kind.GAUGE,
      "seconds",
      "When the configuration in effect was loaded, in seconds since the epoch.");

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String[] LEVELS = {"error", "warn", "info", "debug", "trace"};

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  ProcessMeter(String metric, Kind kind, String unit, String text) {
    this.metric = metric;
    this.kind = kind;
    this.unit = unit;
    this.text = text;
  }

  @Override
  public String metric() {
    return metric;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public String text() {
    return text;
  }

  static void bind(Watched agent) {
    MicrometerMeters meters = agent.meters();
    Runtime runtime = Runtime.getRuntime();
    meters.gauge(UPTIME, agent::uptimeSeconds);
    meters.gauge(RESIDENT, ProcessMeter::resident);
    meters.gauge(HEAP_USED, () -> runtime.totalMemory() - runtime.freeMemory());
    meters.gauge(HEAP_MAX, runtime::maxMemory);
    meters.gauge(BUILD, () -> 1, "version", agent.version());
    meters.observe(RELOADS, () -> agent.reloads().state().done(), "outcome", "done");
    meters.observe(RELOADS, () -> agent.reloads().state().invalid(), "outcome", "invalid");
    meters.observe(RELOADS, () -> agent.reloads().state().refused(), "outcome", "refused");
    meters.gauge(CONFIG_UP_TO_DATE, () -> agent.reloads().state().isUpToDate() ? 1 : 0);
    meters.gauge(CONFIG_LOADED, () -> agent.configLoadedAt().getEpochSecond());
    for (String level : LEVELS) {
      meters.observe(LOG_LINES, () -> agent.logLines().applyAsLong(level), "level", level);
    }
  }

  /** NaN where the system does not say. */
  static double resident() {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmRSS:")) {
          String[] words = line.split("\\s+");
          return Long.parseLong(words[1]) * 1024.0;
        }
      }
    } catch (IOException | RuntimeException e) {
      return Double.NaN;
    }
    return Double.NaN;
  }
}
