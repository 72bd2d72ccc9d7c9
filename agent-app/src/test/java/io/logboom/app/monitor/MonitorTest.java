package io.logboom.app.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.app.log.AgentLog;
import io.logboom.app.monitor.Watched.Phase;
import io.logboom.app.reload.Reloads;
import io.logboom.core.config.Binder;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.delivery.OutputStats;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.memory.SlabPool;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.TagMatch;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MonitorTest {
  private static final Instant START = Instant.ofEpochSecond(1_763_800_000);

  private final Names names = new Names();
  private final SlabPool pool = new SlabPool(16 << 20);
  private final Hand input = new Hand();
  private volatile Outcome answer = Outcome.DELIVERED;
  private volatile String noDisk;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient http = HttpClient.newHttpClient();
  private boolean required = true;
  private final Told reloads = new Told();
  private Pipeline pipeline;
  private Monitor monitor;

  /** An input that the test feeds. */
  private static final class Hand implements Input {
    private Intake intake;
    private volatile String problem;

    @Override
    public void start(Intake given) {
      intake = given;
    }

    @Override
    public String problem() {
      return problem;
    }

    @Override
    public void quiesce() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() throws IOException {
    start("health_check", "on", "hc_errors_count", "1");
  }

  private void start(String... more) throws IOException {
    Output output = _ -> answer;
    Ledger ledger = new Ledger(System::nanoTime);
    Delivery delivery =
        new Delivery(
            new OutputStats("es.0", "es"),
            ledger.output("es.0"),
            output,
            new OutputSettings(
                1,
                1 << 20,
                1,
                Duration.ZERO,
                true,
                0,
                0,
                Duration.ofMillis(1),
                Duration.ofMillis(1)),
            null,
            null);
    Filter filter =
        (batch, _) -> {
          for (int i = 0; i < batch.size(); i++) {
            if (batch.length(i) == 4) {
              batch.drop(i);
            }
          }
        };
    TagMatch all = TagMatch.glob("*");
    pipeline =
        new Pipeline(
            pool,
            List.of(new FilterStep("grep.0", "grep", filter, all)),
            List.of(new Route(delivery, all)),
            ledger);
    pipeline.add("tail.0", "tail", input);
    MicrometerMeters meters = new MicrometerMeters(registry);
    Watched watched =
        new Watched(
            pipeline,
            meters,
            new Watched.Plugins(List.of("tail"), List.of("grep"), List.of("es", "stdout")),
            reloads,
            () -> noDisk,
            level -> level.equals("warn") ? 3 : 0,
            () -> START.plusSeconds(90_061),
            START,
            "1.2.3");
    Map<String, String> options = new LinkedHashMap<>();
    options.put("http_listen", "127.0.0.1");
    options.put("http_port", "0");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    String[] bound =
        options.entrySet().stream()
            .flatMap(e -> Stream.of(e.getKey(), e.getValue()))
            .toArray(String[]::new);
    monitor =
        Monitor.start(
            watched, Binder.bind(ServiceConfig.class, bound), required, registry, AgentLog.get());
    pipeline.start();
    monitor.phase(Phase.RUNNING);
  }

  @AfterEach
  void stop() {
    answer = Outcome.DELIVERED;
    pipeline.stop(Duration.ofSeconds(5));
    monitor.close();
  }

  private void put(String... bodies) throws InterruptedException {
    Batch batch = pool.open();
    Origin origin = Origin.builder(names, "kube.x").build();
    for (String body : bodies) {
      byte[] bytes = body.getBytes(UTF_8);
      batch.add(batch.origin(origin), batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
    }
    input.intake.put(batch, _ -> {});
  }

  /** Answers as it is told to. */
  private static final class Told implements Reloads {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Reply reply = Reply.NOT_ENABLED;
    volatile State state = new State(0, 0, 0, null, null);

    @Override
    public Reply ask(String who) {
      asked.add(who);
      return reply;
    }

    @Override
    public State state() {
      return state;
    }
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + Objects.requireNonNull(monitor.address()).getPort() + path);
    return http.send(
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.ofString(""))
            .timeout(Duration.ofSeconds(10))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String get(String path) throws Exception {
    HttpResponse<String> response = send("GET", path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response.body();
  }

  @Test
  void saysWhenOutputsTakeMoreMemoryThanThereIs() throws Exception {
    pool.charge(pool.budget());
    await().until(() -> get("/log").contains("give Java a larger heap"));
    assertThat(get("/metrics"))
        .contains("logboom_memory_requests_bytes " + (double) pool.budget())
        .contains("logboom_memory_used_bytes " + (double) pool.budget());
    pool.charge(-pool.budget());
  }

  @Test
  void showsFluentBitsCountsAsJson() throws Exception {
    put("abc", "drop", "defg_");
    await().until(() -> get("/api/v1/metrics").contains("\"proc_records\":2"));
    assertThat(get("/api/v1/metrics"))
        .isEqualTo(
            "{\"input\":{\"tail.0\":{\"records\":3,\"bytes\":12,\"files_closed\":0,"
                + "\"files_opened\":0,\"files_rotated\":0,\"long_line_skipped\":0,"
                + "\"long_line_truncated\":0,\"multiline_truncated\":0}},"
                + "\"filter\":{\"grep.0\":{\"drop_records\":1,\"add_records\":0,\"records\":3,"
                + "\"bytes\":8,\"drop_bytes\":0}},"
                + "\"output\":{\"es.0\":{\"proc_records\":2,\"proc_bytes\":8,\"errors\":0,"
                + "\"retries\":0,\"retries_failed\":0,\"dropped_records\":0,"
                + "\"retried_records\":0}}}");
  }

  @Test
  void showsFluentBitsCountsForPrometheusInBothVersions() throws Exception {
    put("abc");
    await().until(() -> get("/api/v1/metrics").contains("\"proc_records\":1"));
    HttpResponse<String> first = send("GET", "/api/v1/metrics/prometheus");
    assertThat(first.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4");
    String time = " " + START.plusSeconds(90_061).toEpochMilli() + "\n";
    assertThat(first.body())
        .contains("# TYPE fluentbit_input_records_total counter\n")
        .contains("fluentbit_input_records_total{name=\"tail.0\"} 1" + time)
        .contains("fluentbit_output_proc_records_total{name=\"es.0\"} 1" + time)
        .contains("fluentbit_uptime 90061\n")
        .contains("process_start_time_seconds " + START.getEpochSecond() + "\n")
        .contains("fluentbit_build_info{version=\"1.2.3\",edition=\"Logboom\"} 1\n");
    List<String> series =
        first
            .body()
            .lines()
            .filter(l -> l.contains("_total{"))
            .map(l -> l.split("\\{")[0])
            .toList();
    assertThat(series).isEqualTo(List.copyOf(new TreeSet<>(series)));

    assertThat(get("/api/v2/metrics/prometheus"))
        .contains("fluentbit_input_records_total{name=\"tail.0\"} 1\n")
        .contains("fluentbit_input_files_opened_total{name=\"tail.0\"} 0\n")
        .contains("fluentbit_filter_drop_records_total{name=\"grep.0\"} 0\n")
        .contains("fluentbit_output_proc_bytes_total{name=\"es.0\"} 3\n")
        .contains("fluentbit_output_retries_failed_total{name=\"es.0\"} 0\n")
        .contains("fluentbit_logger_logs_total{message_type=\"warn\"} 3\n")
        .contains("fluentbit_storage_chunks 0\n")
        .contains("# TYPE fluentbit_output_latency_seconds histogram\n")
        .contains(
            "fluentbit_output_latency_seconds_bucket{input=\"tail.0\",output=\"es.0\",le=\"0.5\"}")
        .contains(
            "fluentbit_output_latency_seconds_bucket{input=\"tail.0\",output=\"es.0\",le=\"+Inf\"}"
                + " 1\n")
        .contains("fluentbit_output_latency_seconds_count{input=\"tail.0\",output=\"es.0\"} 1\n")
        .contains("fluentbit_output_backpressure_wait_seconds_count{name=\"es.0\"} 0\n")
        .contains("fluentbit_routing_logs_records_total{input=\"tail.0\",output=\"es.0\"} 1\n")
        .contains(
            "fluentbit_routing_logs_drop_records_total{input=\"tail.0\",output=\"unmatched\"} 0\n")
        .contains("fluentbit_output_chunk_available_capacity_percent{name=\"es.0\"} 100\n");
    assertThat(get("/api/v2/metrics"))
        .contains("2025-11-23T09:27:41Z fluentbit_input_records_total{name=\"tail.0\"} = 1\n");
  }

  @Test
  void showsTheSameCountsUnderItsOwnNames() throws Exception {
    put("abc", "drop");
    await().until(() -> get("/api/v1/metrics").contains("\"proc_records\":1"));
    assertThat(get("/metrics"))
        .contains("# TYPE logboom_input_records_total counter")
        .contains("logboom_input_records_total{name=\"tail.0\"} 2.0")
        .contains("logboom_input_bytes_total{name=\"tail.0\"} 7.0")
        .contains("logboom_filter_dropped_records_total{name=\"grep.0\"} 1.0")
        .contains("logboom_output_records_total{name=\"es.0\"} 1.0")
        .contains("logboom_output_routed_records_total{name=\"es.0\"} 1.0")
        .contains("logboom_output_lost_records_total{name=\"es.0\",reason=\"damaged\"} 0.0")
        .contains(
            "logboom_source_read_records_total{container=\"\",namespace=\"\",pod=\"\",source=\"kube.x\"}"
                + " 2.0")
        .contains("logboom_output_latency_seconds_bucket{name=\"es.0\",le=\"+Inf\"} 1")
        .contains("logboom_output_latency_seconds_count{name=\"es.0\"} 1")
        .contains("logboom_memory_budget_bytes 1.6777216E7")
        .contains("logboom_build{version=\"1.2.3\"} 1.0")
        .contains("logboom_log_lines_total{level=\"warn\"} 3.0")
        .containsPattern("logboom_process_resident_bytes [1-9]");
  }

  @Test
  void tellsUptimeAndPluginsAndItselfInFluentBitsShapes() throws Exception {
    assertThat(get("/api/v1/uptime"))
        .isEqualTo(
            "{\"uptime_sec\":90061,\"uptime_hr\":\"Logboom has been running:  1 day, 1 hour,"
                + " 1 minute and 1 second\"}");
    assertThat(get("/api/v1/plugins"))
        .isEqualTo(
            "{\"plugins\":{\"inputs\":[\"tail\"],\"filters\":[\"grep\"],\"outputs\":"
                + "[\"es\",\"stdout\"]}}");
    assertThat(get("/"))
        .isEqualTo("{\"fluent-bit\":{\"version\":\"1.2.3\",\"edition\":\"Logboom\",\"flags\":[]}}");
    assertThat(FluentBitApi.sentence(2 * 86_400 + 3 * 3600 + 2))
        .endsWith("  2 days, 3 hours, 0 minute and 2 seconds");
  }

  @Test
  void showsStorageInFluentBitsShape() throws Exception {
    assertThat(get("/api/v1/storage"))
        .isEqualTo(
            "{\"storage_layer\":{\"chunks\":{\"total_chunks\":0,\"mem_chunks\":0,\"fs_chunks\":0,"
                + "\"fs_chunks_up\":0,\"fs_chunks_down\":0}},\"input_chunks\":{\"tail.0\":{"
                + "\"status\":{\"overlimit\":false,\"mem_size\":\"0b\",\"mem_limit\":\"16.0M\"},"
                + "\"chunks\":{\"total\":0,\"up\":0,\"down\":0,\"busy\":0,\"busy_size\":\"0b\"}}}}");
    assertThat(FluentBitApi.size(32)).isEqualTo("32b");
    assertThat(FluentBitApi.size(1536)).isEqualTo("1.5K");
  }

  @Test
  void healthTurnsWhenMoreDeliveriesFailThanTheLimitAllows() throws Exception {
    assertThat(get("/api/v1/health")).isEqualTo("ok\n");
    answer = new Outcome.Rejected("400 mapper_parsing_exception");
    put("one");
    await().until(() -> get("/api/v2/health").contains("\"errors\":1,"));
    assertThat(get("/api/v1/health")).isEqualTo("ok\n");
    put("two");
    await().until(() -> send("GET", "/api/v1/health").statusCode() == 500);
    assertThat(send("GET", "/api/v1/health").body()).isEqualTo("error\n");
    assertThat(send("GET", "/api/v2/health").body())
        .isEqualTo(
            "{\"status\":\"error\",\"errors\":2,\"retries_failed\":0,\"error_limit\":1,"
                + "\"retry_failure_limit\":5,\"period_limit\":60}");
  }

  @Test
  void answersReloadAsFluentBit() throws Exception {
    assertThat(get("/api/v2/reload")).isEqualTo("{\"hot_reload_count\":0}");
    assertThat(send("POST", "/api/v2/reload").body())
        .isEqualTo("{\"reload\":\"not enabled\",\"status\":-1}");
    reloads.reply = Reloads.Reply.BEGUN;
    assertThat(send("PUT", "/api/v1/reload").body())
        .isEqualTo("{\"reload\":\"done\",\"status\":0}");
    reloads.reply = Reloads.Reply.IN_PROGRESS;
    HttpResponse<String> busy = send("POST", "/api/v2/reload");
    assertThat(busy.statusCode()).isEqualTo(400);
    assertThat(busy.body()).isEqualTo("{\"reload\":\"in progress\",\"status\":-2}");
    assertThat(reloads.asked).containsExactly("/api/v2/reload", "/api/v1/reload", "/api/v2/reload");
    HttpResponse<String> refused = send("DELETE", "/api/v2/reload");
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("allow")).hasValue("GET, POST, PUT");
  }

  @Test
  void showsWhatCameOfReloads() throws Exception {
    assertThat(get("/metrics"))
        .contains("logboom_config_up_to_date 1.0\n")
        .contains("logboom_config_loaded_timestamp_seconds 1.7");
    Instant at = START.plusSeconds(60);
    Reloads.Event last = new Reloads.Event(Reloads.Outcome.INVALID, at, List.of("a.conf:1:1: no"));
    reloads.state = new Reloads.State(3, 2, 1, last, START.plusSeconds(50));
    assertThat(get("/api/v2/reload"))
        .isEqualTo(
            "{\"hot_reload_count\":3,\"last\":{\"outcome\":\"invalid\",\"at\":\""
                + at
                + "\",\"details\":[\"a.conf:1:1: no\"]}}");
    assertThat(get("/metrics"))
        .contains("logboom_reloads_total{outcome=\"done\"} 3.0\n")
        .contains("logboom_reloads_total{outcome=\"invalid\"} 2.0\n")
        .contains("logboom_reloads_total{outcome=\"refused\"} 1.0\n")
        .contains("logboom_config_up_to_date 0.0\n");
    assertThat(get("/api/v2/metrics/prometheus")).contains("fluentbit_hot_reloaded_times{");
    assertThat(get("/readyz")).isEqualTo("ok\n");
  }

  @Test
  void isReadyOnlyBetweenStartAndStop() throws Exception {
    assertThat(get("/readyz")).isEqualTo("ok\n");
    monitor.phase(Phase.STARTING);
    assertThat(send("GET", "/readyz").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/readyz").body()).isEqualTo("the agent is starting\n");
    assertThat(get("/livez")).isEqualTo("ok\n");
    monitor.phase(Phase.STOPPING);
    assertThat(send("GET", "/readyz").body()).isEqualTo("the agent is stopping\n");
  }

  @Test
  void everyProbeNamesWhatStandsInTheWayForAsLongAsItDoes() throws Exception {
    input.problem = "positions cannot be saved: no space left on device";
    String sentence = "input tail.0: positions cannot be saved: no space left on device";
    assertThat(send("GET", "/readyz").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/readyz").body()).isEqualTo(sentence + "\n");
    assertThat(send("GET", "/api/v1/health").statusCode()).isEqualTo(500);
    assertThat(send("GET", "/api/v1/health").body()).isEqualTo("error\n" + sentence + "\n");
    assertThat(send("GET", "/api/v2/health").body())
        .startsWith("{\"status\":\"error\",")
        .endsWith("\"stuck\":[\"" + sentence + "\"]}");
    assertThat(get("/api/v1/status"))
        .contains("\"live\":true,\"ready\":false,\"reasons\":[\"" + sentence + "\"]");
    assertThat(get("/livez")).isEqualTo("ok\n");
    input.problem = null;
    assertThat(get("/readyz")).isEqualTo("ok\n");
    assertThat(get("/api/v1/health")).isEqualTo("ok\n");
  }

  @Test
  void tellsThatNothingCanBeKeptOnDiskForAsLongAsItIsSo() throws Exception {
    noDisk = "the state directory /var/lib/logboom cannot be written: Read-only file system";
    await().until(() -> send("GET", "/readyz").statusCode() == 503);
    assertThat(send("GET", "/readyz").body()).isEqualTo(noDisk + "\n");
    assertThat(send("GET", "/api/v1/health").body()).isEqualTo("error\n" + noDisk + "\n");
    assertThat(get("/livez")).isEqualTo("ok\n");
    noDisk = null;
    await().until(() -> send("GET", "/readyz").statusCode() == 200);
  }

  @Test
  void saysThatTheWorkerHasEnded() throws Exception {
    pipeline.stop(Duration.ofSeconds(5));
    assertThat(send("GET", "/livez").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/readyz").body()).contains("the thread that filters and routes");
  }

  @Test
  void answersOnlyExactPaths() throws Exception {
    HttpResponse<String> response = send("GET", "/api/v1/metrics/");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void hasNoFirstHealthEndpointUnlessAsked() throws Exception {
    stop();
    start("health_check", "off");
    assertThat(send("GET", "/api/v1/health").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/api/v2/health").statusCode()).isEqualTo(200);
  }

  @Test
  void aPortInUseStopsTheAgentOnlyWhereTheServerWasAskedFor() throws Exception {
    String port = Integer.toString(Objects.requireNonNull(monitor.address()).getPort());
    assertThatThrownBy(() -> start("http_port", port)).isInstanceOf(IOException.class);
    Monitor first = monitor;
    required = false;
    start("http_port", port);
    assertThat(monitor.address()).isNull();
    first.close();
  }

  @Test
  void allOfItsJsonIsValid() throws Exception {
    put("abc", "drop");
    for (String path :
        List.of(
            "/",
            "/api/v1/uptime",
            "/api/v1/plugins",
            "/api/v1/metrics",
            "/api/v1/storage",
            "/api/v1/ledger",
            "/api/v1/status")) {
      try (JsonParser parser = new JsonFactory().createParser(get(path))) {
        assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
        parser.skipChildren();
        assertThat(parser.nextToken()).isNull();
      }
    }
  }
}
