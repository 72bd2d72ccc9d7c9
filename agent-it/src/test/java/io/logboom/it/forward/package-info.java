/** The forward input with clients that others wrote. */
@NullMarked
package io.logboom.it.forward;

import org.jspecify.annotations.NullMarked;
