package io.logboom.core.spool;

import java.io.IOException;

/** What became of an append. Where it is not {@link Appended}, the spool is as it was before. */
public sealed interface Append {
  /** The entry stands behind all others; {@link Spool#sync} makes it durable. */
  record Appended(long sequence) implements Append {}

  /** There is no room by configuration; room comes by settling and dropping. */
  record Full(Cap cap) implements Append {}

  /** The disk refused. Nothing is lost; a later append may succeed. */
  record Failed(Reason reason, IOException cause) implements Append {}

  /** Which limit was reached. */
  enum Cap {
    /** This spool's. */
    OWN,
    /** That of all spools together. */
    TOTAL,
    /** The entry alone is larger than the limits; it will never fit. */
    NEVER_FITS
  }

  /** Why the disk refused. */
  enum Reason {
    DISK_FULL,
    IO_ERROR
  }
}
