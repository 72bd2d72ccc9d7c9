package io.logboom.api.plugin;

import io.logboom.api.batch.Batch;

/** Changes records on their way. One thread at a time calls it. See {@link Plugin} for its life. */
public interface Filter extends AutoCloseable {
  /**
   * Works on the records of the origins in {@code origins}, in place, without network or disk.
   * Where it throws, the records go on as they are and the failure is counted.
   *
   * @param origins bit i is set where the filter's match takes in origin i; the records of the
   *     others are not to be touched
   */
  void apply(Batch batch, long origins);

  /**
   * What must be read from the network before records of this filter can be right is begun here;
   * returns at once.
   */
  default void start() {}

  @Override
  default void close() {}
}
