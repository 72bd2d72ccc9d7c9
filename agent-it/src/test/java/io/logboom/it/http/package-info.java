/** The http output end to end. */
@NullMarked
package io.logboom.it.http;

import org.jspecify.annotations.NullMarked;
