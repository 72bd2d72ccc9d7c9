/** The files that users apply to their clusters. */
@NullMarked
package io.logboom.it.deploy;

import org.jspecify.annotations.NullMarked;
