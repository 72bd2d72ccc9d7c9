package io.logboom.core.ledger;

/**
 * What one way out really holds, counted where the records are and not by the books, which are
 * compared with it. Safe for all threads; never waits for a disk.
 */
public interface Holdings {
  /** Records in memory that have not come to their end: waiting, or being sent. */
  long memory();

  /** Records in the spool that no send has, those of an earlier run among them. */
  long spool();

  /** Whether nothing more will come to it. */
  boolean isOver();
}
