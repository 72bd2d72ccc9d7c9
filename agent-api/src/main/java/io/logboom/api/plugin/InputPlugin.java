package io.logboom.api.plugin;

/** A kind of input. */
public non-sealed interface InputPlugin<C extends Record> extends Plugin<C, Input> {}
