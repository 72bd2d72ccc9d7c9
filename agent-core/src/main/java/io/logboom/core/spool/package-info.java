/**
 * The disk spool: entries that the engine cannot keep in memory, in one order, on disk. It knows
 * bytes, sequence numbers and counts of records, not what is in a payload. {@code
 * docs/reference/spool-format.md} is its format; {@link io.logboom.core.spool.Spool} is where to
 * start reading.
 */
@NullMarked
package io.logboom.core.spool;

import org.jspecify.annotations.NullMarked;
