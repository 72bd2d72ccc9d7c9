/**
 * An HTTP/1.1 client on Netty: connections that are kept and shared out, several hosts with
 * failover, bodies that are read in pieces.
 */
@NullMarked
package io.logboom.net.http;

import org.jspecify.annotations.NullMarked;
