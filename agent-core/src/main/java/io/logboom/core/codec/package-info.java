/**
 * A batch as bytes, and back: what the spool and the dead letters store. The format is in
 * docs/reference/payload-format.md.
 */
@NullMarked
package io.logboom.core.codec;

import org.jspecify.annotations.NullMarked;
