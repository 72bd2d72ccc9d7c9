package io.logboom.api.plugin;

/** What became of a batch, over all outputs that it went to. */
public enum Settlement {
  /**
   * Every record was delivered, taken out by configuration, or dead-lettered: the source may forget
   * it.
   */
  DONE,
  /** At least one record may not have arrived: it must come again. Unknown counts as this. */
  AGAIN
}
