package io.logboom.core.delivery;

import io.logboom.core.config.OutputBuffer.Ack;
import io.logboom.core.config.OutputBuffer.Overflow;

/**
 * What an output's spool means to the sources, and what happens at its limit.
 *
 * @param ack what settles a record
 * @param overflow what happens when the spool is full
 */
public record SpoolPolicy(Ack ack, Overflow overflow) {}
