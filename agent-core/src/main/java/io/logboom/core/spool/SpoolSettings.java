package io.logboom.core.spool;

/**
 * What can be set of a spool.
 *
 * @param segmentBytes how large a segment file grows before the next is begun; an entry that is
 *     larger has a segment of its own
 * @param limitBytes what the unsettled entries of this spool may have on disk. The files have at
 *     most one segment more, since a segment is deleted as a whole
 * @param total what the unsettled entries of all spools may have
 * @param everyAppendSynced whether an append returns only when its entry is on the disk
 * @param quarantineBytes what copies of damaged bytes may have on disk; the oldest are deleted
 */
public record SpoolSettings(
    long segmentBytes,
    long limitBytes,
    SpoolBudget total,
    boolean everyAppendSynced,
    long quarantineBytes) {
  /** For a limit: none. Sums of it and real sizes do not overflow. */
  public static final long UNLIMITED = Long.MAX_VALUE / 2;

  /** With the cursor's file 16 MiB, so that a spool takes no more than that beyond its limit. */
  public static final long SEGMENT_BYTES = (16L << 20) - Cursor.FILE_BYTES;

  public static final long QUARANTINE_BYTES = 64L << 20;

  public SpoolSettings {
    if (segmentBytes < 1 || limitBytes < 1 || quarantineBytes < 0) {
      throw new IllegalArgumentException("a size is too small");
    }
  }

  /** The usual segments and quarantine, synced in groups. */
  public SpoolSettings(long limitBytes, SpoolBudget total) {
    this(Math.min(SEGMENT_BYTES, limitBytes), limitBytes, total, false, QUARANTINE_BYTES);
  }
}
