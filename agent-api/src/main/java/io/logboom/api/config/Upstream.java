package io.logboom.api.config;

import java.util.List;

/**
 * Several servers that can do the same, as an upstream file lists them:
 *
 * <pre>
 * [UPSTREAM]
 *     name  aggregators
 *
 * [NODE]
 *     name  first
 *     host  10.0.0.1
 * </pre>
 *
 * <p>A component of this type is an option whose value is the file's path. What is wrong in the
 * file is reported with its place there, as for any other file of configuration.
 *
 * @param <N> the options of a node: a record like that of a plugin
 * @param name what the servers are together
 * @param nodes at least one
 */
public record Upstream<N extends Record>(String name, List<N> nodes) {
  public Upstream {
    nodes = List.copyOf(nodes);
  }
}
