/**
 * Multiline parsers: state machines that tell which lines belong together, built in and of the
 * configuration.
 */
@NullMarked
package io.logboom.core.multiline;

import org.jspecify.annotations.NullMarked;
