/** An HTTP server that misbehaves as told, and certificates made on the spot. */
@NullMarked
package io.logboom.testkit.http;

import org.jspecify.annotations.NullMarked;
