/** TLS from the {@code tls.*} options and PEM files, with the JDK's implementation. */
@NullMarked
package io.logboom.net.tls;

import org.jspecify.annotations.NullMarked;
