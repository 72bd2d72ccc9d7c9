package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.JsonStrings;
import io.logboom.output.loki.LokiConfig.LineFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a record as a line: JSON or {@code name="value"} pairs, without what is to be left out.
 * One instance per thread; allocates nothing per record.
 */
final class Lines {
  /** What drop_single_key says. */
  enum Drop {
    OFF,
    ON,
    RAW
  }

  private final RecordWriter writer;
  private final boolean keyValue;
  private final Drop drop;
  private final long without;
  private final long moved;
  private final byte[][][] paths;
  private final ByteSink whole;
  private final ByteSink rest;
  private final ByteSink scratch = ByteSink.growing(256);
  private final JsonMembers members = new JsonMembers();
  private final List<JsonMembers> levels = new ArrayList<>();

  /**
   * @param whole where records are put together that are not written as they are
   * @param rest the same, for what is left of them
   */
  Lines(LokiConfig.Line config, Drop drop, Names names, ByteSink whole, ByteSink rest) {
    this.writer = new RecordWriter(names);
    this.keyValue = config.lineFormat() == LineFormat.KEY_VALUE;
    this.drop = drop;
    this.whole = whole;
    this.rest = rest;
    this.moved = names.of("kubernetes") | names.of("stream");
    long bits = 0;
    List<byte[][]> nested = new ArrayList<>();
    for (Accessor accessor : config.removeKeys()) {
      List<String> path = Source.path(accessor);
      long bit = path.size() == 1 ? names.ofIfRoom(path.getFirst()) : 0;
      if (bit != 0) {
        bits |= bit;
      } else if (!path.isEmpty()) {
        nested.add(path.stream().map(Lines::json).toArray(byte[][]::new));
      }
    }
    this.without = bits;
    this.paths = nested.toArray(byte[][][]::new);
  }

  private static byte[] json(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteSink out = ByteSink.growing(utf8.length + 16);
    out.putEscaped(utf8, 0, utf8.length);
    return out.toByteArray();
  }

  /**
   * Writes a record's line.
   *
   * @param withoutMetadata whether Kubernetes metadata and the stream's name stand elsewhere
   */
  void write(Batch batch, int record, boolean withoutMetadata, ByteSink out) {
    long names = withoutMetadata ? without | moved : without;
    if (paths.length == 0 && !keyValue && drop == Drop.OFF) {
      object(batch, record, names, out);
      return;
    }
    whole.position(0);
    object(batch, record, names, whole);
    ByteSink from = whole;
    if (paths.length > 0) {
      rest.position(0);
      copy(whole.array(), 0, whole.position(), 0, ~(-1L << paths.length), rest);
      from = rest;
    }
    format(from.array(), from.position(), out);
  }

  /** Whether the record written last had bytes that are not UTF-8. */
  boolean hasRepaired() {
    return writer.hasRepaired();
  }

  private void object(Batch batch, int record, long names, ByteSink out) {
    out.put((byte) '{');
    writer.write(batch, record, names, true, out);
    out.put((byte) '}');
  }

  /**
   * Copies the object {@code json[from, to)} without what the paths name.
   *
   * @param live the set of the paths whose first {@code depth} steps led here
   */
  private void copy(byte[] json, int from, int to, int depth, long live, ByteSink out) {
    JsonMembers inside = inside(depth);
    inside.reset(json, from + 1, to - 1);
    boolean comma = false;
    out.put((byte) '{');
    while (inside.next()) {
      long further = 0;
      boolean gone = false;
      for (long left = live; left != 0; left &= left - 1) {
        int i = Long.numberOfTrailingZeros(left);
        byte[] name = paths[i][depth];
        if (Arrays.equals(json, inside.nameFrom(), inside.nameTo(), name, 0, name.length)) {
          gone |= paths[i].length == depth + 1;
          further |= 1L << i;
        }
      }
      if (gone) {
        continue;
      }
      if (comma) {
        out.put((byte) ',');
      }
      comma = true;
      if (further != 0 && json[inside.valueFrom()] == '{') {
        out.put(json, inside.nameFrom() - 1, inside.valueFrom() - inside.nameFrom() + 1);
        copy(json, inside.valueFrom(), inside.valueTo(), depth + 1, further, out);
      } else {
        out.put(json, inside.nameFrom() - 1, inside.valueTo() - inside.nameFrom() + 1);
      }
    }
    out.put((byte) '}');
  }

  private JsonMembers inside(int depth) {
    if (depth == levels.size()) {
      levels.add(new JsonMembers());
    }
    return levels.get(depth);
  }

  private void format(byte[] json, int to, ByteSink out) {
    if (drop != Drop.OFF) {
      members.reset(json, 1, to - 1);
      boolean single = members.next();
      int from = members.valueFrom();
      int end = members.valueTo();
      if (single && !members.next()) {
        if (drop == Drop.RAW && json[from] == '"') {
          unescaped(json, from + 1, end - 1, out);
        } else {
          out.put(json, from, end - from);
        }
        return;
      }
    }
    if (keyValue) {
      pairs(json, to, out);
    } else {
      out.put(json, 0, to);
    }
  }

  private void pairs(byte[] json, int to, ByteSink out) {
    members.reset(json, 1, to - 1);
    boolean blank = false;
    while (members.next()) {
      if (blank) {
        out.put((byte) ' ');
      }
      blank = true;
      unescaped(json, members.nameFrom(), members.nameTo(), out);
      out.put((byte) '=');
      int from = members.valueFrom();
      int length = members.valueTo() - from;
      if (json[from] == '{' || json[from] == '[') {
        out.put((byte) '"');
        out.putEscaped(json, from, length);
        out.put((byte) '"');
      } else {
        out.put(json, from, length);
      }
    }
  }

  private void unescaped(byte[] json, int from, int to, ByteSink out) {
    for (int i = from; i < to; i++) {
      if (json[i] == '\\') {
        scratch.position(0);
        scratch.ensure(to - from);
        int end = JsonStrings.unescape(json, from, to, scratch.array(), 0);
        out.put(scratch.array(), 0, end);
        return;
      }
    }
    out.put(json, from, to - from);
  }
}
