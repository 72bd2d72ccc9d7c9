package io.logboom.core.meter;

import io.logboom.api.meter.MeterId;

/** What the engine measures of every instance, and of the whole. */
public enum EngineMeter implements MeterId {
  INPUT_RECORDS("input", Kind.COUNTER, "records", "Records taken in, before filters."),
  INPUT_BYTES("input", Kind.COUNTER, "bytes", "Bytes of the records taken in."),
  INPUT_AGAIN(
      "input_again", Kind.COUNTER, "batches", "Batches that must be read again: not delivered."),
  INPUT_UNSETTLED(
      "input_unsettled", Kind.GAUGE, "batches", "Batches of which some records are under way."),
  INPUT_WAITING("input_waiting", Kind.GAUGE, "", "1 while the input waits for room, else 0."),
  FILTER_RECORDS("filter", Kind.COUNTER, "records", "Records that entered the filter."),
  FILTER_BYTES("filter", Kind.COUNTER, "bytes", "Bytes of bodies that left the filter."),
  FILTER_DROPPED("filter_dropped", Kind.COUNTER, "records", "Records that the filter took out."),
  FILTER_FAILURES(
      "filter_failures", Kind.COUNTER, "", "Batches on which it failed; their records went on."),
  OUTPUT_RECORDS("output", Kind.COUNTER, "records", "Records that arrived."),
  OUTPUT_BYTES("output", Kind.COUNTER, "bytes", "Bytes of bodies of the records that arrived."),
  OUTPUT_REQUESTS("output", Kind.COUNTER, "requests", "Deliveries tried."),
  OUTPUT_ERRORS("output_errors", Kind.COUNTER, "", "Deliveries given up."),
  OUTPUT_RETRIES("output_retries", Kind.COUNTER, "", "Further tries of a delivery."),
  OUTPUT_RETRIED("output_retried", Kind.COUNTER, "records", "Records in further tries."),
  OUTPUT_RETRIES_FAILED(
      "output_retries_failed", Kind.COUNTER, "", "Deliveries that ran out of retries."),
  OUTPUT_DROPPED(
      "output_dropped",
      Kind.COUNTER,
      "records",
      "Records that are lost, for any reason; those of logboom_output_lost_records together."),
  OUTPUT_REJECTED(
      "output_rejected",
      Kind.COUNTER,
      "records",
      "Records that the receiver will never take, whether kept as dead letters or lost."),
  OUTPUT_DISCARDED(
      "output_discarded",
      Kind.COUNTER,
      "records",
      "Records thrown away because the configuration says so."),
  OUTPUT_IN_FLIGHT("output_in_flight", Kind.GAUGE, "", "Deliveries under way."),
  OUTPUT_QUEUE_BATCHES("output_queue", Kind.GAUGE, "batches", "Batches that wait for the output."),
  OUTPUT_QUEUE_BYTES("output_queue", Kind.GAUGE, "bytes", "Memory that waits for the output."),
  OUTPUT_LAST_ARRIVAL(
      "output_last_arrival", Kind.GAUGE, "seconds", "How long ago something last arrived."),
  OUTPUT_ROUTED(
      "output_routed", Kind.COUNTER, "records", "Records that routing gave to the output."),
  OUTPUT_RECOVERED(
      "output_recovered",
      Kind.COUNTER,
      "records",
      "Records read from what an earlier run, or the output before it was removed, had left in the"
          + " spool."),
  OUTPUT_REPLAYED("output_replayed", Kind.COUNTER, "records", "Dead letters that were sent again."),
  OUTPUT_AGAIN(
      "output_again",
      Kind.COUNTER,
      "records",
      "Records that went back to their input, which reads them again."),
  OUTPUT_LEFT(
      "output_left",
      Kind.COUNTER,
      "records",
      "Records that were in the spool when the output was removed, and stay there."),
  OUTPUT_DEAD_LETTERED(
      "output_dead_lettered",
      Kind.COUNTER,
      "records",
      "Records that went to the dead letters, by reason: rejected, retries_exhausted."),
  OUTPUT_DEAD_LETTERED_BYTES(
      "output_dead_lettered",
      Kind.COUNTER,
      "bytes",
      "Bytes of bodies of the records that went to the dead letters."),
  OUTPUT_LOST_BYTES(
      "output_lost",
      Kind.COUNTER,
      "bytes",
      "Bytes of bodies of the records that are lost, but for those damaged in the spool unread."),
  OUTPUT_LOST(
      "output_lost",
      Kind.COUNTER,
      "records",
      "Records that are lost, by reason: rejected, retries_exhausted, drop_oldest, drop_newest,"
          + " damaged."),
  OUTPUT_HELD(
      "output_held", Kind.GAUGE, "records", "Records in memory that wait or are being sent."),
  OUTPUT_SPOOLED(
      "output_spooled", Kind.GAUGE, "records", "Records in the spool, those of earlier runs too."),
  OUTPUT_CIRCUIT_OPEN(
      "output_circuit_open",
      Kind.GAUGE,
      "",
      "1 while the receiver counts as down, so that only the oldest records are tried; else 0."),
  OUTPUT_DEFECTS(
      "output_defects",
      Kind.COUNTER,
      "",
      "Faults of the agent's own at work for the output, each in the log; the records come again."),
  OUTPUT_SPOOL_BYTES("output_spool", Kind.GAUGE, "bytes", "What the spool takes on disk."),
  OUTPUT_SPOOL_LIMIT(
      "output_spool_limit", Kind.GAUGE, "bytes", "The most that it may take; 0 for no limit."),
  OUTPUT_SPOOL_RECORDS(
      "output_spool", Kind.GAUGE, "records", "Records in the spool, those being sent from it too."),
  OUTPUT_SPOOL_OLDEST(
      "output_spool_oldest", Kind.GAUGE, "seconds", "How long ago the oldest of them was written."),
  OUTPUT_SPOOL_WRITTEN(
      "output_spool_written", Kind.COUNTER, "bytes", "Bytes written to the spool."),
  OUTPUT_SPOOL_DAMAGED(
      "output_spool_damaged",
      Kind.COUNTER,
      "records",
      "Records in the spool that were found damaged or missing."),
  OUTPUT_SPOOL_STUCK(
      "output_spool_stuck",
      Kind.GAUGE,
      "",
      "1 while something keeps the spool from being written, else 0."),
  OUTPUT_LATENCY(
      "output_latency",
      Kind.HISTOGRAM,
      "seconds",
      "Time from a batch being read until its last record arrived."),
  OUTPUT_BACKPRESSURE(
      "output_backpressure",
      Kind.COUNTER,
      "seconds",
      "How long routing waited for room in the output's queue."),
  SOURCE_READ_RECORDS("source_read", Kind.COUNTER, "records", "Records read from the source."),
  SOURCE_READ_BYTES("source_read", Kind.COUNTER, "bytes", "Bytes of the records read."),
  SOURCE_FILTERED("source_filtered", Kind.COUNTER, "records", "Records that filters took out."),
  SOURCE_UNROUTED("source_unrouted", Kind.COUNTER, "records", "Records whose tag no output takes."),
  SOURCE_DELIVERED(
      "source_delivered", Kind.COUNTER, "records", "Records that arrived, at each output once."),
  SOURCE_DEAD_LETTERED(
      "source_dead_lettered", Kind.COUNTER, "records", "Records that went to the dead letters."),
  SOURCE_LOST("source_lost", Kind.COUNTER, "records", "Records that are lost, for any reason."),
  SOURCE_DEAD_LETTERED_BYTES(
      "source_dead_lettered",
      Kind.COUNTER,
      "bytes",
      "Bytes of bodies of the records that went to the dead letters."),
  SOURCE_LOST_BYTES(
      "source_lost",
      Kind.COUNTER,
      "bytes",
      "Bytes of bodies of the records that are lost, but for those damaged in the spool unread."),
  SOURCE_OUTPUT_DEAD_LETTERED(
      "source_output_dead_lettered",
      Kind.COUNTER,
      "records",
      "Records that went to the dead letters, by source, output and reason, where there are any."),
  SOURCE_OUTPUT_LOST(
      "source_output_lost",
      Kind.COUNTER,
      "records",
      "Records that are lost, by source, output and reason, where there are any."),
  SOURCE_HELD(
      "source_held", Kind.GAUGE, "records", "Records on their way, in memory and in spools."),
  SOURCE_LAG_BYTES("source_lag", Kind.GAUGE, "bytes", "Bytes that are still to be read."),
  SOURCE_LAG_SECONDS(
      "source_lag", Kind.GAUGE, "seconds", "For how long the oldest unread bytes have waited."),
  LEDGER_DISCREPANCY(
      "ledger_discrepancy",
      Kind.GAUGE,
      "records",
      "Records by which the ledger differs from itself or from what outputs really hold."),
  DEAD_LETTERS(
      "dead_letters", Kind.GAUGE, "records", "Dead letters that can be shown and replayed."),
  DEAD_LETTERS_BYTES("dead_letters", Kind.GAUGE, "bytes", "What dead letters take on disk."),
  DEAD_LETTERS_DROPPED(
      "dead_letters_dropped",
      Kind.COUNTER,
      "records",
      "Dead letters thrown away because newer ones needed their room."),
  DEAD_LETTERS_DAMAGED(
      "dead_letters_damaged", Kind.COUNTER, "records", "Dead letters that were found damaged."),
  DEAD_LETTERS_FAILURES(
      "dead_letters_failures",
      Kind.COUNTER,
      "",
      "Failures to look after dead letters or to replay them; each time it goes on."),
  UNROUTED("unrouted", Kind.COUNTER, "records", "Records whose tag no output takes."),
  FILTER_QUEUE_BATCHES(
      "filter_queue", Kind.GAUGE, "batches", "Batches that wait for filters and routing."),
  MEMORY_USED(
      "memory_used", Kind.GAUGE, "bytes", "Memory that records and requests made of them take."),
  MEMORY_REQUESTS(
      "memory_requests",
      Kind.GAUGE,
      "bytes",
      "The part of the memory used that requests take, and what outputs keep for the next ones."),
  MEMORY_PEAK("memory_peak", Kind.GAUGE, "bytes", "The most memory that was ever used."),
  MEMORY_BUDGET("memory_budget", Kind.GAUGE, "bytes", "The budget of the memory used."),
  MEMORY_WAITING(
      "memory_waiting", Kind.GAUGE, "threads", "Threads that wait for memory: back pressure."),
  PARSER_REFUSED(
      "parser_refused",
      Kind.COUNTER,
      "records",
      "Records that the parser could not parse; they go on as text."),
  PARSER_GAVE_UP(
      "parser_gave_up",
      Kind.COUNTER,
      "records",
      "Records among the refused ones whose expression took too long."),
  PARSER_UNREADABLE_TIMES(
      "parser_unreadable_times",
      Kind.COUNTER,
      "records",
      "Records whose time did not fit the parser's time format; they keep the time that they had.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  EngineMeter(String metric, Kind kind, String unit, String text) {
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
