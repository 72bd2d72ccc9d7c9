package io.logboom.api.json;

import java.util.Arrays;

/**
 * The names met so far in the objects of one document, as hashes of (object, name) in open
 * addressing. Emptying it costs nothing: a slot counts where its generation is the current one.
 */
public final class SeenNames {
  private static final int SLOTS = 512;
  // Odd and without pattern (the golden ratio's fraction), so that a product's high half depends on
  // all bits.
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final int[] hash = new int[SLOTS];
  private final int[] seenIn = new int[SLOTS];
  private int generation;
  private int entries;

  /** Begins the next document. */
  public void clear() {
    entries = 0;
    if (++generation == 0) {
      Arrays.fill(seenIn, 0);
      generation = 1;
    }
  }

  /**
   * Adds the name {@code b[from, to)} of an object.
   *
   * @param object a number that no other object of the document has
   * @param end up to where {@code b} may be read
   * @return whether the object certainly does not have it yet; false, too, for a full set
   */
  public boolean add(int object, byte[] b, int from, int to, int end) {
    if (entries == SLOTS / 2) {
      return false;
    }
    int wanted = hash(object, b, from, to, end);
    int slot = wanted >>> 23;
    while (seenIn[slot] == generation) {
      if (hash[slot] == wanted) {
        return false;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    hash[slot] = wanted;
    seenIn[slot] = generation;
    entries++;
    return true;
  }

  private static int hash(int object, byte[] b, int from, int to, int end) {
    int count = to - from;
    long h = ((long) object << 32) ^ count;
    long last;
    if (count > 8) {
      for (int i = from; i < to - 8; i += 8) {
        h = (h ^ Swar.load(b, i)) * MIX;
        h ^= h >>> 32;
      }
      last = Swar.load(b, to - 8);
    } else if (end - from >= 8) {
      long mask = count == 8 ? -1L : (1L << (8 * count)) - 1;
      last = Swar.load(b, from) & mask;
    } else {
      last = 0;
      for (int i = to - 1; i >= from; i--) {
        last = (last << 8) | (b[i] & 0xFF);
      }
    }
    return (int) ((((h * MIX) ^ last) * MIX) >>> 32);
  }
}
