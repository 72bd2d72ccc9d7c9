package io.logboom.app.cli;

import io.logboom.api.plugin.StartException;
import io.logboom.app.log.AgentLog;
import io.logboom.app.monitor.Monitor;
import io.logboom.app.monitor.Watched;
import io.logboom.app.monitor.Watched.Phase;
import io.logboom.app.reload.Reloader;
import io.logboom.app.reload.Reloads;
import io.logboom.app.sidecar.Companion;
import io.logboom.core.assembly.Agent;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.LoadResult;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.parser.ConfiguredParsers;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent with its monitor, from start to stop. */
public final class Running implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  private final Agent agent;
  private final Monitor monitor;
  private final Reloader reloader;
  private final ServiceConfig service;
  private final @Nullable Companion companion;
  private boolean stopped;

  private Running(
      Agent agent,
      Monitor monitor,
      Reloader reloader,
      ServiceConfig service,
      @Nullable Companion companion) {
    this.service = service;
    this.companion = companion;
    this.agent = agent;
    this.monitor = monitor;
    this.reloader = reloader;
  }

  /**
   * Starts everything.
   *
   * @param again loads the same once more, for a reload
   * @param done called where there is nothing left to do: an application has ended, and all of it
   *     is delivered
   * @throws StartException where something cannot work as configured; nothing is left running
   */
  static Running start(
      LoadResult loaded, Supplier<LoadResult> again, Environment environment, Runnable done)
      throws StartException {
    AgentConfig config = loaded.orThrow();
    InstantSource clock = InstantSource.system();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    MicrometerMeters meters = new MicrometerMeters(registry);
    AgentLog log = AgentLog.get();
    Agent agent =
        Agent.create(
            config,
            (read, names) -> new ConfiguredParsers(read.parsers(), names, clock, meters),
            meters,
            clock);
    Reloader reloader =
        new Reloader(loaded, again, agent::reload, now -> set(log, now.service()), clock);
    Watched watched =
        new Watched(
            agent.pipeline(),
            meters,
            environment.installed().words(),
            reloader,
            agent::problem,
            log::count,
            clock,
            clock.instant(),
            Version.number());
    Monitor monitor;
    try {
      monitor = Monitor.start(watched, config.service(), asksForMonitor(loaded), registry, log);
    } catch (IOException e) {
      // Nothing has been read yet: this stop only releases what was created.
      agent.stop();
      throw new StartException(e.getMessage() + "; set http_port, or http_server off", e);
    }
    agent.start();
    monitor.phase(Phase.RUNNING);
    reloader.start();
    ServiceConfig service = config.service();
    Companion companion = Companion.start(service, agent.pipeline(), done);
    return new Running(agent, monitor, reloader, service, companion);
  }

  private static void set(AgentLog log, ServiceConfig service) {
    try {
      log.set(service);
    } catch (IOException e) {
      LOG.warn("log_file cannot be opened; lines go where they went before: {}", e.toString());
    }
  }

  /** Whether the user has said anything about the monitor's server. */
  private static boolean asksForMonitor(LoadResult loaded) {
    return loaded.effective().stream()
        .filter(section -> section.title().equals("service"))
        .flatMap(section -> section.options().stream())
        .anyMatch(
            option -> option.name().startsWith("http_") && !option.source().equals("default"));
  }

  /** Where the monitor listens; null where it does not. */
  public @Nullable InetSocketAddress monitorAddress() {
    return monitor.address();
  }

  Reloads reloads() {
    return reloader;
  }

  /** Stops within the configured grace. Safe when repeated. */
  @Override
  public void close() {
    if (!stopped) {
      stopped = true;
      monitor.phase(Phase.STOPPING);
      reloader.close();
      agent.stop(Companion.farewell(service, companion));
      if (companion != null) {
        companion.close();
      }
      monitor.close();
    }
  }
}
