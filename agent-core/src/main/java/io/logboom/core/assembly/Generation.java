package io.logboom.core.assembly;

import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.OutputStage;
import io.logboom.core.pipeline.FilterStep;
import io.logboom.core.pipeline.Route;
import io.logboom.core.pipeline.Source;
import java.util.List;

/** What is at work, and what it was made by. */
record Generation(
    Blueprint blueprint,
    List<Made<InputStage, Source>> inputs,
    List<Made<FilterStage, FilterStep>> filters,
    List<Made<OutputStage, Route>> outputs) {
  Generation {
    inputs = List.copyOf(inputs);
    filters = List.copyOf(filters);
    outputs = List.copyOf(outputs);
  }

  Generation withInputs(List<Made<InputStage, Source>> others) {
    return new Generation(blueprint, others, filters, outputs);
  }

  /** In the order of their application. */
  List<FilterStep> steps() {
    return filters.stream().map(Made::work).toList();
  }

  List<Route> routes() {
    return outputs.stream().map(Made::work).toList();
  }
}
