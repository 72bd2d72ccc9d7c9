package io.logboom.api.json;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.time.Timestamps;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as one JSON object that has the record's time as its first member, as Fluent Bit
 * does with {@code json_date_key} and {@code json_date_format}. Allocates nothing. One instance per
 * thread.
 */
public final class DatedRecordWriter {
  private static final long NANOS = 1_000_000_000L;

  private final DateFormat dates;
  private final Origin.@Nullable Key dateKey;
  private final RecordWriter writer;
  private final Timestamps timestamps = new Timestamps();

  /**
   * @param dateKey the time's name; false, off and no stand for none
   */
  public DatedRecordWriter(Names names, String dateKey, DateFormat dates) {
    this.dates = dates;
    this.dateKey =
        switch (dateKey.toLowerCase(Locale.ROOT)) {
          case "false", "off", "no" -> null;
          default -> Origin.Key.of(names, dateKey);
        };
    this.writer = new RecordWriter(names);
  }

  /** Writes a record. Its own member of the time's name wins, so that no name stands twice. */
  public void write(Batch batch, int record, ByteSink out) {
    out.put((byte) '{');
    Origin.Key key = dateKey;
    boolean date = key != null && (RecordWriter.names(batch, record) & key.names()) == 0;
    if (date && key != null) {
      out.put(key.json(), 0, key.length());
      date(batch.epochNanos(record), out);
    }
    writer.write(batch, record, !date, out);
    out.put((byte) '}');
  }

  /** As {@link RecordWriter#hasRepaired}. */
  public boolean hasRepaired() {
    return writer.hasRepaired();
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
