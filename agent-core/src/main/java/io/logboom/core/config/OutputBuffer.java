package io.logboom.core.config;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;

/** How records wait for an output, and how fast they may leave. */
public record OutputBuffer(
    @Option(
            text =
                "What settles a record: spooled, when it is safe on this node's disk, or delivered,"
                    + " only when the receiver has it. With delivered, inputs wait when 8192"
                    + " batches are in the output's spool, since each keeps its place in memory.",
            preset = "spooled")
        Ack ack,
    @Option(
            text =
                "What happens when the output's spool is full: block makes inputs wait and loses"
                    + " nothing; drop_oldest and drop_newest drop records and count them.",
            preset = "block")
        Overflow overflow,
    @Option(
            name = "storage.total_limit_size",
            text =
                "The most bytes that this output's spool may take on disk; 0 or off is no limit"
                    + " but buffer.spool_limit.",
            preset = "0")
        ByteSize totalLimit,
    @Option(
            text = "The most bytes of records that are sent in a second; 0 is no limit.",
            preset = "0")
        ByteSize rateLimit,
    @Option(
            text =
                "Whether records of one source arrive in the order in which they were read. off"
                    + " lets several workers send a busy source's records at once.",
            preset = "on")
        boolean inOrder) {
  /** What settles a record. */
  public enum Ack {
    SPOOLED,
    DELIVERED
  }

  /** What happens at the spool's limit. */
  public enum Overflow {
    BLOCK,
    DROP_OLDEST,
    DROP_NEWEST
  }
}
