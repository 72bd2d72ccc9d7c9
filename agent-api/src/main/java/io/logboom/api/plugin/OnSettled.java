package io.logboom.api.plugin;

/** Told once what became of a batch. */
@FunctionalInterface
public interface OnSettled {
  /** Must not block and must not throw. */
  void settled(Settlement settlement);
}
