package io.logboom.app.monitor;

import org.jspecify.annotations.Nullable;

/** A part of the pipeline that has to get on while there is work for it. Looked at each second. */
abstract class Stage {
  private static final long NEVER = Long.MIN_VALUE;

  private final String name;
  private long idleSince = NEVER;

  Stage(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Takes note of what is there now. */
  final void look(long now) {
    if (!isHeldUp(now)) {
      idleSince = NEVER;
    } else if (idleSince == NEVER) {
      idleSince = now;
    }
  }

  /** For how long it has had work without a step forward, in nanoseconds. */
  final long heldUpNanos(long now) {
    return idleSince == NEVER ? 0 : now - idleSince;
  }

  /** Whether there is work and there was no step forward since the last look. */
  abstract boolean isHeldUp(long now);

  /** What stands in its way; null where nobody knows. */
  abstract @Nullable String reason();
}
