package io.logboom.output.loki;

import io.logboom.api.json.ByteSink;
import io.logboom.api.json.Utf8;
import java.util.Arrays;

/**
 * Names and values while they are put together: the labels of a stream, or the structured metadata
 * of a line. Values are UTF-8 whatever they are made from. Used again and again; allocates nothing
 * once it has grown.
 */
final class Pairs {
  private final int mostPairs;
  private final int mostBytes;
  private final int mostValue;
  private final ByteSink text = ByteSink.growing(512);
  private int[] at = new int[4 * 32];
  private int count;
  private int leftOut;
  private int cut;

  /**
   * @param mostPairs further ones are left out
   * @param mostBytes what would go beyond is left out
   * @param mostValue longer values are cut
   */
  Pairs(int mostPairs, int mostBytes, int mostValue) {
    this.mostPairs = mostPairs;
    this.mostBytes = mostBytes;
    this.mostValue = mostValue;
  }

  void clear() {
    text.position(0);
    count = 0;
    leftOut = 0;
    cut = 0;
  }

  int count() {
    return count;
  }

  /** How many were left out since {@link #clear}. */
  int leftOut() {
    return leftOut;
  }

  /** How many values were cut since {@link #clear}. */
  int cut() {
    return cut;
  }

  /** The bytes of names and values. */
  int size() {
    int size = 0;
    for (int i = 0; i < count; i++) {
      size += nameTo(i) - nameFrom(i) + valueTo(i) - valueFrom(i);
    }
    return size;
  }

  byte[] bytes() {
    return text.array();
  }

  int nameFrom(int i) {
    return at[4 * i];
  }

  int nameTo(int i) {
    return at[4 * i + 1];
  }

  int valueFrom(int i) {
    return at[4 * i + 2];
  }

  int valueTo(int i) {
    return at[4 * i + 3];
  }

  /** Adds a pair; one that has the name already is replaced. An empty value adds nothing. */
  void add(byte[] name, byte[] value, int from, int to) {
    int nameFrom = text.position();
    text.put(name, 0, name.length);
    add(nameFrom, value, from, to);
  }

  /**
   * Adds a pair whose name is {@code prefix} and a name of the record, with an underscore for each
   * character that a label's name cannot have, and before a leading digit.
   */
  void addTamed(
      byte[] prefix, byte[] name, int from, int to, byte[] value, int valueFrom, int valueTo) {
    int start = text.position();
    text.put(prefix, 0, prefix.length);
    if (prefix.length == 0 && from < to && name[from] >= '0' && name[from] <= '9') {
      text.put((byte) '_');
    }
    for (int i = from; i < to; i++) {
      byte c = name[i];
      // One underscore for a character, not for each of its bytes.
      if ((c & 0xC0) != 0x80) {
        text.put(isOfName(c) ? c : (byte) '_');
      }
    }
    add(start, value, valueFrom, valueTo);
  }

  static boolean isOfName(byte c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private void add(int nameFrom, byte[] value, int from, int to) {
    int nameTo = text.position();
    if (from == to || nameFrom == nameTo) {
      text.position(nameFrom);
      return;
    }
    int end = to;
    if (to - from > mostValue) {
      end = Utf8.cut(value, from, from + mostValue);
      cut++;
    }
    int known = find(nameFrom, nameTo);
    if (nameTo + end - from > mostBytes || (known < 0 && count == mostPairs)) {
      text.position(nameFrom);
      leftOut++;
      return;
    }
    Utf8.copy(value, from, end, text);
    int i = known < 0 ? count++ : known;
    if (4 * i == at.length) {
      at = Arrays.copyOf(at, at.length * 2);
    }
    at[4 * i] = nameFrom;
    at[4 * i + 1] = nameTo;
    at[4 * i + 2] = nameTo;
    at[4 * i + 3] = text.position();
  }

  private int find(int from, int to) {
    byte[] b = text.array();
    for (int i = 0; i < count; i++) {
      if (Arrays.equals(b, nameFrom(i), nameTo(i), b, from, to)) {
        return i;
      }
    }
    return -1;
  }

  /** Brings the pairs into the order of their names, by bytes. */
  void sort() {
    byte[] b = text.array();
    for (int i = 1; i < count; i++) {
      for (int k = i;
          k > 0
              && Arrays.compareUnsigned(
                      b, nameFrom(k), nameTo(k), b, nameFrom(k - 1), nameTo(k - 1))
                  < 0;
          k--) {
        for (int part = 0; part < 4; part++) {
          int other = at[4 * k + part];
          at[4 * k + part] = at[4 * (k - 1) + part];
          at[4 * (k - 1) + part] = other;
        }
      }
    }
  }
}
