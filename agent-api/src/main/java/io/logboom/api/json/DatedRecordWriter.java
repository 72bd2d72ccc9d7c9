package io.logboom.api.json;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as one JSON object that has the record's time as its first member, as Fluent Bit
 * does with {@code json_date_key} and {@code json_date_format}. Allocates nothing. One instance per
 * thread.
 */
public final class DatedRecordWriter {
  private static final long NANOS = 1_000_000_000L;
  private static final int DATE = "2026-11-22".length();
  private static final int MICROS = "2026-11-22T06:00:00.123456".length();
  private static final int MOST = 48;

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
    out.ensure(MOST);
    byte[] array = out.array();
    int at = out.position();
    out.position(
        switch (dates) {
          case DOUBLE -> seconds(nanos, array, at);
          case EPOCH -> timestamps.writeEpoch(nanos, 0, false, array, at);
          case EPOCH_MS, EPOCH_MILLIS, EPOCH_MILLISECONDS -> millis(nanos, array, at);
          case ISO8601 -> calendar(nanos, 'T', true, array, at);
          case JAVA_SQL_TIMESTAMP -> calendar(nanos, ' ', false, array, at);
        });
  }

  /** As a double prints with 16 digits: microseconds, rounded, without trailing zeros. */
  private int seconds(long nanos, byte[] out, int at) {
    int end = timestamps.writeEpoch(nanos + 500, 6, true, out, at);
    while (out[end - 1] == '0' && out[end - 2] != '.') {
      end--;
    }
    return end;
  }

  private int millis(long nanos, byte[] out, int at) {
    if (nanos >= NANOS) {
      return timestamps.writeEpoch(nanos, 3, false, out, at);
    }
    byte[] text =
        Long.toString(Math.floorDiv(nanos, 1_000_000L)).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, out, at, text.length);
    return at + text.length;
  }

  /** With microseconds, which are cut. */
  private int calendar(long nanos, char between, boolean zone, byte[] out, int at) {
    out[at] = '"';
    timestamps.write(nanos, true, out, at + 1);
    out[at + 1 + DATE] = (byte) between;
    int end = at + 1 + MICROS;
    if (zone) {
      out[end++] = 'Z';
    }
    out[end++] = '"';
    return end;
  }
}
