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
   * As {@link #backlog}, with what was read and is not settled among it. After {@link #quiesce},
   * when no settlement is to come any more.
   */
  default void undelivered(Backlog to) {
    backlog(to);
  }

  /**
   * For how long all that its sources have has been read, and nothing has been added to them: 0
   * while there is something to read; {@link Long#MAX_VALUE} where there is nothing to wait for.
   * Any thread may ask, at any time.
   */
  default long quietNanos() {
    return Long.MAX_VALUE;
  }

  /**
   * The sources have ended: {@link #quiesce}, which follows, reads what is still there, and takes
   * for complete what was held back in the hope of more.
   */
  default void conclude() {}

  /**
   * Saves what must survive (positions of what is settled by now) and releases everything. Safe
   * without start, and when repeated.
   */
  @Override
  void close();
}
