package io.logboom.app.monitor;

import io.logboom.app.log.AgentLog;
import io.logboom.app.monitor.Watched.Phase;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.memory.SlabPool;
import io.logboom.net.server.Answer;
import io.logboom.net.server.HttpServer;
import io.logboom.net.server.Routes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.DuplicateLabelsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the pipeline and answers over HTTP. Ticks once a second, with or without a server: for
 * health, and for the log's summaries.
 *
 * <pre>
 *   /metrics   everything, Prometheus text
 *   /livez     200 while the process can do its work; a restart helps where it says 503
 *   /readyz    200 while everything gets on; else 503 and the stuck stage with its reason
 *   /api/v1/ledger   what became of each record, by source and by output
 *   /api/v1/status   all of the above in short, as JSON
 *   /log       each distinct warning and error of the agent, with its count
 *   /api/...   Fluent Bit's endpoints
 * </pre>
 */
public final class Monitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
  private static final int TICKS_PER_EXPIRY = 30;
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Watched agent;
  private final PrometheusMeterRegistry registry;
  private final AgentLog log;
  private final HealthWindow health;
  private final Progress progress;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable HttpServer server;
  private long ticks;
  private boolean warnedOfMemory;
  private volatile Phase phase = Phase.STARTING;
  private volatile @Nullable String problem;

  private Monitor(
      Watched agent, ServiceConfig service, PrometheusMeterRegistry registry, AgentLog log) {
    this.agent = agent;
    this.registry = registry;
    this.log = log;
    this.health = new HealthWindow(agent.pipeline()::deliveries, service.health());
    this.progress = new Progress(agent.pipeline(), System::nanoTime);
    this.problem = agent.problem().get();
  }

  /**
   * Starts watching, and serving where the configuration says so.
   *
   * @param required whether the server was asked for: one that is on by default only must not keep
   *     the agent from its work where another program has the port
   * @throws IOException where it cannot listen, and was asked to
   */
  public static Monitor start(
      Watched agent,
      ServiceConfig service,
      boolean required,
      PrometheusMeterRegistry registry,
      AgentLog log)
      throws IOException {
    ProcessMeter.bind(agent);
    registry
        .getPrometheusRegistry()
        .register(
            new Exposition(
                scrape -> {
                  PipelineMetrics.scrape(agent.pipeline(), scrape);
                  LedgerMetrics.scrape(agent.pipeline(), scrape);
                }));
    Monitor monitor = new Monitor(agent, service, registry, log);
    if (service.http().httpServer()) {
      try {
        monitor.serve(service);
      } catch (IOException e) {
        if (required) {
          throw e;
        }
        LOG.warn("no metrics and probes: {}; set http_port, or http_server off", e.getMessage());
      }
    }
    Thread.ofPlatform().daemon().name("tick").start(monitor::tick);
    return monitor;
  }

  private void serve(ServiceConfig service) throws IOException {
    ServiceConfig.Http http = service.http();
    String host = System.getenv().getOrDefault("HOSTNAME", "localhost");
    LedgerJson ledger = new LedgerJson(agent.pipeline());
    StatusJson status = new StatusJson(agent, this::dead, this::unready);
    Routes routes = new Routes();
    routes
        .any("/metrics", _ -> Answer.text(200, PROMETHEUS, scrape()))
        .any("/livez", _ -> probe(dead()))
        .any("/readyz", _ -> probe(unready()))
        .any("/api/v1/ledger", _ -> JsonAnswer.of(200, ledger::write))
        .any("/api/v1/status", _ -> JsonAnswer.of(200, status::write))
        .any("/log", _ -> Answer.text(200, PLAIN, log.recent()));
    new FluentBitApi(agent, new FluentBitMetrics(agent, host), health, this::stuck)
        .register(routes, service.health());
    server =
        HttpServer.start(
            new InetSocketAddress(http.httpListen(), http.httpPort()),
            HttpServer.Settings.of("Logboom"),
            routes);
    LOG.info("listening on {}:{}", http.httpListen(), server.address().getPort());
  }

  /** Once more where a meter went and came again meanwhile, so that the registry saw it twice. */
  private String scrape() {
    try {
      return registry.scrape();
    } catch (DuplicateLabelsException _) {
      return registry.scrape();
    }
  }

  /** What the agent is doing from here on. */
  public void phase(Phase next) {
    phase = next;
  }

  /** Where the server listens; null where there is none. */
  public @Nullable InetSocketAddress address() {
    HttpServer running = server;
    return running == null ? null : running.address();
  }

  /** Reasons for which only a restart helps. */
  private List<String> dead() {
    return phase == Phase.RUNNING ? progress.dead() : List.of();
  }

  /** Reasons for which what is read does not arrive. */
  private List<String> unready() {
    List<String> reasons = new ArrayList<>();
    String reason = phase.reason();
    if (reason != null) {
      reasons.add(reason);
    }
    reasons.addAll(dead());
    reasons.addAll(stuck());
    return reasons;
  }

  private List<String> stuck() {
    List<String> reasons = new ArrayList<>();
    String whole = problem;
    if (whole != null) {
      reasons.add(whole);
    }
    reasons.addAll(progress.stuck());
    return reasons;
  }

  private static Answer probe(List<String> reasons) {
    return reasons.isEmpty()
        ? Answer.text(200, PLAIN, "ok\n")
        : Answer.text(503, PLAIN, String.join("\n", reasons) + "\n");
  }

  private void tick() {
    try {
      while (!closed.await(1, TimeUnit.SECONDS)) {
        try {
          look();
        } catch (RuntimeException e) {
          LOG.error("a defect while looking for progress; going on", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    health.sample();
    progress.sample();
    agent.pipeline().ledger().look();
    problem = agent.problem().get();
    warnOfMemory();
    log.tick();
    if (++ticks % TICKS_PER_EXPIRY == 0) {
      Set<String> alive = Backlogs.of(agent.pipeline()).sources();
      agent.pipeline().ledger().expire(alive::contains);
    }
  }

  /** Once: it is the configuration's, and stays. */
  private void warnOfMemory() {
    SlabPool pool = agent.pipeline().pool();
    if (!warnedOfMemory && pool.isShort()) {
      warnedOfMemory = true;
      LOG.warn(
          "what outputs make requests of takes {} MiB, and the memory budget is {} MiB: each sends"
              + " one request at a time while that is so; give Java a larger heap, such as"
              + " LOGBOOM_JAVA_OPTS=-Xmx{}m",
          pool.charged() >> 20,
          pool.budget() >> 20,
          Runtime.getRuntime().maxMemory() >> 19);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    HttpServer running = server;
    if (running != null) {
      running.close();
    }
  }
}
