package io.logboom.output.stdout;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.DatedRecordWriter;
import io.logboom.api.json.RecordWriter;
import io.logboom.output.stdout.StdoutConfig.Format;

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
  private final RecordWriter writer;
  private final DatedRecordWriter json;
  private final ByteSink scratch = ByteSink.growing(4096);
  private final MsgpackText text = new MsgpackText();
  private int printed;

  StdoutEncoder(StdoutConfig config, Names names) {
    this.format = config.format();
    this.json = new DatedRecordWriter(names, config.jsonDateKey(), config.jsonDateFormat());
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
        json.write(batch, record, out);
      }
      case JSON_LINES -> {
        json.write(batch, record, out);
        out.put((byte) '\n');
      }
      case JSON_STREAM -> json.write(batch, record, out);
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
