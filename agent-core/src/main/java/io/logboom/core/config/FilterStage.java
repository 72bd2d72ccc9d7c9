package io.logboom.core.config;

import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.FilterPlugin;

/** A configured filter. */
public record FilterStage(
    String name, FilterPlugin<?> plugin, Record config, FilterCommon common, Mark mark)
    implements Stage<Filter> {}
