package io.logboom.net.msgpack;

import io.logboom.api.batch.Names;
import io.logboom.api.json.SeenNames;
import io.logboom.api.json.Swar;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The names of an object, in their order, as one like it had them before. Objects of one kind have
 * the same names again and again: each is compared with the one expected, which is known to be
 * plain and unlike the others, need not be looked up, and is there as JSON already.
 *
 * <pre>
 *   names   [ head, name | head, name | ... ]                    as MessagePack has short texts
 *   words   [ want, mask, json | want, mask, json | ... ]        for each eight bytes of a name
 *
 *   want, mask   eight bytes as MessagePack has them, and which of them are the name's
 *   json         eight bytes of what is written for it:   {"name":"   or, behind others,   ,"name":"
 * </pre>
 *
 * <p>The last quote belongs to a value that is a string.
 */
final class Shape {
  /** The most members of an object that has a shape. */
  static final int MOST = 32;

  /** How many bytes of the input there must be, from a name on, for it to be compared. */
  static final int WINDOW = 40;

  /** How many bytes a name has more in JSON than in MessagePack. */
  static final int MORE = 4;

  private final byte[] names;
  private final int[] sizes;
  private final long[] registered;
  private final long[] words;
  private final int[] wordsBehind;

  private Shape(byte[] names, int[] sizes, long[] registered) {
    this.names = names;
    this.sizes = sizes;
    this.registered = registered;
    this.wordsBehind = new int[sizes.length];
    int longs = 0;
    for (int k = 0; k < sizes.length; k++) {
      longs += 3 * ((sizes[k] + MORE + Long.BYTES - 1) / Long.BYTES);
      wordsBehind[k] = longs;
    }
    this.words = spelt();
  }

  private long[] spelt() {
    long[] made = new long[wordsBehind.length == 0 ? 0 : wordsBehind[wordsBehind.length - 1]];
    int w = 0;
    int from = 0;
    for (int k = 0; k < sizes.length; k++) {
      int size = sizes[k];
      byte[] name = Arrays.copyOf(Arrays.copyOfRange(names, from, from + size), WINDOW);
      byte[] json = json(name, size, k == 0 ? '{' : ',');
      for (int i = 0; w < wordsBehind[k]; i += Long.BYTES) {
        int left = Math.clamp(size - i, 0, Long.BYTES);
        made[w++] = Swar.load(name, i);
        made[w++] = left == Long.BYTES ? -1 : (1L << (left << 3)) - 1;
        made[w++] = Swar.load(json, i);
      }
      from += size;
    }
    return made;
  }

  private static byte[] json(byte[] name, int size, char before) {
    byte[] json = new byte[WINDOW];
    json[0] = (byte) before;
    json[1] = '"';
    System.arraycopy(name, 1, json, 2, size - 1);
    json[size + 1] = '"';
    json[size + 2] = ':';
    json[size + 3] = '"';
    return json;
  }

  /**
   * The shape of an object that has these names, each of which it has once.
   *
   * @param at where in {@code b} each of them begins, from {@code first} on
   * @return null where one is no short text, or has something to escape
   */
  static @Nullable Shape of(byte[] b, int[] at, int first, int members, Names all) {
    int[] sizes = new int[members];
    long[] registered = new long[members];
    byte[] names = new byte[members * MsgPack.LONGEST_FIXSTR];
    int to = 0;
    long found = 0;
    for (int k = 0; k < members; k++) {
      int i = at[first + k];
      if (!MsgPack.isFixStr(b[i])) {
        return null;
      }
      int size = 1 + MsgPack.fixStrBytes(b[i]);
      if (Swar.plainEnd(b, i + 1, i + size) < i + size) {
        return null;
      }
      found |= all.find(b, i + 1, i + size);
      sizes[k] = size;
      registered[k] = found;
      System.arraycopy(b, i, names, to, size);
      to += size;
    }
    return new Shape(Arrays.copyOf(names, to), sizes, registered);
  }

  int count() {
    return sizes.length;
  }

  /** For each name its bytes in MessagePack, its head among them. */
  int[] sizes() {
    return sizes;
  }

  /** All names eight bytes at a time, as the class comment shows them. */
  long[] words() {
    return words;
  }

  /** For each name where the words of the next one begin. */
  int[] wordsBehind() {
    return wordsBehind;
  }

  /** The registered {@link Names} among the first {@code count}. */
  long registered(int count) {
    return count == 0 ? 0 : registered[count - 1];
  }

  /** Adds the first {@code count} names to those that an object is known to have. */
  void recall(int count, int object, SeenNames seen) {
    int from = 0;
    for (int k = 0; k < count; k++) {
      int behind = from + sizes[k];
      seen.add(object, names, from + 1, behind, names.length);
      from = behind;
    }
  }
}
