/**
 * Makes a running pipeline out of a configuration: creates the plugins, gives them what they need,
 * joins them.
 */
@NullMarked
package io.logboom.core.assembly;

import org.jspecify.annotations.NullMarked;
