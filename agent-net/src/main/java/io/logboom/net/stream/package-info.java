/** A server and a client for protocols of their own over TCP, unix sockets and TLS. */
@NullMarked
package io.logboom.net.stream;

import org.jspecify.annotations.NullMarked;
