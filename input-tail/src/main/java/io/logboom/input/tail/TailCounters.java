package io.logboom.input.tail;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;

/** The counters, looked up once. */
final class TailCounters {
  final Counter readBytes;
  final Counter readRecords;
  final Counter opened;
  final Counter closed;
  final Counter rotated;
  final Counter truncated;
  final Counter linesCut;
  final Counter linesSkipped;
  final Counter recordsCut;
  final Counter recordsGivenAway;
  final Counter unparsed;
  final Counter rereads;
  final Counter openFailures;
  final Counter checkpoints;
  final Counter checkpointFailures;
  final Counter journalEntries;
  final Counter overflows;
  final Counter faults;
  final Counter skippedLong;
  final Counter skippedNul;
  final Counter skippedTruncated;
  final Counter skippedUnreadable;
  final Counter skippedDeleted;

  TailCounters(Meters meters) {
    readBytes = meters.counter(TailMeter.READ_BYTES);
    readRecords = meters.counter(TailMeter.READ_RECORDS);
    opened = meters.counter(TailMeter.FILES_OPENED);
    closed = meters.counter(TailMeter.FILES_CLOSED);
    rotated = meters.counter(TailMeter.FILES_ROTATED);
    truncated = meters.counter(TailMeter.FILES_TRUNCATED);
    linesCut = meters.counter(TailMeter.LONG_LINES_CUT);
    linesSkipped = meters.counter(TailMeter.LONG_LINES_SKIPPED);
    recordsCut = meters.counter(TailMeter.MULTILINE_CUT);
    recordsGivenAway = meters.counter(TailMeter.MULTILINE_GIVEN_AWAY);
    unparsed = meters.counter(TailMeter.UNPARSED_LINES);
    rereads = meters.counter(TailMeter.REREADS);
    openFailures = meters.counter(TailMeter.OPEN_FAILURES);
    checkpoints = meters.counter(TailMeter.CHECKPOINTS);
    checkpointFailures = meters.counter(TailMeter.CHECKPOINT_FAILURES);
    journalEntries = meters.counter(TailMeter.JOURNAL_ENTRIES);
    overflows = meters.counter(TailMeter.WATCH_OVERFLOWS);
    faults = meters.counter(TailMeter.FAULTS);
    skippedLong = skipped(meters, "long_line");
    skippedNul = skipped(meters, "nul");
    skippedTruncated = skipped(meters, "truncated");
    skippedUnreadable = skipped(meters, "unreadable");
    skippedDeleted = skipped(meters, "deleted_files_limit");
  }

  private static Counter skipped(Meters meters, String reason) {
    return meters.counter(TailMeter.SKIPPED_BYTES, "reason", reason);
  }
}
