package io.logboom.core.config;

import java.util.Set;

/** The names of Fluent Bit's plugins: one that is not here yet is not a slip of the pen. */
final class FluentBitPlugins {
  private static final Set<String> INPUTS =
      words(
          """
          blob collectd cpu disk docker docker_events dummy ebpf elasticsearch etw exec exec_wasi
          fluentbit_metrics fluentbit_logs forward gpu_metrics head health http kafka kmsg
          kubernetes_events mem mqtt netif nginx_metrics node_exporter_metrics opentelemetry
          podman_metrics proc process_exporter_metrics prometheus_remote_write prometheus_scrape
          prometheus_textfile random serial splunk statsd stdin syslog systemd tail tcp thermal udp
          unix_socket windows_exporter_metrics winevtlog winlog winstat
          """);
  private static final Set<String> FILTERS =
      words(
          """
          alter_size aws checklist ecs expect geoip2 grep kubernetes log_to_metrics lua modify
          multiline nest nightfall parser record_modifier rewrite_tag stdout sysinfo tensorflow
          throttle throttle_size type_converter wasm
          """);
  private static final Set<String> OUTPUTS =
      words(
          """
          azure azure_blob azure_kusto azure_logs_ingestion bigquery calyptia chronicle
          cloudwatch_logs counter datadog doris es exit file flowcounter forward gelf http influxdb
          kafka kafka-rest kinesis_firehose kinesis_streams logdna loki nats nrlogs null opensearch
          opentelemetry oracle_log_analytics pgsql plot prometheus_exporter
          prometheus_remote_write retry s3 skywalking slack splunk stackdriver stdout syslog tcp td
          udp vivo_exporter websocket
          """);

  private FluentBitPlugins() {}

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }

  static boolean has(SectionKind kind, String word) {
    return switch (kind) {
      case INPUT -> INPUTS.contains(word);
      case FILTER -> FILTERS.contains(word);
      case OUTPUT -> OUTPUTS.contains(word);
      default -> false;
    };
  }
}
