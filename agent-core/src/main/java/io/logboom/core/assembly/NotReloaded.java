package io.logboom.core.assembly;

import io.logboom.api.plugin.StartException;

/** A new configuration cannot work. */
final class NotReloaded extends Exception {
  private final transient Generation now;

  /**
   * @param now what is at work
   */
  NotReloaded(Generation now, Exception why) {
    super(why instanceof StartException ? why.getMessage() : "unexpected: " + why, why);
    this.now = now;
  }

  Generation now() {
    return now;
  }
}
