package io.logboom.api.plugin;

/** Takes records in. See {@link Plugin} for its life. */
public interface Input extends AutoCloseable {
  /** Begins; returns at once. Called once. */
  void start(Intake intake);

  /**
   * Takes in nothing new and hands over what it holds (open batches, waiting partial lines where
   * they are complete). Returns when the last {@code put} has returned. Settlements go on to arrive
   * until {@link #close}.
   */
  void quiesce() throws InterruptedException;

  /**
   * Saves what must survive (positions of what is settled by now) and releases everything. Safe
   * without start, and when repeated.
   */
  @Override
  void close();
}
