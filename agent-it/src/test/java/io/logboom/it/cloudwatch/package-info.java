/** The cloudwatch_logs output of the packaged program. */
@NullMarked
package io.logboom.it.cloudwatch;

import org.jspecify.annotations.NullMarked;
