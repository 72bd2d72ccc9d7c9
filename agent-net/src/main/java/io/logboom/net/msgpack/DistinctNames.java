package io.logboom.net.msgpack;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sees to it that an object being written has each name once: of several members of one name the
 * last stays. Members are marked while the object is written and closed up at its end, so that each
 * byte moves once per level. Names are found by a hash with a seed that no sender knows.
 */
final class DistinctNames {
  private static final int[] NONE = {};

  /** A larger table does not outlive its object. */
  private static final int KEPT = 4096;

  private final int seed = ThreadLocalRandom.current().nextInt() | 1;
  // The members of all open objects, those of the innermost on top.
  private int[] start = new int[64];
  private int[] nameEnd = new int[64];
  private boolean[] replaced = new boolean[64];
  private int top;
  private int total;
  // The open objects: where their members begin, and their hash tables of member number + 1.
  private int[] base = new int[16];
  private int[][] tables = tables(new int[0][], 16);
  private int depth;

  private static int[][] tables(int[][] before, int count) {
    int[][] all = Arrays.copyOf(before, count);
    Arrays.fill(all, before.length, count, NONE);
    return all;
  }

  void clear() {
    top = 0;
    total = 0;
    depth = 0;
  }

  /** Begins an object inside the one that is open; -1 where the record has too many members. */
  int open(int count) {
    total += Math.min(count, MsgPackJson.MOST_NAMES + 1);
    if (total > MsgPackJson.MOST_NAMES) {
      return -1;
    }
    if (depth == base.length) {
      base = Arrays.copyOf(base, depth * 2);
      tables = tables(tables, depth * 2);
    }
    base[depth] = top;
    int size = Integer.highestOneBit(Math.max(count, 4)) << 2;
    if (tables[depth].length == size) {
      Arrays.fill(tables[depth], 0);
    } else {
      tables[depth] = new int[size];
    }
    return depth++;
  }

  /** A member begins with the name {@code out[from, to)}, its quotes among it. */
  void add(byte[] out, int from, int to) {
    if (top == start.length) {
      start = Arrays.copyOf(start, top * 2);
      nameEnd = Arrays.copyOf(nameEnd, top * 2);
      replaced = Arrays.copyOf(replaced, top * 2);
    }
    start[top] = from;
    nameEnd[top] = to;
    replaced[top] = false;
    int[] table = tables[depth - 1];
    int slot = hash(out, from, to) & (table.length - 1);
    while (table[slot] != 0) {
      int other = table[slot] - 1;
      if (Arrays.equals(out, start[other], nameEnd[other], out, from, to)) {
        replaced[other] = true;
        break;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = ++top;
  }

  private int hash(byte[] out, int from, int to) {
    int h = seed;
    for (int i = from; i < to; i++) {
      h = (h ^ out[i]) * 0x01000193;
      h ^= h >>> 15;
    }
    return h;
  }

  /**
   * Ends the innermost object, whose brace is at {@code brace} and whose last member ends at {@code
   * end}; closes up what was replaced.
   *
   * @return where the last member ends now
   */
  int close(int object, byte[] out, int brace, int end) {
    if (tables[object].length > KEPT) {
      tables[object] = NONE;
    }
    int first = base[object];
    int last = top;
    top = first;
    depth = object;
    int at = brace + 1;
    for (int m = first; m < last; m++) {
      if (replaced[m]) {
        continue;
      }
      int from = start[m];
      int to = m + 1 < last ? start[m + 1] - 1 : end;
      if (at > brace + 1) {
        out[at++] = ',';
      }
      if (at != from) {
        System.arraycopy(out, from, out, at, to - from);
      }
      at += to - from;
    }
    return at;
  }
}
