package io.logboom.output.stdout;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.time.Timestamps;
import io.logboom.output.stdout.StdoutConfig.Format;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The formats, for one flush: {@link #begin}, the records, {@link #end}. For one thread.
 *
 * <pre>
 *   msgpack      [0] kube.x: [[1767323045.123456789, {}], {"log"=>"text", "stream"=>"stdout"}]
 *   json         [{"date":1767323045.123457,"log":"text"},{...}]
 *   json_lines   {"date":1767323045.123457,"log":"text"}
 *   json_stream  {"date":...}{"date":...}
 * </pre>
 */
final class StdoutEncoder {
  private static final long NANOS = 1_000_000_000L;

  private final Format format;
  private final StdoutConfig.DateFormat dates;
  private final Origin.@Nullable Key dateKey;
  private final RecordWriter writer;
  private final Timestamps timestamps = new Timestamps();
  private final ByteSink scratch = ByteSink.growing(4096);
  private final MsgpackText text = new MsgpackText();
  private int printed;

  StdoutEncoder(StdoutConfig config, Names names) {
    this.format = config.format();
    this.dates = config.jsonDateFormat();
    this.dateKey =
        switch (config.jsonDateKey().toLowerCase(Locale.ROOT)) {
          case "false", "off", "no" -> null;
          default -> Origin.Key.of(names, config.jsonDateKey());
        };
    this.writer = new RecordWriter(names);
  }

  void begin(ByteSink out) {
    printed = 0;
    if (format == Format.JSON) {
      out.put((byte) '[');
    }
  }

  void encode(Batch batch, int record, ByteSink out) {
    switch (format) {
      case MSGPACK -> msgpack(batch, record, out);
      case JSON -> {
        if (printed > 0) {
          out.put((byte) ',');
        }
        json(batch, record, out);
      }
      case JSON_LINES -> {
        json(batch, record, out);
        out.put((byte) '\n');
      }
      case JSON_STREAM -> json(batch, record, out);
    }
    printed++;
  }

  void end(ByteSink out) {
    switch (format) {
      case JSON -> out.putAscii("]\n");
      case JSON_STREAM -> out.put((byte) '\n');
      case MSGPACK, JSON_LINES -> {}
    }
  }

  private void msgpack(Batch batch, int record, ByteSink out) {
    out.put((byte) '[');
    out.putDecimal(printed);
    out.putAscii("] ");
    byte[] tag = batch.originOf(record).memo(this, StdoutEncoder::tag);
    out.put(tag, 0, tag.length);
    out.putAscii(": [[");
    long nanos = batch.epochNanos(record);
    long second = Math.floorDiv(nanos, NANOS);
    out.putDecimal(second);
    out.put((byte) '.');
    digits((int) (nanos - second * NANOS), 9, out);
    out.putAscii(", {}], ");
    scratch.position(0);
    scratch.put((byte) '{');
    writer.write(batch, record, true, scratch);
    scratch.put((byte) '}');
    text.write(scratch.array(), scratch.position(), out);
    out.putAscii("]\n");
  }

  private static byte[] tag(Origin origin) {
    return origin.tag().getBytes(java.nio.charset.StandardCharsets.UTF_8);
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
