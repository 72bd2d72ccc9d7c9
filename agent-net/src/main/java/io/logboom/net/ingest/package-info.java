/**
 * An HTTP/1.1 server for requests whose bodies bring data: bounded in every respect, answered when
 * the data is safe.
 *
 * <p>On {@link io.logboom.net.stream.StreamServer}, which brings TLS and unix sockets. Netty's
 * decoder finds the requests, but one at a time: what a client sends behind one is not decoded
 * before that has its answer, so that a client costs what its bytes cost. A {@link
 * io.logboom.net.ingest.Taker} per loop decides what becomes of a request.
 */
@NullMarked
package io.logboom.net.ingest;

import org.jspecify.annotations.NullMarked;
