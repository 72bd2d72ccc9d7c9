/**
 * From targets of a configuration to connections that are ready for a protocol: addresses and whose
 * turn it is, TCP, a proxy's tunnel, TLS. What all clients share.
 */
@NullMarked
package io.logboom.net.dial;

import org.jspecify.annotations.NullMarked;
