package io.logboom.net.msgpack;

import static io.logboom.net.msgpack.MsgPack.FULL;
import static io.logboom.net.msgpack.MsgPack.INCOMPLETE;

import io.logboom.api.batch.Names;
import io.logboom.api.json.JsonScanner;
import io.logboom.api.json.SeenNames;
import io.logboom.api.json.Swar;

/**
 * Turns a MessagePack map into a JSON object that keeps what {@link io.logboom.api.batch.Batch}
 * promises of a JSON body. Checks, converts and writes in one pass; allocates nothing but for
 * objects with a name twice and for floating-point numbers of many digits.
 *
 * <table>
 *   <caption>What becomes of a value</caption>
 *   <tr><td>integer</td><td>its digits, all 64 bits</td></tr>
 *   <tr><td>float</td><td>the shortest form that reads back the same; null for NaN, infinity</td></tr>
 *   <tr><td>str</td><td>a string, with U+FFFD for each part that is not UTF-8</td></tr>
 *   <tr><td>bin</td><td>a string where it is UTF-8, else one in Base64</td></tr>
 *   <tr><td>ext type 0 of 8 bytes</td><td>EventTime: seconds with nine digits of a fraction</td></tr>
 *   <tr><td>other ext</td><td>a string with its data in Base64</td></tr>
 *   <tr><td>name of a member</td><td>its text; a map or an array is malformed</td></tr>
 * </table>
 *
 * <p>Where a name stands twice in one object, in the form that it has in JSON, the last one counts.
 * One instance per thread.
 */
public final class MsgPackJson extends ScalarJson {
  /** The most names in one record where a name stands twice, or may. */
  static final int MOST_NAMES = 1 << 16;

  private final Names registered;
  private final SeenNames seen = new SeenNames();
  private final DistinctNames distinct = new DistinctNames();
  private final Shapes shapes;
  private long names;
  private boolean suspect;
  private boolean exact;
  // How many members came as they were expected.
  private int taken;

  public MsgPackJson(Names registered) {
    this.registered = registered;
    this.shapes = new Shapes(registered);
  }

  /**
   * Writes the map that starts at {@code bytes[from]} to {@code target} from {@code start} on.
   *
   * @return the index behind the map; {@link MsgPack#INCOMPLETE} where it does not end before
   *     {@code end}, {@link MsgPack#MALFORMED} with {@link #fault}, or {@link MsgPack#FULL} where
   *     {@code target} is too small
   */
  @SuppressWarnings("EI_EXPOSE_REP2")
  public int object(byte[] bytes, int from, int end, byte[] target, int start) {
    between(bytes, end, target);
    exact = false;
    int behind = once(from, start);
    if (behind > 0 && suspect) {
      exact = true;
      behind = once(from, start);
    }
    return behind;
  }

  private int once(int from, int start) {
    begin(start);
    names = 0;
    suspect = false;
    seen.clear();
    distinct.clear();
    shapes.begin();
    if (from >= to) {
      return INCOMPLETE;
    }
    int c = in[from] & 0xFF;
    if ((c & 0xF0) == 0x80 || c == MsgPack.MAP16 || c == MsgPack.MAP32) {
      return value(from, 0);
    }
    return malformed("a record is no map");
  }

  /** The registered names among the object's members. */
  public long names() {
    return names;
  }

