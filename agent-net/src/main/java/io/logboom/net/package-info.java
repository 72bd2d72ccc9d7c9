/** What clients and servers share: the I/O thread, names and addresses, options, meters. */
@NullMarked
package io.logboom.net;

import org.jspecify.annotations.NullMarked;
