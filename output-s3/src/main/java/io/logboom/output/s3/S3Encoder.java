package io.logboom.output.s3;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.record.FieldReader;
import io.logboom.api.time.Timestamps;
import io.logboom.output.s3.S3Config.DateFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as lines: {@code {"date":"2026-11-22T08:04:05.123456Z",record}}, or the value of
 * {@code log_key}. Allocates nothing per record. One instance per thread.
 */
final class S3Encoder {
  private static final long NANOS = 1_000_000_000L;

  private final DateFormat dates;
  private final Origin.@Nullable Key dateKey;
  private final @Nullable FieldReader logKey;
  private final RecordWriter writer;
  private final Timestamps timestamps = new Timestamps();
  private boolean repaired;

  S3Encoder(S3Config.Contents config, Names names) {
    this.dates = config.jsonDateFormat();
    this.dateKey =
        switch (config.jsonDateKey().toLowerCase(Locale.ROOT)) {
          case "false", "off", "no" -> null;
          default -> Origin.Key.of(names, config.jsonDateKey());
        };
    this.logKey = config.logKey() == null ? null : config.logKey().reader(names);
    this.writer = new RecordWriter(names);
  }

  /**
   * Writes a record and a line break.
   *
   * @return false where it has nothing under {@code log_key}; nothing is written then
   */
  boolean encode(Batch batch, int record, ByteSink out) {
    repaired = false;
    FieldReader key = logKey;
    if (key == null) {
      json(batch, record, out);
      repaired = writer.hasRepaired();
    } else if (key.read(batch, record)) {
      out.put(key.bytes(), key.from(), key.to() - key.from());
    } else {
      return false;
    }
    out.put((byte) '\n');
    return true;
  }

  /** Whether bytes of the record that was written last were not UTF-8 and became U+FFFD. */
  boolean hasRepaired() {
    return repaired;
  }

  private void json(Batch batch, int record, ByteSink out) {
    out.put((byte) '{');
    Origin.Key key = dateKey;
    // The record's own member of that name wins, so that no name stands twice.
    boolean date = key != null && (RecordWriter.names(batch, record) & key.names()) == 0;
    if (date && key != null) {
      out.put(key.json(), 0, key.length());
      date(batch.epochNanos(record), out);
    }
    writer.write(batch, record, !date, out);
    out.put((byte) '}');
  }

  private void date(long nanos, ByteSink out) {
    long second = Math.floorDiv(nanos, NANOS);
    int fraction = (int) (nanos - second * NANOS);
    switch (dates) {
      case DOUBLE -> seconds(second, fraction, out);
      case EPOCH -> out.putDecimal(second);
      case EPOCH_MS, EPOCH_MILLIS, EPOCH_MILLISECONDS ->
          out.putDecimal(Math.floorDiv(nanos, 1_000_000L));
      case ISO8601 -> calendar(nanos, fraction, 'T', "Z\"", out);
      case JAVA_SQL_TIMESTAMP -> calendar(nanos, fraction, ' ', "\"", out);
    }
  }

  /** As a double prints with 16 digits: microseconds, rounded, without trailing zeros. */
  private static void seconds(long second, int fraction, ByteSink out) {
    int micros = (fraction + 500) / 1000;
    long whole = second;
    if (micros == 1_000_000) {
      whole++;
      micros = 0;
    }
    out.putDecimal(whole);
    out.put((byte) '.');
    int digits = 6;
    while (digits > 1 && micros % 10 == 0) {
      micros /= 10;
      digits--;
    }
    digits(micros, digits, out);
  }

  private void calendar(long nanos, int fraction, char between, String end, ByteSink out) {
    out.ensure(48);
    byte[] array = out.array();
    int at = out.position();
    array[at] = '"';
    timestamps.write(nanos, false, array, at + 1);
    array[at + 11] = (byte) between;
    out.position(at + 21);
    digits(fraction / 1000, 6, out);
    out.putAscii(end);
  }

  private static void digits(int value, int count, ByteSink out) {
    out.ensure(count);
    byte[] array = out.array();
    int at = out.position();
    int rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      array[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    out.position(at + count);
  }
}
