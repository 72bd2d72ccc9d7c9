package io.logboom.core.deadletter;

/**
 * How the dead letters stand.
 *
 * @param letters those that can be replayed
 * @param bytes what the files take on disk
 * @param dropped letters thrown away for want of room, since the start
 * @param damaged letters that were found damaged, since the start
 * @param replayed letters that are gone because they were sent again, since the start
 */
public record Usage(long letters, long bytes, long dropped, long damaged, long replayed) {}