  private int value(int i, int depth) {
    if (at > room) {
      return FULL;
    }
    if (i >= to) {
      return INCOMPLETE;
    }
    int c = in[i];
    if (c >= -32) {
      at = Numbers.decimal(c, out, at);
      return i + 1;
    }
    c &= 0xFF;
    if (c >= 0xA0 && c < 0xC0) {
      return string(i + 1, MsgPack.fixStrBytes(in[i]));
    }
    if (c < 0x90) {
      return map(i + 1, c & 0xF, depth + 1);
    }
    if (c < 0xA0) {
      return array(i + 1, c & 0xF, depth + 1);
    }
    return switch (c) {
      case MsgPack.NIL -> word(NULL, 4, i);
      case MsgPack.FALSE -> word(FALSE, 5, i);
      case MsgPack.TRUE -> word(TRUE, 4, i);
      case MsgPack.NEVER_USED -> malformed("the byte 0xC1");
      case MsgPack.STR8 -> to - i < 2 ? INCOMPLETE : string(i + 2, in[i + 1] & 0xFF);
      case MsgPack.STR16 -> to - i < 3 ? INCOMPLETE : string(i + 3, MsgPack.uint16(in, i + 1));
      case MsgPack.STR32 -> to - i < 5 ? INCOMPLETE : string(i + 5, MsgPack.int32(in, i + 1));
      case MsgPack.ARRAY16 ->
          to - i < 3 ? INCOMPLETE : array(i + 3, MsgPack.uint16(in, i + 1), depth + 1);
      case MsgPack.ARRAY32 ->
          to - i < 5 ? INCOMPLETE : array(i + 5, MsgPack.int32(in, i + 1), depth + 1);
      case MsgPack.MAP16 ->
          to - i < 3 ? INCOMPLETE : map(i + 3, MsgPack.uint16(in, i + 1), depth + 1);
      case MsgPack.MAP32 ->
          to - i < 5 ? INCOMPLETE : map(i + 5, MsgPack.int32(in, i + 1), depth + 1);
      default -> c >= MsgPack.FLOAT32 && c <= MsgPack.INT64 ? number(c, i) : binary(c, i);
    };
  }

  private int map(int from, int count, int depth) {
    if (count < 0 || depth > JsonScanner.MAX_DEPTH) {
      return malformed(count < 0 ? "a map of too many members" : "nested too deep");
    }
    return exact ? exactMap(from, count, depth) : quickMap(from, count, depth);
  }

  private int quickMap(int from, int count, int depth) {
    Shapes.Slot slot = shapes.open(in, from, to, count);
    Shape shape = slot == null ? null : slot.of(count);
    boolean noted = slot != null && shape == null;
    int i = from;
    int k = 0;
    if (slot != null && shape != null) {
      i = expected(shape, from, depth);
      if (i < 0) {
        return i;
      }
      k = taken;
      if (k < count) {
        shape.recall(k, from, seen);
        if (i <= to - Shape.WINDOW) {
          slot.missed();
        }
      }
    }
    for (; k < count; k++) {
      if (at > room) {
        return FULL;
      }
      out[at++] = (byte) (k == 0 ? '{' : ',');
      if (noted) {
        shapes.note(k, count, i);
      }
      i = name(i, from, depth);
      if (i < 0) {
        return i;
      }
      out[at++] = ':';
      i = value(i, depth);
      if (i < 0) {
        return i;
      }
    }
    if (at > room) {
      return FULL;
    }
    if (count == 0) {
      out[at++] = '{';
    }
    out[at++] = '}';
    if (slot != null) {
      shapes.close(count);
      if (noted) {
        shapes.learn(slot, in, count, !suspect);
      }
    }
    return i;
  }

