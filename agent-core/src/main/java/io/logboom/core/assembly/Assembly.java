package io.logboom.core.assembly;

import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Multilines;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.plugin.StartException;
import io.logboom.api.text.Regex;
import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.OutputStage;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.config.Stage;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.OutputSettings;
import io.logboom.core.meter.InstanceMeters;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.Source;
import io.logboom.core.pipeline.TagMatch;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes instances as one configuration says. What has been made is either put to work or closed
 * again, by {@link #undo}.
 */
final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  private final Foundation foundation;
  private final ServiceConfig service;
  private final int outputs;
  private final Parsers parsers;
  private final Multilines multilines;
  private final Deque<AutoCloseable> created = new ArrayDeque<>();

  Assembly(Foundation foundation, Blueprint blueprint) {
    this.foundation = foundation;
    this.service = blueprint.config().service();
    this.outputs = blueprint.config().outputs().size();
    this.parsers = blueprint.parsers();
    this.multilines = blueprint.multilines();
  }

  /** Closes what has been made, the latest first. */
  void undo() {
    while (!created.isEmpty()) {
      try {
        created.pop().close();
      } catch (Exception e) {
        LOG.warn("did not close cleanly after a failed start", e);
      }
    }
  }

  /** From here on what has been made is at work, and {@link #undo} is not its end. */
  void keep() {
    created.clear();
  }

  Made<InputStage, Source> input(Placed<InputStage> placed) throws StartException {
    InstanceMeters meters = meters(placed);
    Input input = create(placed, 1, meters);
    return new Made<>(placed, Source.of(placed.name(), type(placed), input), meters);
  }

  /** One in the place of another, whose counts go on. */
  Made<InputStage, Source> input(Placed<InputStage> placed, Source before) throws StartException {
    Made<InputStage, Source> made = input(placed);
    boolean alike = before.stats().type().equals(type(placed));
    return alike ? made.with(before.with(made.work().input())) : made;
  }

  Made<FilterStage, FilterStep> filter(Placed<FilterStage> placed) throws StartException {
    InstanceMeters meters = meters(placed);
    Filter filter = create(placed, 1, meters);
    FilterStep step = new FilterStep(placed.name(), type(placed), filter, match(placed.stage()));
    return new Made<>(placed, step, meters);
  }

  /** One in the place of another, whose counts go on. */
  Made<FilterStage, FilterStep> filter(Placed<FilterStage> placed, FilterStep before)
      throws StartException {
    Made<FilterStage, FilterStep> made = filter(placed);
    boolean alike = before.stats().type().equals(type(placed));
    return alike ? made.with(before.with(made.work().filter(), match(placed.stage()))) : made;
  }

  /** An output with a delivery of its own. */
  Made<OutputStage, Route> route(Placed<OutputStage> placed) throws StartException {
    InstanceMeters meters = meters(placed);
    Output output = output(placed, meters);
    Delivery delivery = foundation.deliveries().make(placed, service, output, outputs);
    // The delivery closes its output.
    created.pop();
    created.push(() -> delivery.close(System.nanoTime()));
    return new Made<>(placed, new Route(delivery, match(placed.stage())), meters);
  }

  /** The plugin's object alone, for a delivery that there is. */
  Output output(Placed<OutputStage> placed, InstanceMeters meters) throws StartException {
    return create(placed, placed.stage().common().threads(), meters);
  }

  OutputSettings settings(OutputStage stage) {
    return foundation.deliveries().settings(stage, service, outputs);
  }

  InstanceMeters meters(Placed<?> placed) {
    return new InstanceMeters(foundation.meters().named(placed.name()));
  }

  private <T extends AutoCloseable> T create(
      Placed<? extends Stage<T>> placed, int workers, InstanceMeters meters) throws StartException {
    InstanceContext context =
        new InstanceContext(
            placed.name(),
            placed.directory(),
            workers,
            foundation.pool(),
            foundation.names(),
            parsers,
            multilines,
            meters,
            foundation.clock(),
            service.flush(),
            foundation.state());
    T made;
    try {
      made = placed.stage().create(context);
    } catch (StartException | IllegalStateException e) {
      throw new StartException("[" + placed.name() + "] " + e.getMessage(), e);
    }
    created.push(made);
    return made;
  }

  private static String type(Placed<?> placed) {
    return placed.stage().plugin().type();
  }

  private static TagMatch match(FilterStage stage) {
    return match(stage.common().match(), stage.common().matchRegex());
  }

  /** Which tags the output takes. */
  static TagMatch match(OutputStage stage) {
    return match(stage.common().match(), stage.common().matchRegex());
  }

  private static TagMatch match(@Nullable String glob, @Nullable Regex regex) {
    if (regex == null) {
      return glob == null ? _ -> false : TagMatch.glob(glob);
    }
    TagMatch byRegex = RegexMatch.of(regex);
    return glob == null ? byRegex : byRegex.or(TagMatch.glob(glob));
  }
}
