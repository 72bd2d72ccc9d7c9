/** The command line: Fluent Bit's, and the agent's own commands. The only place that prints. */
@NullMarked
package io.logboom.app.cli;

import org.jspecify.annotations.NullMarked;
