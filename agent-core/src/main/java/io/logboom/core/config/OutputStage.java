package io.logboom.core.config;

import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;

/** A configured output. */
public record OutputStage(
    String name, OutputPlugin<?> plugin, Record config, OutputCommon common, Mark mark)
    implements Stage<Output> {}
