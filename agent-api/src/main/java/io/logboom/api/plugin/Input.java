package io.logboom.api.plugin;

import org.jspecify.annotations.Nullable;

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
   * What stands in the way now, in words for an operator, such as a thread that ended; null where
   * nothing does. Any thread may ask, at any time.
   */
  default @Nullable String problem() {
    return null;
  }

  /**
   * Whether the threads that it needs are alive: false where nothing but a restart helps, and
   * {@link #problem} says why. Any thread may ask, at any time.
   */
  default boolean isWorking() {
    return true;
  }

  /**
   * Tells what each source that it has open still holds unread, so that lag can be seen, and what
   * has vanished can be told from what is quiet. Any thread may ask, at any time.
   */
  default void backlog(Backlog to) {}

  /**
   * Saves what must survive (positions of what is settled by now) and releases everything. Safe
   * without start, and when repeated.
   */
  @Override
  void close();
}
