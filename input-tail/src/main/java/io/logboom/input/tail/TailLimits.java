package io.logboom.input.tail;

/**
 * @param lineBytes the most bytes that a line's text may have
 * @param recordBytes the most bytes that the text of a record of several pieces may have
 * @param joinedBytes the most bytes that the text of a record of several lines may have
 * @param skipLong whether a longer line is left out, not cut
 * @param skipEmpty whether a line without text makes no record
 */
record TailLimits(
    int lineBytes, int recordBytes, int joinedBytes, boolean skipLong, boolean skipEmpty) {}
