/** A stand-in for Loki that is as strict as the real one. */
@NullMarked
package io.logboom.testkit.loki;

import org.jspecify.annotations.NullMarked;
