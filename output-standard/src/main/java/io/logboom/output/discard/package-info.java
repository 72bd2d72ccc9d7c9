/** The output {@code null}: throws everything away, for measuring what stands before it. */
@NullMarked
package io.logboom.output.discard;

import org.jspecify.annotations.NullMarked;
