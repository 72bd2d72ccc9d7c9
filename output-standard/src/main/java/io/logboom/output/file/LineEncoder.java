package io.logboom.output.file;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.FieldReader;
import io.logboom.api.record.JsonStrings;
import io.logboom.output.file.FileConfig.Format;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as a line. For one thread.
 *
 * <pre>
 *   out_file  kube.x: [1767323045.123456789, {"log":"text","n":1}]
 *   plain     {"log":"text","n":1}
 *   csv       1767323045.123456789,"text",1
 *   ltsv      "time":1767323045.123457 TAB "log":"text" TAB "n":1
 *   template  1767323045.123457 text
 * </pre>
 *
 * <p>In csv a string has quotes, and a quote in it stands twice (RFC 4180), also in an object or
 * array, which is JSON in quotes. In ltsv values are JSON, so that none has a tab or a line break.
 */
final class LineEncoder {
  private static final long NANOS = 1_000_000_000L;
  private static final byte QUOTE = '"';

  private final Format format;
  private final byte[] delimiter;
  private final byte[] labelDelimiter;
  private final boolean columnNames;
  private final Part[] template;
  private final RecordWriter writer;
  private final JsonMembers members = new JsonMembers();
  private final ByteSink json = ByteSink.growing(1024);
  private byte[] plain = new byte[256];

  /** A part of a template's line: a text, the time, or a value. */
  record Part(byte[] text, @Nullable FieldReader value, boolean isTime) {}

  LineEncoder(FileConfig.Lines lines, Names names) {
    this.format = lines.format();
    this.delimiter = utf8(delimiter(lines.delimiter(), format == Format.LTSV ? "\t" : ","));
    this.labelDelimiter = utf8(delimiter(lines.labelDelimiter(), ":"));
    this.columnNames = lines.csvColumnNames() && format == Format.CSV;
    this.template = parts(lines.template(), names).toArray(Part[]::new);
    this.writer = new RecordWriter(names);
  }

  static String delimiter(@Nullable String configured, String usual) {
    return switch (configured == null ? "" : configured.toLowerCase(Locale.ROOT)) {
      case "" -> usual;
      case "tab", "\\t" -> "\t";
      case "space" -> " ";
      case "comma" -> ",";
      default -> String.valueOf(configured);
    };
  }

  /**
   * {@code {name}} is a value, where what stands in braces is an accessor; else it is text.
   *
   * @throws IllegalArgumentException where an accessor in it is not one
   */
  static List<Part> parts(String template, Names names) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', open + 1)) {
      int close = template.indexOf('}', open);
      int inner = template.indexOf('{', open + 1);
      if (close < 0) {
        break;
      }
      if (inner >= 0 && inner < close) {
        continue;
      }
      String name = template.substring(open + 1, close);
      if (name.isEmpty()) {
        continue;
      }
      parts.add(new Part(utf8(template.substring(from, open)), null, false));
      boolean isTime = name.equals("time");
      parts.add(
          new Part(
              utf8(template.substring(open, close + 1)),
              isTime ? null : Accessor.parse(name).reader(names),
              isTime));
      from = close + 1;
    }
    parts.add(new Part(utf8(template.substring(from)), null, false));
    return List.copyOf(parts);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes what stands before the first line of a file. */
  void head(Batch batch, int record, ByteSink out) {
    if (!columnNames) {
      return;
    }
    out.putAscii("timestamp");
    members(batch, record);
    while (members.next()) {
      put(delimiter, out);
      csv(json.array(), members.nameFrom(), members.nameTo(), out);
    }
    out.put((byte) '\n');
  }

  void write(Batch batch, int record, ByteSink out) {
    long nanos = batch.epochNanos(record);
    switch (format) {
      case OUT_FILE -> {
        byte[] tag = batch.originOf(record).memo(LineEncoder.class, LineEncoder::tag);
        put(tag, out);
        out.putAscii(": [");
        seconds(nanos, 9, out);
        out.putAscii(", ");
        object(batch, record, out);
        out.put((byte) ']');
      }
      case PLAIN -> object(batch, record, out);
      case CSV -> {
        seconds(nanos, 9, out);
        members(batch, record);
        while (members.next()) {
          put(delimiter, out);
          cell(json.array(), members.valueFrom(), members.valueTo(), out);
        }
      }
      case LTSV -> ltsv(batch, record, nanos, out);
      case TEMPLATE -> template(batch, record, nanos, out);
    }
    out.put((byte) '\n');
  }

  private static byte[] tag(Origin origin) {
    return utf8(origin.tag());
  }

  private static void put(byte[] bytes, ByteSink out) {
    out.put(bytes, 0, bytes.length);
  }

  private void object(Batch batch, int record, ByteSink out) {
    out.put((byte) '{');
    writer.write(batch, record, true, out);
    out.put((byte) '}');
  }

  /** Begins a walk over the record's members. */
  private void members(Batch batch, int record) {
    json.position(0);
    writer.write(batch, record, true, json);
    members.reset(json.array(), 0, json.position());
  }

  private void ltsv(Batch batch, int record, long nanos, ByteSink out) {
    out.putAscii("\"time\"");
    put(labelDelimiter, out);
    seconds(nanos, 6, out);
    members(batch, record);
    while (members.next()) {
      put(delimiter, out);
      out.put(json.array(), members.nameFrom() - 1, members.nameTo() + 2 - members.nameFrom());
      put(labelDelimiter, out);
      out.put(json.array(), members.valueFrom(), members.valueTo() - members.valueFrom());
    }
  }

  private void template(Batch batch, int record, long nanos, ByteSink out) {
    for (Part part : template) {
      FieldReader value = part.value;
      if (part.isTime) {
        seconds(nanos, 6, out);
      } else if (value != null && value.read(batch, record)) {
        out.put(value.bytes(), value.from(), value.to() - value.from());
      } else {
        put(part.text, out);
      }
    }
  }

  private void cell(byte[] value, int from, int to, ByteSink out) {
    switch (value[from]) {
      case '"' -> csv(value, from + 1, to - 1, out);
      case '{', '[' -> {
        out.put(QUOTE);
        quoted(value, from, to, out);
        out.put(QUOTE);
      }
      case 'n' -> {
        // Nothing stands for null.
      }
      default -> out.put(value, from, to - from);
    }
  }

  /** The inside of a JSON string as a cell. */
  private void csv(byte[] value, int from, int to, ByteSink out) {
    if (plain.length < to - from) {
      plain = new byte[Math.max(to - from, plain.length * 2)];
    }
    int end = JsonStrings.unescape(value, from, to, plain, 0);
    out.put(QUOTE);
    quoted(plain, 0, end, out);
    out.put(QUOTE);
  }

  private static void quoted(byte[] bytes, int from, int to, ByteSink out) {
    int i = from;
    for (int k = from; k < to; k++) {
      if (bytes[k] == QUOTE) {
        out.put(bytes, i, k + 1 - i);
        i = k; // once more
      }
    }
    out.put(bytes, i, to - i);
  }

  /** Seconds with a fraction of so many digits: all nine of it, or six, rounded. */
  private static void seconds(long nanos, int digits, ByteSink out) {
    long value = digits == 9 ? nanos : Math.floorDiv(nanos + 500, 1000);
    long unit = digits == 9 ? NANOS : NANOS / 1000;
    long second = Math.floorDiv(value, unit);
    int rest = (int) (value - second * unit);
    out.putDecimal(second);
    out.put((byte) '.');
    out.ensure(digits);
    byte[] array = out.array();
    int at = out.position();
    for (int i = at + digits - 1; i >= at; i--) {
      array[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    out.position(at + digits);
  }
}
