package io.logboom.core.spool;

/**
 * What is known of an entry without reading its payload.
 *
 * @param sequence its place in the order; never used twice in one spool's life
 * @param payloadBytes the length of the payload
 * @param records how many records are in it, as the appender said
 * @param flags as the appender gave them
 * @param appendedMillis when it was appended, in milliseconds since the epoch
 */
public record Head(long sequence, int payloadBytes, int records, int flags, long appendedMillis) {}
