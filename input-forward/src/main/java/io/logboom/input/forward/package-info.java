/**
 * Takes records over the Forward protocol.
 *
 * <p>One {@link io.logboom.input.forward.Lane} per thread serves some of the connections and fills
 * one batch from all of them. A connection's bytes are turned into records as they come ({@link
 * io.logboom.input.forward.FrameReader}): what is kept of a frame is the part of an entry that has
 * not ended, or a compressed payload. A frame's {@link io.logboom.input.forward.Arrival} waits for
 * the batches that its records are in, and has it acknowledged when all of them are done.
 *
 * <p>While the pipeline is full nothing is read: senders wait, as TCP has it.
 */
@NullMarked
package io.logboom.input.forward;

import org.jspecify.annotations.NullMarked;