  /**
   * Writes the members of an object from its first one on, for as long as their names are those
   * expected; {@link #taken} tells how many. Nearly all members of nearly all records come this
   * way, so that it has texts that are plain here: calls cost more than they do.
   *
   * @return the index behind the last one, or a code
   */
  private int expected(Shape shape, int from, int depth) {
    byte[] b = in;
    byte[] o = out;
    int most = room;
    int last = to - Shape.WINDOW;
    int[] sizes = shape.sizes();
    long[] words = shape.words();
    int[] wordsBehind = shape.wordsBehind();
    int count = shape.count();
    int k = 0;
    int w = 0;
    int i = from;
    int q = at;
    for (; k < count && i <= last; k++) {
      if (q > most) {
        return FULL;
      }
      int behind = wordsBehind[k];
      int p = i;
      int r = q;
      while (w < behind && ((Swar.load(b, p) ^ words[w]) & words[w + 1]) == 0) {
        Swar.store(o, r, words[w + 2]);
        w += 3;
        p += 8;
        r += 8;
      }
      if (w < behind) {
        break;
      }
      p = i + sizes[k];
      q += sizes[k] + Shape.MORE;
      byte head = b[p];
      int size;
      if (MsgPack.isFixStr(head)) {
        size = MsgPack.fixStrBytes(head);
        p++;
      } else if (head == (byte) MsgPack.STR8) {
        size = b[p + 1] & 0xFF;
        p += 2;
      } else {
        at = q - 1; // no quote
        i = value(p, depth);
        if (i < 0) {
          return i;
        }
        q = at;
        continue;
      }
      i = p + size;
      if (to - i < 8 || most - q < size) {
        at = q - 1;
        i = string(p, size);
        if (i < 0) {
          return i;
        }
        q = at;
        continue;
      }
      long special = 0;
      while (i - p >= 8) {
        long eight = Swar.load(b, p);
        Swar.store(o, q, eight);
        special = Swar.special(eight);
        if (special != 0) {
          break;
        }
        p += 8;
        q += 8;
      }
      if (special == 0) {
        // Reads past the text's end, and writes what the next thing written covers.
        long eight = Swar.load(b, p);
        Swar.store(o, q, eight);
        special = Swar.special(eight) & ((1L << ((i - p) << 3)) - 1);
      }
      if (special == 0) {
        q += i - p;
        o[q++] = '"';
      } else {
        int plain = Swar.first(special);
        if (escaped(p + plain, q + plain, i) < 0) {
          return FULL;
        }
        q = at;
      }
    }
    at = q;
    taken = k;
    if (depth == 1) {
      names |= shape.registered(k);
    }
    return i;
  }

  /** As {@link #quickMap}, with each name once. */
  private int exactMap(int from, int count, int depth) {
    int base = at;
    int open = distinct.open(count);
    if (open < 0) {
      return malformed("a record of too many members");
    }
    out[at++] = '{';
    int i = from;
    for (int k = 0; k < count; k++) {
      if (at > room) {
        return FULL;
      }
      if (k > 0) {
        out[at++] = ',';
      }
      i = name(i, from, depth);
      if (i < 0) {
        return i;
      }
      out[at++] = ':';
      i = value(i, depth);
      if (i < 0) {
        return i;
      }
    }
    at = distinct.close(open, out, base, at);
    if (at > room) {
      return FULL;
    }
    out[at++] = '}';
    return i;
  }

  private int array(int from, int count, int depth) {
    if (count < 0 || depth > JsonScanner.MAX_DEPTH) {
      return malformed(count < 0 ? "an array of too many elements" : "nested too deep");
    }
    out[at++] = '[';
    int i = from;
    for (int k = 0; k < count; k++) {
      if (k > 0) {
        out[at++] = ',';
      }
      i = value(i, depth);
      if (i < 0) {
        return i;
      }
    }
    if (at > room) {
      return FULL;
    }
    out[at++] = ']';
    return i;
  }

  /**
   * Writes a member's name.
   *
   * @param object tells this object from the others of the record
   */
  private int name(int i, int object, int depth) {
    if (i >= to) {
      return INCOMPLETE;
    }
    byte head = in[i];
    int start = at;
    int behind;
    if (MsgPack.isFixStr(head)) {
      behind = string(i + 1, MsgPack.fixStrBytes(head));
      if (behind >= 0 && !exact && !seen.add(object, in, i + 1, behind, to)) {
        suspect = true;
      }
    } else {
      behind = otherName(head & 0xFF, i);
    }
    if (behind < 0) {
      return behind;
    }
    if (depth == 1) {
      names |= registered.find(out, start + 1, at - 1);
    }
    if (exact) {
      distinct.add(out, start, at);
    } else if (hasRepaired()) {
      suspect = true;
    }
    return behind;
  }

  private int otherName(int c, int i) {
    if ((c >= 0x80 && c < 0xA0) || (c >= MsgPack.ARRAY16 && c <= MsgPack.MAP32)) {
      return malformed("a member's name is a map or an array");
    }
    // Rare: what is no short text is compared in the form that it gets.
    suspect = true;
    int start = at;
    int behind = value(i, 0);
    if (behind >= 0 && out[start] != '"') {
      System.arraycopy(out, start, out, start + 1, at - start);
      out[start] = '"';
      out[at + 1] = '"';
      at += 2;
    }
    return behind;
  }
}
