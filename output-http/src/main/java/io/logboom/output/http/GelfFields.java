package io.logboom.output.http;

import io.logboom.api.json.ByteSink;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.record.JsonStrings;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes JSON values as fields of GELF, which has strings and numbers alone: members of objects are
 * fields of their own, named by their path, and an array is a string. As Fluent Bit does:
 *
 * <pre>
 * "a":{"b":1,"c/d":{"e":true}}     "_a_b":1, "_a_c_d_e":"true"
 * "a":[1,"x",{"p":2,"q":{"r":3}}]  "_a":"1, x, p=2 q_r=3"
 * </pre>
 *
 * One instance per thread; allocates nothing once it has grown.
 */
final class GelfFields {
  private final List<JsonMembers> levels = new ArrayList<>();
  private final ByteSink path = ByteSink.growing(256);
  private final ByteSink plain = ByteSink.growing(64);

  /** Writes a value as the field {@code _name}; an object as several. */
  void custom(byte[] json, int nameFrom, int nameTo, int from, int to, ByteSink out) {
    path.position(0);
    path.put((byte) '_');
    name(json, nameFrom, nameTo);
    field(json, from, to, 0, out);
  }

  /** Writes a value as a field that GELF knows; an object, which that cannot be, as several. */
  void known(byte[] name, byte[] json, int from, int to, ByteSink out) {
    path.position(0);
    if (json[from] == '{') {
      path.put((byte) '_');
    }
    path.put(name, 0, name.length);
    field(json, from, to, 0, out);
  }

  /** Writes a value as the field that the path names. */
  private void field(byte[] json, int from, int to, int depth, ByteSink out) {
    if (json[from] == '{') {
      JsonMembers members = members(depth, json, from, to);
      int length = path.position();
      while (members.next()) {
        path.put((byte) '_');
        name(json, members.nameFrom(), members.nameTo());
        field(json, members.valueFrom(), members.valueTo(), depth + 1, out);
        path.position(length);
      }
      return;
    }
    out.putAscii(", \"");
    out.put(path.array(), 0, path.position());
    out.putAscii("\":");
    switch (json[from]) {
      case '[', 't', 'f' -> {
        out.put((byte) '"');
        text(json, from, to, depth, out);
        out.put((byte) '"');
      }
      default -> out.put(json, from, to - from);
    }
  }

  /** Writes a value as a part of a string. */
  private void text(byte[] json, int from, int to, int depth, ByteSink out) {
    switch (json[from]) {
      case '"' -> out.put(json, from + 1, to - from - 2);
      case '[' -> {
        JsonMembers elements = members(depth, json, from, to);
        for (boolean first = true; elements.nextElement(); first = false) {
          if (!first) {
            out.putAscii(", ");
          }
          text(json, elements.valueFrom(), elements.valueTo(), depth + 1, out);
        }
      }
      case '{' -> {
        int length = path.position();
        boolean _ = pairs(json, from, to, depth, length, false, out);
        path.position(length);
      }
      default -> out.put(json, from, to - from);
    }
  }

  /**
   * Writes an object as {@code name=value} pairs.
   *
   * @param start where the names' path begins
   * @param blank whether a blank must stand before the first one
   * @return whether one must stand before what follows
   */
  private boolean pairs(
      byte[] json, int from, int to, int depth, int start, boolean blank, ByteSink out) {
    JsonMembers members = members(depth, json, from, to);
    int length = path.position();
    boolean before = blank;
    while (members.next()) {
      if (length > start) {
        path.put((byte) '_');
      }
      name(json, members.nameFrom(), members.nameTo());
      if (json[members.valueFrom()] == '{') {
        before = pairs(json, members.valueFrom(), members.valueTo(), depth + 1, start, before, out);
      } else {
        if (before) {
          out.put((byte) ' ');
        }
        before = true;
        out.put(path.array(), start, path.position() - start);
        out.put((byte) '=');
        text(json, members.valueFrom(), members.valueTo(), depth + 1, out);
      }
      path.position(length);
    }
    return before;
  }

  private JsonMembers members(int depth, byte[] json, int from, int to) {
    if (depth == levels.size()) {
      levels.add(new JsonMembers());
    }
    JsonMembers members = levels.get(depth);
    members.reset(json, from + 1, to - 1);
    return members;
  }

  /** Adds a member's name to the path, an underscore for each byte that no field's name has. */
  private void name(byte[] json, int from, int to) {
    byte[] bytes = json;
    int at = from;
    int end = to;
    for (int i = from; i < to; i++) {
      if (json[i] == '\\') {
        plain.position(0);
        plain.ensure(to - from);
        bytes = plain.array();
        at = 0;
        end = JsonStrings.unescape(json, from, to, bytes, 0);
        break;
      }
    }
    for (int i = at; i < end; i++) {
      path.put(isOfName(bytes[i]) ? bytes[i] : (byte) '_');
    }
  }

  private static boolean isOfName(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '_'
        || b == '-'
        || b == '.';
  }
}
