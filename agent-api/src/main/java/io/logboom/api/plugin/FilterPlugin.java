package io.logboom.api.plugin;

/** A kind of filter. */
public non-sealed interface FilterPlugin<C extends Record> extends Plugin<C, Filter> {}
