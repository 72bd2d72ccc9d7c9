package io.logboom.app.cli;

import io.logboom.api.plugin.StartException;
import io.logboom.app.log.AgentLog;
import io.logboom.app.monitor.Monitor;
import io.logboom.app.monitor.Watched;
import io.logboom.app.monitor.Watched.Phase;
import io.logboom.core.assembly.Agent;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.LoadResult;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.parser.ConfiguredParsers;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** An agent with its monitor, from start to stop. */
public final class Running implements AutoCloseable {
  private final Agent agent;
  private final Monitor monitor;
  private boolean stopped;

  private Running(Agent agent, Monitor monitor) {
    this.agent = agent;
    this.monitor = monitor;
  }

  /**
   * Starts everything.
   *
   * @throws StartException where something cannot work as configured; nothing is left running
   */
  static Running start(LoadResult loaded, Environment environment) throws StartException {
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
    Watched watched =
        new Watched(
            agent.pipeline(),
            meters,
            environment.installed().words(),
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
    return new Running(agent, monitor);
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

  /** Stops within the configured grace. Safe when repeated. */
  @Override
  public void close() {
    if (!stopped) {
      stopped = true;
      monitor.phase(Phase.STOPPING);
      agent.stop();
      monitor.close();
    }
  }
}
