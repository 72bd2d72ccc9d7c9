package io.logboom.core.ledger;

import java.util.Map;

/**
 * What became of a source's records so far, in records unless it says bytes.
 *
 * @param readBytes bytes of the bodies read
 * @param added records that filters put in
 * @param filtered records that filters took out
 * @param unrouted records whose tag no output takes
 * @param routed records that went to at least one output
 * @param given records that routing had for the outputs, once for each output
 * @param again records given back to the input before they were routed
 * @param outputs the same records at each output, by its name
 */
public record SourceRow(
    SourceName name,
    long read,
    long readBytes,
    long added,
    long filtered,
    long unrouted,
    long routed,
    long given,
    long again,
    Map<String, OutputRow> outputs) {

  static SourceRow of(SourceName name, long[] counts, Map<String, OutputRow> outputs) {
    return new SourceRow(
        name,
        counts[SourceAccount.READ],
        counts[SourceAccount.READ_BYTES],
        counts[SourceAccount.ADDED],
        counts[SourceAccount.FILTERED],
        counts[SourceAccount.UNROUTED],
        counts[SourceAccount.ROUTED],
        counts[SourceAccount.GIVEN],
        counts[SourceAccount.AGAIN],
        outputs);
  }

  /** Records that were read and are not routed yet. */
  public long waiting() {
    return read + added - filtered - unrouted - routed - again;
  }
}
