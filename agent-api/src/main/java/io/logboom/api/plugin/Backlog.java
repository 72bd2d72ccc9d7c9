package io.logboom.api.plugin;

/** Is told what an input has still to read. */
@FunctionalInterface
public interface Backlog {
  /**
   * One source, such as a file; there may be several of one name, such as rotated files.
   *
   * @param source as {@link io.logboom.api.batch.Origin#source} has it
   * @param unreadBytes what is there and has not been read
   * @param unreadNanos for how long the oldest of it has been waiting, as far as is known; 0 where
   *     there is none
   */
  void source(String source, long unreadBytes, long unreadNanos);
}
