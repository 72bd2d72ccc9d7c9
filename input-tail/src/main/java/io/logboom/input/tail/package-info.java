/**
 * Follows files: containers' logs on a node, or any other.
 *
 * <p>Two threads. The watcher ({@link io.logboom.input.tail.Watcher}) knows names: it finds files,
 * notices rotation, opens what appears before it is gone, and writes checkpoints; it never waits
 * for the pipeline. The reader ({@link io.logboom.input.tail.Reader}) knows bytes: it reads what is
 * open into batches and hands them over, and may wait there for as long as the pipeline is full.
 *
 * <p>Bytes are read by position and never carried over: what is left of a line, and the pieces of a
 * split record, are read again from the file when their end is there. A file is closed when it is
 * gone from its path, read to its end, and all of it is settled.
 */
@NullMarked
package io.logboom.input.tail;

import org.jspecify.annotations.NullMarked;
