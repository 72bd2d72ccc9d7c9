package io.logboom.api.plugin;

/**
 * A kind of input, filter or output. Found with {@link java.util.ServiceLoader}; one stateless
 * instance serves all uses.
 *
 * <p>Life of what it makes, each step at most once and in this order:
 *
 * <ol>
 *   <li>{@link #check}: pure. Looks at the configuration only; no file, no network, no clock, no
 *       thread.
 *   <li>{@link #create}: may open files and sockets; starts no thread.
 *   <li>start (inputs): threads may run from here.
 *   <li>quiesce (inputs): takes in nothing new; what it gave away is still settled through it.
 *   <li>close: releases everything, also after a create without a start; threads have ended when it
 *       returns.
 * </ol>
 *
 * @param <C> its configuration: a record whose components carry {@link
 *     io.logboom.api.config.Option}
 * @param <T> what it makes
 */
public sealed interface Plugin<C extends Record, T>
    permits InputPlugin, FilterPlugin, OutputPlugin {
  /** The word after {@code name:}, such as {@code tail}. */
  String type();

  /** Other words for the same plugin. */
  default java.util.List<String> aliases() {
    return java.util.List.of();
  }

  /** What the plugin does, in one sentence, for the reference documentation. */
  String text();

  Class<C> config();

  /** Rules that one option alone cannot state. Every problem is reported, not just the first. */
  default void check(C config, Problems problems) {}

  /**
   * A ready object.
   *
   * @throws StartException where it cannot work as configured; the agent then does not start
   */
  T create(C config, Context context) throws StartException;
}
