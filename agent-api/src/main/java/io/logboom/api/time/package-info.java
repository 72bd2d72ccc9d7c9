/** Timestamps on bytes. */
@NullMarked
package io.logboom.api.time;

import org.jspecify.annotations.NullMarked;
