package io.logboom.core.assembly;

import io.logboom.api.batch.Names;
import io.logboom.api.plugin.Multilines;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.OutputStage;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.multiline.ConfiguredMultilines;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Source;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine with its plugins, made from one configuration: created whole or not at all, started
 * once, stopped once.
 */
public final class Agent {
  private final Pipeline pipeline;
  private volatile Generation generation;

  private Agent(Pipeline pipeline, Generation generation) {
    this.pipeline = pipeline;
    this.generation = generation;
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
    Parsers made = parsers.make(config, foundation.names());
    Multilines multilines = new ConfiguredMultilines(config.multilineParsers());
    Assembly assembly = new Assembly(foundation, config, made, multilines);
    try {
      List<Made<OutputStage, Delivery>> outputs = new ArrayList<>();
      for (Placed<OutputStage> placed : Placed.all(config.outputs())) {
        outputs.add(assembly.delivery(placed));
      }
      List<Made<FilterStage, FilterStep>> filters = new ArrayList<>();
      for (Placed<FilterStage> placed : Placed.all(config.filters())) {
        filters.add(assembly.filter(placed));
      }
      List<Made<InputStage, Source>> inputs = new ArrayList<>();
      for (Placed<InputStage> placed : Placed.all(config.inputs())) {
        inputs.add(assembly.input(placed));
      }
      Generation first = new Generation(config, made, multilines, inputs, filters, outputs);
      Pipeline pipeline = new Pipeline(foundation.pool(), first.steps(), first.routes());
      inputs.forEach(input -> pipeline.add(input.work()));
      inputs.forEach(input -> input.meters().begin());
      filters.forEach(filter -> filter.meters().begin());
      outputs.forEach(output -> output.meters().begin());
      assembly.keep();
      return new Agent(pipeline, first);
    } catch (StartException | RuntimeException e) {
      assembly.undo();
      throw e;
    }
  }

  /** Makes the parsers of a configuration, which register names while they are made. */
  @FunctionalInterface
  public interface MakeParsers {
    Parsers make(AgentConfig config, Names names) throws StartException;
  }

  public void start() {
    pipeline.start();
  }

  /**
   * Stops within the configured grace.
   *
   * @return whether everything that had been read was delivered
   */
  public boolean stop() {
    return pipeline.stop(config().service().grace().duration());
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  /** The configuration that is in effect. */
  public AgentConfig config() {
    return generation.config();
  }
}
