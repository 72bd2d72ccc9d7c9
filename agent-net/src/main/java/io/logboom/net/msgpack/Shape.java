package io.logboom.net.msgpack;

import io.logboom.api.batch.Names;
import io.logboom.api.json.SeenNames;
import io.logboom.api.json.Swar;

/**
 * The names of an object, in their order, as one like it had them before. Objects of one kind have
 * the same names again and again: each is compared with the one expected, which is known to be
 * plain and unlike the others, and need not be looked up.
 *
 * <pre>
 *   names   [ head, name | head, name | ... | 8 bytes more ]     as MessagePack has short texts
 * </pre>
 */
final class Shape {
  /** The most members of an object that has a shape. */
  static final int MOST = 32;

  /** How many bytes of the input there must be, from a name on, for it to be compared. */
  static final int WINDOW = 40;

  /** A name that is compared begins with this byte, with its length in the other bits. */
  private static final int SHORT_TEXT = 0xA0;

  private static final int PATIENCE = 4;

  private byte[] names = new byte[0];
  private final int[] start = new int[MOST + 1];
  private final long[] registered = new long[MOST];
  private int count;
  private int misses;

  /** How many names it knows; 0 for none yet. */
  int count() {
    return count;
  }

  /** The registered names that the name {@code k} is; see {@link Names}. */
  long registered(int k) {
    return registered[k];
  }

  /**
   * Writes the name at {@code b[i]} as JSON with its quotes and colon, where it is name {@code k}:
   * two bytes more than it has in {@code b}. {@link #WINDOW} bytes can be read from {@code i}.
   *
   * @return the index behind it; -1 where it is another one
   */
  int take(int k, byte[] b, int i, byte[] out, int at) {
    byte[] known = names;
    int from = start[k];
    int size = start[k + 1] - from;
    int w = 0;
    for (; size - w >= 8; w += 8) {
      long eight = Swar.load(known, from + w);
      if (Swar.load(b, i + w) != eight) {
        return -1;
      }
      Swar.store(out, at + w, eight);
    }
    if (w < size) {
      long eight = Swar.load(known, from + w);
      if ((Swar.load(b, i + w) ^ eight) << ((8 - (size - w)) << 3) != 0) {
        return -1;
      }
      Swar.store(out, at + w, eight);
    }
    out[at] = '"';
    out[at + size] = '"';
    out[at + size + 1] = ':';
    return i + size;
  }

  /** Adds the first {@code count} names to those that an object is known to have. */
  void recall(int known, int object, SeenNames seen) {
    for (int k = 0; k < known; k++) {
      seen.add(object, names, start[k] + 1, start[k + 1], names.length);
    }
  }

  /** An object came that has not so many names; whether it is to be learnt. */
  boolean isMissed() {
    return ++misses >= (count == 0 ? 1 : PATIENCE);
  }

  /** An object came with other names: after some of them the next one is learnt. */
  void missed() {
    if (isMissed()) {
      forget();
    }
  }

  /**
   * Knows these names from now on, where all of them are short texts without anything to escape.
   *
   * @param at where in {@code b} each of them begins, from {@code first} on
   */
  void learn(byte[] b, int[] at, int first, int members, Names all) {
    count = 0;
    misses = -100; // for names that cannot be learnt
    int size = 0;
    for (int k = 0; k < members; k++) {
      int head = b[at[first + k]] & 0xFF;
      if ((head & 0xE0) != SHORT_TEXT) {
        return;
      }
      size += 1 + (head & 0x1F);
    }
    byte[] learnt = new byte[size + 8];
    int to = 0;
    for (int k = 0; k < members; k++) {
      int i = at[first + k];
      int length = b[i] & 0x1F;
      if (Swar.plainEnd(b, i + 1, i + 1 + length) < i + 1 + length) {
        return;
      }
      start[k] = to;
      registered[k] = all.find(b, i + 1, i + 1 + length);
      System.arraycopy(b, i, learnt, to, 1 + length);
      to += 1 + length;
    }
    start[members] = to;
    names = learnt;
    count = members;
    misses = 0;
  }

  /** Knows nothing any more. */
  void forget() {
    count = 0;
    misses = 0;
  }
}
