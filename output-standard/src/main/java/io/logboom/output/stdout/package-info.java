/** The output {@code stdout}: prints records, for a look at what flows. */
@NullMarked
package io.logboom.output.stdout;

import org.jspecify.annotations.NullMarked;
