package io.logboom.core.assembly;

import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.StartException;
import io.logboom.core.assembly.Difference.Added;
import io.logboom.core.assembly.Difference.Changed;
import io.logboom.core.assembly.Difference.Kept;
import io.logboom.core.assembly.Difference.Step;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.OptionDifference;
import io.logboom.core.config.OutputBuffer;
import io.logboom.core.config.OutputStage;
import io.logboom.core.meter.InstanceMeters;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Pipeline;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * One change from a running generation to the next, by what differs:
 *
 * <pre>
 *   1  filters and outputs that are new are made; where one cannot be, nothing has happened
 *   2  inputs that go or change take in nothing new, settle, save their positions, end
 *   3  inputs that are new are made; where one cannot be, those of 2 are made again as they were
 *   4  what is new starts, from the outputs to the inputs; filters and routes change between two
 *      batches
 *   5  what is not used any more is drained and closed
 * </pre>
 *
 * <p>What has not changed is not touched. Nothing is refused from step 4 on.
 */
final class Reload {
  private static final Set<String> IN_EFFECT_AT_ONCE = Set.of("rate_limit", "in_order");

  private final Pipeline pipeline;
  private final Generation before;
  private Generation atWork;
  private final Blueprint wanted;
  private final Assembly assembly;
  private final Patience patience;
  private final InputMove move;
  private final Retirement retirement;
  private final Difference<InputStage, Source> inputs;
  private final Difference<FilterStage, FilterStep> filters;
  private final Difference<OutputStage, Route> outputs;

  private final List<Made<FilterStage, FilterStep>> steps = new ArrayList<>();
  private final List<Made<OutputStage, Route>> routes = new ArrayList<>();
  private final List<Replacement> replacements = new ArrayList<>();

  /** Another output for a delivery that goes on. */
  private record Replacement(Made<OutputStage, Route> after, Output output) {}

  Reload(
      Foundation foundation,
      Pipeline pipeline,
      Generation before,
      Blueprint wanted,
      Patience patience) {
    this.pipeline = pipeline;
    this.before = before;
    this.atWork = before;
    this.wanted = wanted;
    this.patience = patience;
    this.assembly = new Assembly(foundation, wanted);
    AgentConfig config = wanted.config();
    Renewal renewal = Renewal.between(before.blueprint(), config);
    this.inputs = Difference.of(before.inputs(), config.inputs(), renewal::renews);
    this.filters = Difference.of(before.filters(), config.filters(), renewal::renews);
    this.outputs = Difference.of(before.outputs(), config.outputs(), renewal::renews);
    this.move =
        new InputMove(
            pipeline, patience, assembly, new Assembly(foundation, before.blueprint()), inputs);
    this.retirement = new Retirement(foundation, patience);
  }

  /** What differs, a clause each. */
  List<String> changes() {
    List<String> changes = new ArrayList<>();
    inputs.tell("input", changes);
    filters.tell("filter", changes);
    outputs.tell("output", changes);
    if (filters.isReordered(before.filters())) {
      changes.add("another order of filters");
    }
    return changes;
  }

  /** The options of outputs that go on which are only looked at when a spool is opened. */
  Set<String> restarts() {
    Set<String> names = new TreeSet<>();
    for (Changed<OutputStage, Route> changed : outputs.changed()) {
      OutputBuffer old = changed.before().placed().stage().common().buffer();
      OutputBuffer now = changed.placed().stage().common().buffer();
      for (String option : OptionDifference.of(old, now)) {
        if (!IN_EFFECT_AT_ONCE.contains(option)) {
          names.add(option + " of " + changed.placed().name());
        }
      }
    }
    return names;
  }

  /**
   * Does it.
   *
   * @throws StartException where something new cannot work
   */
  void run() throws StartException {
    try {
      makeOutputs();
      makeFilters();
      if (patience.isStopping()) {
        throw new StartException("the agent is stopping");
      }
    } catch (StartException | RuntimeException e) {
      assembly.undo();
      throw e;
    }
    List<Made<InputStage, Source>> sources;
    try {
      move.stopOld();
      sources = move.makeNew();
    } catch (StartException | RuntimeException e) {
      assembly.undo();
      atWork = before.withInputs(move.restore(before.inputs()));
      throw e;
    }
    assembly.keep();
    Generation next = new Generation(wanted, sources, steps, routes);
    atWork = next;
    retire(putToWork(next), next);
  }

  /** What is at work, whether or not it came to what was wanted. */
  Generation atWork() {
    return atWork;
  }

  private void makeOutputs() throws StartException {
    for (Step<OutputStage, Route> step : outputs.steps()) {
      routes.add(
          switch (step) {
            case Kept<OutputStage, Route> kept -> kept.made();
            case Added<OutputStage, Route> added -> assembly.route(added.placed());
            case Changed<OutputStage, Route> changed -> makeOutput(changed);
          });
    }
  }

  private Made<OutputStage, Route> makeOutput(Changed<OutputStage, Route> changed)
      throws StartException {
    InstanceMeters meters = assembly.meters(changed.placed());
    Output output = assembly.output(changed.placed(), meters);
    Route route =
        new Route(changed.before().work().delivery(), Assembly.match(changed.placed().stage()));
    Made<OutputStage, Route> after = new Made<>(changed.placed(), route, meters);
    replacements.add(new Replacement(after, output));
    return after;
  }

  private void makeFilters() throws StartException {
    for (Step<FilterStage, FilterStep> step : filters.steps()) {
      steps.add(
          switch (step) {
            case Kept<FilterStage, FilterStep> kept -> kept.made();
            case Added<FilterStage, FilterStep> added -> assembly.filter(added.placed());
            case Changed<FilterStage, FilterStep> changed ->
                assembly.filter(changed.placed(), changed.before().work());
          });
    }
  }

  /** From here on the pipeline works by the next generation, from its next batch on. */
  private BooleanSupplier putToWork(Generation next) {
    outputs.addedOf(routes).forEach(made -> made.work().delivery().start());
    for (Replacement each : replacements) {
      OutputStage stage = each.after().placed().stage();
      each.after().work().delivery().replace(each.output(), assembly.settings(stage));
    }
    filters.newOf(steps).forEach(made -> made.work().filter().start());
    BooleanSupplier lag = pipeline.swap(next.steps(), next.routes());
    filters.newOf(steps).forEach(made -> made.meters().begin());
    outputs.newOf(routes).forEach(made -> made.meters().begin());
    move.begin();
    return lag;
  }

  private void retire(BooleanSupplier lag, Generation next) {
    List<Filter> unused = new ArrayList<>();
    for (Made<FilterStage, FilterStep> old : filters.old()) {
      old.meters().end();
      unused.add(old.work().filter());
    }
    outputs.old().forEach(old -> old.meters().end());
    retirement.run(lag, unused, outputs.removed());
    List<Made<?, ?>> removed = new ArrayList<>(inputs.removed());
    removed.addAll(filters.removed());
    removed.addAll(outputs.removed());
    retirement.forget(removed, next);
  }
}
