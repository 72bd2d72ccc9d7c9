/**
 * An HTTP/1.1 client on Netty: connections that are kept and shared out, several hosts with
 * failover, bodies that are written and read in pieces so that no message is ever in memory as a
 * whole twice.
 */
@NullMarked
package io.logboom.net.http;

import org.jspecify.annotations.NullMarked;
