package io.logboom.core.spool;

/**
 * How a spool stands. Entries that turn out damaged when they are read are among the unsettled
 * until then.
 *
 * @param diskBytes the bytes of all segment files
 * @param limitedBytes the bytes that count towards the limits
 * @param entries the unsettled entries, handed out or not
 * @param records their records
 * @param unreadEntries the entries that are neither settled nor handed out
 * @param unreadRecords their records
 * @param oldestMillis when the oldest unsettled entry was appended; 0 where there is none, or it
 *     cannot be read at present
 * @param damage what was found damaged since the spool was opened
 */
public record Usage(
    long diskBytes,
    long limitedBytes,
    long entries,
    long records,
    long unreadEntries,
    long unreadRecords,
    long oldestMillis,
    Damage damage) {

  /**
   * What was found damaged or missing, since the spool was opened. Each entry is counted once, also
   * over restarts.
   *
   * @param entries the entries that are lost
   * @param records their records. Exact, but for records at the end of the spool when its cursor is
   *     lost too
   * @param bytes the damaged bytes that were found
   * @param segmentsPutAside segments of a newer format version, kept and not read
   */
  public record Damage(long entries, long records, long bytes, long segmentsPutAside) {
    static final Damage NONE = new Damage(0, 0, 0, 0);

    Damage plus(long moreEntries, long moreRecords, long moreBytes) {
      return new Damage(
          entries + moreEntries, records + moreRecords, bytes + moreBytes, segmentsPutAside);
    }

    Damage plusSegmentPutAside() {
      return new Damage(entries, records, bytes, segmentsPutAside + 1);
    }
  }
}
