/**
 * Sends records over the Forward protocol.
 *
 * <p>One {@link io.logboom.output.forward.Sending} per worker sorts the records of a send by their
 * tags, fills frames of bounded size with each tag's, sends them one after the other on one
 * connection, and then waits for the acknowledgements of all of them.
 */
@NullMarked
package io.logboom.output.forward;

import org.jspecify.annotations.NullMarked;
