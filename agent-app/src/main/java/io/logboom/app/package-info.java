/** The program: what {@code bin/logboom} starts. */
@NullMarked
package io.logboom.app;

import org.jspecify.annotations.NullMarked;
