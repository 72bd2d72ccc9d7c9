/**
 * The output {@code http}: records in requests of bounded size, in one of several formats, to
 * whatever takes them; what their status means can be configured.
 *
 * <p>{@link HttpPlugin} makes a {@link Http}; each of its {@link Sending}s sorts the records of a
 * send by path and tag, encodes them ({@link RequestBody}), and has a {@link Dispatch} send and
 * judge the requests.
 */
@NullMarked
package io.logboom.output.http;

import org.jspecify.annotations.NullMarked;
