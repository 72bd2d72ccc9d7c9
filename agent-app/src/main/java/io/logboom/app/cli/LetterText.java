package io.logboom.app.cli;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import io.logboom.core.deadletter.Letter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Dead letters as people and as programs read them. */
final class LetterText {
  private static final List<String> HEADINGS =
      List.of("id", "time", "output", "tag", "source", "position", "bytes", "reason");
  private static final long SECOND = 1_000_000_000;

  private final RecordWriter writer;
  private final int[] widths = new int[HEADINGS.size()];

  /**
   * @param names those that the letters were read with
   */
  LetterText(Names names) {
    this.writer = new RecordWriter(names);
    fit(HEADINGS);
  }

  /** Makes the table wide enough for the letter. */
  void fit(Letter letter) {
    fit(cells(letter));
  }

  private void fit(List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], cells.get(i).length());
    }
  }

  String headings() {
    return line(HEADINGS);
  }

  String line(Letter letter) {
    return line(cells(letter));
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length - 1; i++) {
      String cell = cells.get(i);
      line.append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 2));
    }
    return line.append(cells.getLast()).toString();
  }

  private static List<String> cells(Letter letter) {
    Batch record = letter.record();
    Origin origin = record == null ? null : record.originOf(0);
    List<String> cells = new ArrayList<>();
    cells.add(Long.toString(letter.id()));
    cells.add(letter.time().toString());
    cells.add(letter.output());
    cells.add(origin == null ? "?" : origin.tag());
    cells.add(origin == null ? "?" : origin.source());
    cells.add(record == null ? "?" : Long.toString(record.position(0)));
    cells.add(record == null ? "?" : Integer.toString(record.length(0)));
    cells.add(letter.reason());
    cells.replaceAll(cell -> cell.replaceAll("\\p{Cntrl}", " "));
    return cells;
  }

  /** One JSON object; with the record itself where {@code whole}. */
  String json(Letter letter, boolean whole) {
    ByteSink out = ByteSink.growing(512);
    out.putAscii("{\"id\":");
    out.putDecimal(letter.id());
    string("time", letter.time().toString(), out);
    string("output", letter.output(), out);
    string("reason", letter.reason(), out);
    Batch record = letter.record();
    if (record != null) {
      Origin origin = record.originOf(0);
      string("tag", origin.tag(), out);
      string("source", origin.source(), out);
      string("source_id", origin.sourceId(), out);
      number("position", record.position(0), out);
      number("bytes", record.length(0), out);
      string("record_time", time(record).toString(), out);
      if (whole) {
        out.putAscii(",\"record\":");
        record(record, out);
      }
    }
    out.put((byte) '}');
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  private static Instant time(Batch record) {
    long nanos = record.epochNanos(0);
    return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
  }

  private void record(Batch record, ByteSink out) {
    out.put((byte) '{');
    writer.write(record, 0, true, out);
    out.put((byte) '}');
  }

  private static void string(String name, String value, ByteSink out) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.putAscii(",\"" + name + "\":\"");
    out.putEscaped(utf8, 0, utf8.length);
    out.put((byte) '"');
  }

  private static void number(String name, long value, ByteSink out) {
    out.putAscii(",\"" + name + "\":");
    out.putDecimal(value);
  }

  /** All that is known of a letter, a line each. */
  List<String> lines(Letter letter) {
    List<String> lines = new ArrayList<>();
    lines.add("dead letter " + letter.id());
    line("time", letter.time().toString(), lines);
    line("output", letter.output(), lines);
    line("reason", letter.reason(), lines);
    Batch record = letter.record();
    if (record == null) {
      line("record", "cannot be read", lines);
      return lines;
    }
    Origin origin = record.originOf(0);
    line("tag", origin.tag(), lines);
    line("source", origin.source(), lines);
    line("source id", origin.sourceId(), lines);
    line("position", Long.toString(record.position(0)), lines);
    line("bytes", Integer.toString(record.length(0)), lines);
    line("its time", time(record).toString(), lines);
    ByteSink json = ByteSink.growing(512);
    record(record, json);
    line("record", new String(json.toByteArray(), StandardCharsets.UTF_8), lines);
    return lines;
  }

  private static void line(String name, String value, List<String> lines) {
    lines.add("  " + name + " ".repeat(12 - name.length()) + value);
  }
}
