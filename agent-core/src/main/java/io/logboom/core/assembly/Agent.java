package io.logboom.core.assembly;

import io.logboom.api.batch.Names;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.OptionDifference;
import io.logboom.core.config.OutputStage;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.deadletter.DeadLetters;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.pipeline.Farewell;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.Source;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine with its plugins, made from one configuration: created whole or not at all, started
 * once, stopped once. Between, other configurations may follow the first.
 */
public final class Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** How long a stop waits for a reload that is under way to get out of it. */
  private static final Duration OUT_OF_RELOAD = Duration.ofSeconds(3);

  /** Options of the service that a reload brings into effect. */
  private static final Set<String> RELOADED =
      Set.of(
          "flush",
          "grace",
          "log_level",
          "log_file",
          "parsers_file",
          "hot_reload",
          "hot_reload.timeout",
          "scheduler.base",
          "scheduler.cap");

  private final Foundation foundation;
  private final MakeParsers parsers;
  private final ServiceConfig first;
  private final Pipeline pipeline;
  private @Nullable Resending resending;
  private boolean started;
  private final ReentrantLock reloading = new ReentrantLock();
  private volatile Generation generation;
  private volatile boolean stopping;

  private Agent(
      Foundation foundation, MakeParsers parsers, Pipeline pipeline, Generation generation) {
    this.foundation = foundation;
    this.parsers = parsers;
    this.first = generation.blueprint().config().service();
    this.pipeline = pipeline;
    this.generation = generation;
    Letters letters = foundation.deadLetters();
    if (letters != null) {
      letters.whenOpen(this::resend);
    }
  }

  /** From here on dead letters can be sent again. */
  private synchronized void resend(DeadLetters letters) {
    Resending made =
        new Resending(
            letters, foundation.pool(), pipeline::deliveries, foundation.deliveries()::addresses);
    resending = made;
    if (started && !stopping) {
      made.start();
    }
  }

  /** Makes the parsers of a configuration, which register names while they are made. */
  @FunctionalInterface
  public interface MakeParsers {
    Parsers make(AgentConfig config, Names names) throws StartException;
  }

  /**
   * Creates all plugins; no thread runs yet.
   *
   * @param registry where the plugins' meters go
   * @throws StartException where one cannot work as configured; those created before it are closed
   *     again
   */
  public static Agent create(
      AgentConfig config, MakeParsers parsers, MicrometerMeters registry, InstantSource clock)
      throws StartException {
    Foundation foundation = Foundation.of(config.service(), registry, clock);
    Assembly assembly = null;
    try {
      Blueprint blueprint = Blueprint.of(config, parsers, foundation.names());
      assembly = new Assembly(foundation, blueprint);
      Generation made = all(blueprint, assembly);
      Pipeline pipeline =
          new Pipeline(foundation.pool(), made.steps(), made.routes(), foundation.ledger());
      made.inputs().forEach(input -> pipeline.add(input.work()));
      made.inputs().forEach(input -> input.meters().begin());
      made.filters().forEach(filter -> filter.meters().begin());
      made.outputs().forEach(output -> output.meters().begin());
      assembly.keep();
      return new Agent(foundation, parsers, pipeline, made);
    } catch (StartException | RuntimeException e) {
      if (assembly != null) {
        assembly.undo();
      }
      foundation.close();
      throw e;
    }
  }

  private static Generation all(Blueprint blueprint, Assembly assembly) throws StartException {
    AgentConfig config = blueprint.config();
    List<Made<OutputStage, Route>> outputs = new ArrayList<>();
    for (Placed<OutputStage> placed : Placed.all(config.outputs())) {
      outputs.add(assembly.route(placed));
    }
    List<Made<FilterStage, FilterStep>> filters = new ArrayList<>();
    for (Placed<FilterStage> placed : Placed.all(config.filters())) {
      filters.add(assembly.filter(placed));
    }
    List<Made<InputStage, Source>> inputs = new ArrayList<>();
    for (Placed<InputStage> placed : Placed.all(config.inputs())) {
      inputs.add(assembly.input(placed));
    }
    return new Generation(blueprint, inputs, filters, outputs);
  }

  public void start() {
    pipeline.start();
    synchronized (this) {
      started = true;
      if (resending != null) {
        resending.start();
      }
    }
  }

  /**
   * What keeps the agent as a whole from keeping anything on disk, with its reason; null where
   * nothing does. It may pass: each call looks again, now and then.
   */
  public @Nullable String problem() {
    return foundation.problem();
  }

  /**
   * Brings another configuration into effect. What does not differ goes on untouched; where
   * something new cannot work, all goes on as it was. One at a time.
   */
  public ReloadResult reload(AgentConfig wanted) {
    if (!reloading.tryLock()) {
      return new ReloadResult.InProgress();
    }
    try {
      if (stopping) {
        return new ReloadResult.Refused("the agent is stopping");
      }
      Patience patience = new Patience(wanted.service().reload().patience(), () -> stopping);
      Blueprint next = generation.blueprint().next(wanted, parsers, foundation.names());
      Reload reload = new Reload(foundation, pipeline, generation, next, patience);
      try {
        reload.run();
      } finally {
        generation = reload.atWork();
      }
      Set<String> restart = reload.restarts();
      restart.addAll(OptionDifference.of(first, wanted.service()));
      restart.removeAll(RELOADED);
      return new ReloadResult.Done(reload.changes(), restart);
    } catch (StartException e) {
      LOG.debug("not reloaded", e);
      return new ReloadResult.Refused(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a defect in a reload", e);
      return new ReloadResult.Refused("a defect: " + e);
    } finally {
      reloading.unlock();
    }
  }

  /**
   * Stops within the configured grace. A reload that is under way gives way.
   *
   * @param farewell how long inputs read on first; null for not at all
   * @return whether everything that had been read was delivered
   */
  public boolean stop(@Nullable Farewell farewell) {
    stopping = true;
    boolean alone = false;
    try {
      alone = reloading.tryLock(OUT_OF_RELOAD.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      Resending ending;
      synchronized (this) {
        ending = resending;
      }
      if (ending != null) {
        ending.stop();
      }
      return pipeline.stop(config().service().stopTime(), farewell);
    } finally {
      foundation.close();
      if (alone) {
        reloading.unlock();
      }
    }
  }

  /** As {@link #stop(Farewell)}, without reading on. */
  public boolean stop() {
    return stop(null);
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  /** The configuration that is in effect. */
  public AgentConfig config() {
    return generation.blueprint().config();
  }
}
