/**
 * Takes records over HTTP.
 *
 * <p>One {@link io.logboom.input.http.Lane} per thread serves some of the clients and fills one
 * batch from the bodies of all of them. A request's body is looked at when it is there as a whole:
 * either all of its records are taken, or none. Its {@link io.logboom.input.http.Upload} waits for
 * the batches that the records are in, and has the client told when all of them are done.
 */
@NullMarked
package io.logboom.input.http;

import org.jspecify.annotations.NullMarked;
