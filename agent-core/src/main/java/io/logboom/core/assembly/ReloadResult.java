package io.logboom.core.assembly;

import java.util.List;
import java.util.Set;

/** What came of a reload. */
public sealed interface ReloadResult {
  /**
   * The new configuration is in effect.
   *
   * @param changes what has changed, a clause each; empty where nothing has
   * @param restart the options of the service that take effect at the next start only
   */
  record Done(List<String> changes, Set<String> restart) implements ReloadResult {
    public Done {
      changes = List.copyOf(changes);
      restart = Set.copyOf(restart);
    }
  }

  /** The new configuration cannot work; the one before goes on. */
  record Refused(String why) implements ReloadResult {}

  /** Another reload is under way; nothing was done. */
  record InProgress() implements ReloadResult {}
}
