/**
 * Receives what the agent sends, as fast as the loopback allows, and keeps account of numbered
 * lines.
 */
@NullMarked
package io.logboom.it.sink;

import org.jspecify.annotations.NullMarked;
