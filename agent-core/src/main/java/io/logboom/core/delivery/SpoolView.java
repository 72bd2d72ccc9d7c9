package io.logboom.core.delivery;

import org.jspecify.annotations.Nullable;

/** What can be seen of an output's spool. */
public interface SpoolView {
  /** Bytes on disk, damaged ones that were put aside not among them. */
  long bytes();

  /** The most bytes that may wait in it; 0 where only the total is limited. */
  long limitBytes();

  /** Batches that are not settled. */
  long entries();

  /** Records in those. */
  long records();

  /** How long ago the oldest of those was written; 0 where there is none. */
  long oldestAgeMillis();

  /** Bytes written to it so far. */
  long writtenBytes();

  /** Records that were found damaged or missing since it was opened. */
  long damagedRecords();

  /** What keeps it from being written to, with its reason; null where nothing does. */
  @Nullable String problem();
}
