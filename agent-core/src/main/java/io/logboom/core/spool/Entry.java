package io.logboom.core.spool;

/**
 * An entry that somebody has to do with at present.
 *
 * @param segment the file it is in
 * @param at where its header stands there
 * @param header what the header says
 */
record Entry(Segment segment, long at, EntryHeader header) {
  long sequence() {
    return header.sequence();
  }

  Head head() {
    return header.head();
  }
}
