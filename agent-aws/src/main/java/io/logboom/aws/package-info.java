/**
 * What all outputs to AWS share: credentials, found where AWS's own programs find them and renewed
 * ahead of their end, and signatures (Signature Version 4) for requests that {@code agent-net}
 * sends. AWS's SDK is behind it and shows in no signature; its classes are loaded when the first
 * output asks for credentials.
 */
@NullMarked
package io.logboom.aws;

import org.jspecify.annotations.NullMarked;
