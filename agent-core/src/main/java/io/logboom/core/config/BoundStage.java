package io.logboom.core.config;

import io.logboom.api.plugin.Plugin;
import org.jspecify.annotations.Nullable;

/**
 * A section of an input, filter or output, bound as far as it could be.
 *
 * @param config null where something is wrong with the plugin's options
 * @param common null where something is wrong with the common ones
 */
record BoundStage(
    SectionKind kind,
    String name,
    Plugin<?, ?> plugin,
    @Nullable Record config,
    @Nullable Record common,
    Section section,
    Binder binder) {}
