package io.logboom.api.plugin;

/** A kind of output. */
public non-sealed interface OutputPlugin<C extends Record> extends Plugin<C, Output> {}
