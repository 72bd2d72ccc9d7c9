package io.logboom.core.assembly;

import io.logboom.api.batch.Names;
import io.logboom.api.plugin.Multilines;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.multiline.ConfiguredMultilines;
import io.logboom.core.pipeline.Pipeline;

/**
 * A configuration, ready for instances to be made by it.
 *
 * @param parsers those that it defines, made
 * @param multilines those that it defines, made
 */
record Blueprint(AgentConfig config, Parsers parsers, Multilines multilines) {
  static Blueprint of(AgentConfig config, Agent.MakeParsers parsers, Names names)
      throws StartException {
    Multilines multilines = new ConfiguredMultilines(config.multilineParsers());
    return checked(new Blueprint(config, parsers.make(config, names), multilines));
  }

  /** For another configuration; the parsers are made again only where they are others. */
  Blueprint next(AgentConfig wanted, Agent.MakeParsers make, Names names) throws StartException {
    return parsesOtherwise(wanted)
        ? of(wanted, make, names)
        : checked(new Blueprint(wanted, parsers, multilines));
  }

  private static Blueprint checked(Blueprint blueprint) throws StartException {
    int outputs = blueprint.config.outputs().size();
    if (outputs > Pipeline.MOST_OUTPUTS) {
      throw new StartException(outputs + " outputs; at most " + Pipeline.MOST_OUTPUTS + " can be");
    }
    return blueprint;
  }

  /** Whether parsers or multiline parsers are defined otherwise. */
  boolean parsesOtherwise(AgentConfig other) {
    return !config.parsers().equals(other.parsers())
        || !config.multilineParsers().equals(other.multilineParsers());
  }
}
