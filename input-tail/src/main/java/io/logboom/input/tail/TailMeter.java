package io.logboom.input.tail;

import io.logboom.api.meter.MeterId;

/** What the tail input measures. */
enum TailMeter implements MeterId {
  READ_BYTES("tail_read", Kind.COUNTER, "bytes", "Bytes of complete lines taken in."),
  READ_RECORDS("tail_read", Kind.COUNTER, "records", "Records taken in."),
  FILES("tail_files", Kind.GAUGE, "", "Files that are open now."),
  FILES_OPENED("tail_files_opened", Kind.COUNTER, "", "Files opened."),
  FILES_CLOSED("tail_files_closed", Kind.COUNTER, "", "Files closed."),
  FILES_ROTATED("tail_files_rotated", Kind.COUNTER, "", "Files found under another name."),
  FILES_TRUNCATED("tail_files_truncated", Kind.COUNTER, "", "Files that were truncated in place."),
  LONG_LINES_CUT("tail_long_lines_cut", Kind.COUNTER, "", "Lines cut at the size limit."),
  LONG_LINES_SKIPPED(
      "tail_long_lines_skipped", Kind.COUNTER, "", "Lines left out for being over the size limit."),
  MULTILINE_CUT(
      "tail_joined_records_cut", Kind.COUNTER, "", "Records of several lines cut at the limit."),
  MULTILINE_GIVEN_AWAY(
      "tail_joined_records_given_away",
      Kind.COUNTER,
      "",
      "Records sent before their last line, marked as cut, because too much waited at once."),
  SKIPPED_BYTES(
      "tail_skipped",
      Kind.COUNTER,
      "bytes",
      "Bytes that were not taken in, by reason: long_line, nul, truncated, unreadable,"
          + " deleted_files_limit."),
  UNPARSED_LINES(
      "tail_unparsed_lines",
      Kind.COUNTER,
      "",
      "Lines not in the format of their file, taken in as plain text."),
  LAG_BYTES("tail_lag", Kind.GAUGE, "bytes", "Bytes in open files that are still to be read."),
  LAG_SECONDS(
      "tail_lag", Kind.GAUGE, "seconds", "For how long the file most behind has had unread bytes."),
  DELETED_BYTES(
      "tail_deleted_open",
      Kind.GAUGE,
      "bytes",
      "Disk space of files that are open and have no name any more."),
  DELETED_FILES(
      "tail_deleted_open", Kind.GAUGE, "files", "Files that are open and have no name any more."),
  SHED_BYTES(
      "tail_given_up",
      Kind.COUNTER,
      "bytes",
      "Bytes of deleted files that were given up unread for deleted_files_limit, by path."),
  SHED_LINES(
      "tail_given_up",
      Kind.COUNTER,
      "lines",
      "Lines of deleted files that were given up unread for deleted_files_limit, by path."),
  PARTIAL_RECORDS(
      "tail_partial_records", Kind.GAUGE, "", "Records of which the last piece has yet to come."),
  REREADS(
      "tail_rereads", Kind.COUNTER, "", "Times that a file was read again from an older place."),
  OPEN_FAILURES("tail_open_failures", Kind.COUNTER, "", "Files that could not be opened or read."),
  CHECKPOINTS("tail_checkpoints", Kind.COUNTER, "", "Checkpoints written."),
  CHECKPOINT_FAILURES(
      "tail_checkpoint_failures",
      Kind.COUNTER,
      "",
      "Checkpoints, and additions to the journal, that could not be written."),
  JOURNAL_ENTRIES(
      "tail_journal_entries", Kind.COUNTER, "", "Positions written down between checkpoints."),
  FAULTS("tail_faults", Kind.COUNTER, "", "Defects of the program that the input went on after."),
  WATCH_OVERFLOWS(
      "tail_watch_overflows", Kind.COUNTER, "", "Times that the kernel dropped directory events.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  TailMeter(String metric, Kind kind, String unit, String text) {
    this.metric = metric;
    this.kind = kind;
    this.unit = unit;
    this.text = text;
  }

  @Override
  public String metric() {
    return metric;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public String text() {
    return text;
  }
}
