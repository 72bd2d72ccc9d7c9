package io.logboom.core.config;

import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;

/** A configured input. */
public record InputStage(
    String name, InputPlugin<?> plugin, Record config, InputCommon common, Mark mark)
    implements Stage<Input> {}
