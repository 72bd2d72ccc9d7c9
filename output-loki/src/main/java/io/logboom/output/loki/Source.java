package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import io.logboom.api.record.JsonStrings;
import io.logboom.api.record.Template;
import io.logboom.api.record.TemplateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds pairs from a record. For one thread. */
interface Source {
  /** A step into a value: a name in either kind of quotes, or an index. */
  Pattern STEP = Pattern.compile("\\[(?:'([^']*)'|\"([^\"]*)\"|\\d+)\\]");

  void read(Batch batch, int record, Pairs out);

  /** A source, and the top-level members that it looks at. */
  record Of(Source source, List<String> keys) {}

  /** One configured item: {@code name=text}, {@code name=$accessor} or {@code $accessor}. */
  record Item(String name, String value) {
    /**
     * @throws IllegalArgumentException where it is none
     */
    static Item parse(String text) {
      int equals = text.startsWith("$") ? -1 : text.indexOf('=');
      if (equals < 0 && !text.startsWith("$")) {
        throw new IllegalArgumentException(
            "'" + text + "' is not name=text, name=$accessor or $accessor");
      }
      String value = text.substring(equals + 1).strip();
      String name = equals < 0 ? nameOf(Accessor.parse(value)) : text.substring(0, equals).strip();
      if (!isName(name)) {
        throw new IllegalArgumentException(
            "'" + name + "' is no name of a label: letters, digits and _, and no digit first");
      }
      Template.parse(value);
      return new Item(name, value);
    }

    Of source(Names names, boolean objects) {
      byte[] utf8 = name.getBytes(StandardCharsets.US_ASCII);
      Template template = Template.parse(value);
      List<String> keys = new ArrayList<>();
      template.accessors().forEach(a -> keys.addAll(keysOf(a)));
      if (template.accessors().size() == 1
          && template.accessors().getFirst().toString().equals(value)) {
        return new Of(
            Source.value(utf8, template.accessors().getFirst().reader(names), objects),
            List.copyOf(keys));
      }
      TemplateWriter writer = template.writer(names);
      ByteSink text = ByteSink.growing(64);
      Source source =
          (batch, record, out) -> {
            text.position(0);
            writer.write(batch, record, text);
            out.add(utf8, text.array(), 0, text.position());
          };
      return new Of(source, List.copyOf(keys));
    }
  }

  /** One value under a name. */
  static Of value(String name, Accessor accessor, Names names, boolean objects) {
    return new Of(
        value(name.getBytes(StandardCharsets.UTF_8), accessor.reader(names), objects),
        keysOf(accessor));
  }

  private static Source value(byte[] name, FieldReader reader, boolean objects) {
    return (batch, record, out) -> {
      if (!reader.read(batch, record)) {
        return;
      }
      FieldKind kind = reader.kind();
      boolean nested = kind == FieldKind.OBJECT || kind == FieldKind.ARRAY;
      if (kind != FieldKind.NULL && (objects || !nested)) {
        out.add(name, reader.bytes(), reader.from(), reader.to());
      }
    };
  }

  /**
   * All members of an object, named after themselves.
   *
   * @param stringsOnly whether members of other types are passed over
   */
  static Of members(Accessor accessor, Names names, boolean stringsOnly) {
    FieldReader reader = accessor.reader(names);
    JsonWalk walk = new JsonWalk();
    Source source =
        (batch, record, out) -> {
          if (reader.read(batch, record) && reader.kind() == FieldKind.OBJECT) {
            walk.members(reader.bytes(), reader.from(), reader.to(), new byte[0], stringsOnly, out);
          }
        };
    return new Of(source, keysOf(accessor));
  }

  private static List<String> keysOf(Accessor accessor) {
    String key = accessor.key();
    return key == null ? List.of() : List.of(key);
  }

  /** The names that lead to a value; empty where an index does, or a tag is meant. */
  static List<String> path(Accessor accessor) {
    String key = accessor.key();
    String text = accessor.toString();
    List<String> path = new ArrayList<>();
    if (key == null) {
      return path;
    }
    path.add(key);
    Matcher step = STEP.matcher(text);
    while (step.find()) {
      String name = step.group(1) == null ? step.group(2) : step.group(1);
      if (name == null) {
        return List.of();
      }
      path.add(name);
    }
    return path;
  }

  /** The path of an accessor, joined by underscores. */
  static String nameOf(Accessor accessor) {
    String path =
        accessor
            .toString()
            .replaceAll("^\\$", "")
            .replaceAll("\\[['\"]?(.*?)['\"]?\\]", "_$1")
            .replaceAll("[^A-Za-z0-9_]", "_");
    return path.isEmpty() || Character.isDigit(path.charAt(0)) ? "_" + path : path;
  }

  static boolean isName(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*");
  }

  /** Adds an object's members; for one thread. */
  final class JsonWalk {
    private final JsonMembers members = new JsonMembers();
    private byte[] scratch = new byte[256];

    /** {@code json[from, to)} is an object with its braces. */
    void members(byte[] json, int from, int to, byte[] prefix, boolean stringsOnly, Pairs out) {
      members.reset(json, from + 1, to - 1);
      while (members.next()) {
        byte first = json[members.valueFrom()];
        if (first == 'n' || (stringsOnly && first != '"')) {
          continue;
        }
        value(json, members.valueFrom(), members.valueTo());
        out.addTamed(prefix, json, members.nameFrom(), members.nameTo(), bytes, valueFrom, valueTo);
      }
    }

    // The last value, as text.
    byte[] bytes = scratch;
    int valueFrom;
    int valueTo;

    /** Gives a value as text: a string without quotes and escapes, all else as it is. */
    void value(byte[] json, int from, int to) {
      if (json[from] != '"') {
        bytes = json;
        valueFrom = from;
        valueTo = to;
        return;
      }
      if (scratch.length < to - from) {
        scratch = new byte[Math.max(to - from, scratch.length * 2)];
      }
      bytes = scratch;
      valueFrom = 0;
      valueTo = JsonStrings.unescape(json, from + 1, to - 1, scratch, 0);
    }
  }
}
