package io.logboom.core.assembly;

import io.logboom.api.plugin.Multilines;
import io.logboom.api.plugin.Parsers;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.OutputStage;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.Source;
import java.util.List;

/** What is at work, and the configuration that it was made from. */
record Generation(
    AgentConfig config,
    Parsers parsers,
    Multilines multilines,
    List<Made<InputStage, Source>> inputs,
    List<Made<FilterStage, FilterStep>> filters,
    List<Made<OutputStage, Delivery>> outputs) {
  Generation {
    inputs = List.copyOf(inputs);
    filters = List.copyOf(filters);
    outputs = List.copyOf(outputs);
  }

  List<FilterStep> steps() {
    return filters.stream().map(Made::work).toList();
  }

  List<Route> routes() {
    return outputs.stream()
        .map(made -> new Route(made.work(), Assembly.match(made.placed().stage())))
        .toList();
  }
}
