package io.logboom.core.config;

import java.util.List;

/** A configuration without errors, ready to be made into a pipeline. */
public record AgentConfig(
    ServiceConfig service,
    List<InputStage> inputs,
    List<FilterStage> filters,
    List<OutputStage> outputs,
    List<ParserDefinition> parsers,
    List<MultilineDefinition> multilineParsers) {
  public AgentConfig {
    inputs = List.copyOf(inputs);
    filters = List.copyOf(filters);
    outputs = List.copyOf(outputs);
    parsers = List.copyOf(parsers);
    multilineParsers = List.copyOf(multilineParsers);
  }
}
