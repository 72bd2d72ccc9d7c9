package io.logboom.api.json;

import io.logboom.api.record.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the rare JSON object that is valid and yet not fit to be delivered, as {@link
 * JsonScanner} finds: of names that stand twice in an object the last one stays, and what is not
 * UTF-8 becomes U+FFFD. Numbers keep their spelling. This is the slow path, with objects; its time
 * and memory grow with the object's length alone.
 */
public final class JsonRepair {
  private final byte[] b;
  private final Set<Integer> superseded = new HashSet<>();
  private final ByteSink out;
  private byte[] scratch = new byte[64];
  // Looks only, where positive: the members inside are not written.
  private int muted;
  private boolean writing;
  private final int most;
  private int members;

  private JsonRepair(byte[] b, int size, int most) {
    this.b = b;
    this.most = most;
    this.out = ByteSink.growing(size + 64);
  }

  /**
   * The object {@code b[from, to)} again, mended.
   *
   * @param b holds at {@code [from, to)} what {@link JsonScanner} takes for an object, without
   *     blanks around it
   * @param most how many members it may have at all levels
   * @return null where it has more
   */
  public static byte @Nullable [] repair(byte[] b, int from, int to, int most) {
    JsonRepair repair = new JsonRepair(b, to - from, most);
    repair.value(from);
    if (repair.members > most) {
      return null;
    }
    repair.writing = true;
    repair.value(from);
    return repair.out.toByteArray();
  }

  // Each method below takes the index to go on from and returns the one behind what it read.

  private int value(int i) {
    return switch (b[i]) {
      case '{' -> object(i + 1);
      case '[' -> array(i + 1);
      case '"' -> string(i + 1);
      default -> literal(i);
    };
  }

  private int object(int from) {
    // The first walk finds out which members count, the second one writes those.
    Map<String, Integer> last = writing ? Map.of() : new HashMap<>();
    put('{');
    boolean first = true;
    int i = blanks(from);
    while (b[i] != '}') {
      int member = i;
      boolean left = superseded.contains(member);
      muted += left ? 1 : 0;
      if (!first) {
        put(',');
      }
      first &= left;
      int behind = string(i + 1);
      if (!writing && ++members <= most) {
        Integer before = last.put(text(i + 1, behind - 1), member);
        if (before != null) {
          superseded.add(before);
        }
      }
      put(':');
      i = blanks(value(blanks(blanks(behind) + 1)));
      muted -= left ? 1 : 0;
      if (b[i] == ',') {
        i = blanks(i + 1);
      }
    }
    put('}');
    return i + 1;
  }

  private int array(int from) {
    put('[');
    int i = blanks(from);
    while (b[i] != ']') {
      i = blanks(value(i));
      if (b[i] == ',') {
        put(',');
        i = blanks(i + 1);
      }
    }
    put(']');
    return i + 1;
  }

  private int string(int from) {
    int i = from;
    boolean plain = true;
    while (b[i] != '"') {
      plain &= b[i] >= 0 && b[i] != '\\';
      i += b[i] == '\\' ? 2 : 1;
    }
    if (writing && muted == 0) {
      out.put((byte) '"');
      if (plain) {
        out.put(b, from, i - from);
      } else {
        int to = unescape(from, i);
        out.putEscaped(scratch, 0, to);
      }
      out.put((byte) '"');
    }
    return i + 1;
  }

  private int unescape(int from, int to) {
    if (scratch.length < to - from) {
      scratch = new byte[Math.max(to - from, scratch.length * 2)];
    }
    return JsonStrings.unescape(b, from, to, scratch, 0);
  }

  private String text(int from, int to) {
    int length = unescape(from, to); // may replace scratch
    return new String(scratch, 0, length, StandardCharsets.UTF_8);
  }

  private int literal(int from) {
    int i = from;
    while (b[i] > ' ' && b[i] != ',' && b[i] != '}' && b[i] != ']') {
      i++;
    }
    if (writing && muted == 0) {
      out.put(b, from, i - from);
    }
    return i;
  }

  private int blanks(int from) {
    int i = from;
    while (b[i] <= ' ' && b[i] >= 0) {
      i++;
    }
    return i;
  }

  private void put(char c) {
    if (writing && muted == 0) {
      out.put((byte) c);
    }
  }
}
