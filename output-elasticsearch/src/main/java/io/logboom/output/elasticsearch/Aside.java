package io.logboom.output.elasticsearch;

import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.record.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Copies a document without the fields that the index has with another type. They go to one list of
 * texts, so that the index needs one field for all of them:
 *
 * <pre>
 * {"code":"E12","user":{"id":7},"n":1}  ->  {"n":1,"type_conflict":["code: E12","user: {\"id\":7}"]}
 * </pre>
 *
 * <p>A text stands there as it was, any other value as its JSON. With its name before it, no value
 * looks like a date or a number, which an index would take for the type of them all. For documents
 * that were refused only: it makes objects.
 */
final class Aside {
  /** The member that has what was moved. A document that has it already is left alone. */
  static final String MEMBER = "type_conflict";

  private final Collection<String> fields;
  private final byte[] json;
  private final ByteSink out;
  private final ByteSink moved = ByteSink.growing(256);
  private boolean taken;
  private boolean occupied;

  private Aside(Collection<String> fields, byte[] json, ByteSink out) {
    this.fields = fields;
    this.json = json;
    this.out = out;
  }

  /**
   * Writes the members of the object {@code json[from, to)}, without its braces.
   *
   * @param fields paths with dots; what is below one of them goes with it
   * @return false where none of the fields is there or there is no place for them; what was written
   *     then is of no use
   */
  static boolean move(byte[] json, int from, int to, Collection<String> fields, ByteSink out) {
    Aside aside = new Aside(fields, json, out);
    boolean empty = aside.members(from + 1, to - 1, "");
    if (!aside.taken) {
      return false;
    }
    if (!empty) {
      out.put((byte) ',');
    }
    out.putAscii("\"" + MEMBER + "\":[");
    out.put(aside.moved.array(), 0, aside.moved.position());
    out.put((byte) ']');
    return !aside.occupied;
  }

  /** Copies an object's members; tells whether none were left. */
  private boolean members(int from, int to, String prefix) {
    JsonMembers members = new JsonMembers(json, from, to);
    boolean first = true;
    while (members.next()) {
      String name = name(members.nameFrom(), members.nameTo());
      occupied |= prefix.isEmpty() && name.equals(MEMBER);
      String path = prefix + name;
      boolean above = isAbove(path);
      boolean descend = above && isContainer(members.valueFrom());
      if (isTaken(path) || (above && !descend)) {
        take(path, members.valueFrom(), members.valueTo());
        continue;
      }
      if (!first) {
        out.put((byte) ',');
      }
      first = false;
      int copied = descend ? members.valueFrom() : members.valueTo();
      out.put(json, members.nameFrom() - 1, copied - members.nameFrom() + 1);
      if (descend) {
        container(members.valueFrom(), members.valueTo(), path);
      }
    }
    return first;
  }

  /** Copies an object or an array that may have the field somewhere below. */
  private void container(int from, int to, String path) {
    out.put(json, from, 1);
    if (json[from] == '{') {
      members(from + 1, to - 1, path + '.');
    } else {
      JsonMembers elements = new JsonMembers(json, from + 1, to - 1);
      boolean first = true;
      while (elements.nextElement()) {
        if (!first) {
          out.put((byte) ',');
        }
        first = false;
        if (isContainer(elements.valueFrom())) {
          container(elements.valueFrom(), elements.valueTo(), path);
        } else {
          out.put(json, elements.valueFrom(), elements.valueTo() - elements.valueFrom());
        }
      }
    }
    out.put(json, to - 1, 1);
  }

  private void take(String path, int from, int to) {
    if (taken) {
      moved.put((byte) ',');
    }
    taken = true;
    byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
    moved.put((byte) '"');
    moved.putEscaped(utf8, 0, utf8.length);
    moved.putAscii(": ");
    if (json[from] == '"') {
      moved.put(json, from + 1, to - from - 1);
    } else {
      moved.putEscaped(json, from, to - from);
      moved.put((byte) '"');
    }
  }

  private boolean isTaken(String path) {
    for (String field : fields) {
      if (path.equals(field) || path.startsWith(field + '.')) {
        return true;
      }
    }
    return false;
  }

  private boolean isAbove(String path) {
    for (String field : fields) {
      if (field.startsWith(path + '.')) {
        return true;
      }
    }
    return false;
  }

  private boolean isContainer(int value) {
    return json[value] == '{' || json[value] == '[';
  }

  private String name(int from, int to) {
    byte[] plain = new byte[to - from];
    int length = JsonStrings.unescape(json, from, to, plain, 0);
    return new String(plain, 0, length, StandardCharsets.UTF_8);
  }
}
