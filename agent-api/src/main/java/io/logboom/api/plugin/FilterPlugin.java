package io.logboom.api.plugin;

/** A kind of filter. */
public non-sealed interface FilterPlugin<C extends Record> extends Plugin<C, Filter> {
  /** Whether records can leave it with another tag than they came with. */
  default boolean setsTags(C config) {
    return false;
  }
}
