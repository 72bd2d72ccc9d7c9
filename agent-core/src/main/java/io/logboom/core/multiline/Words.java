package io.logboom.core.multiline;

import java.nio.charset.StandardCharsets;

/**
 * Words of which a line must have one for an expression to have a chance: looking for them is many
 * times cheaper than the expression, and nearly all lines have none.
 */
final class Words {
  /** No words: every line has a chance. */
  static final Words NONE = new Words();

  private final byte[][] words;
  private final boolean[] first = new boolean[256];

  private Words(String... words) {
    this.words = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      this.words[i] = words[i].getBytes(StandardCharsets.UTF_8);
      first[this.words[i][0] & 0xFF] = true;
    }
  }

  static Words of(String... words) {
    return new Words(words);
  }

  boolean anyIn(byte[] line, int from, int to) {
    if (words.length == 0) {
      return true;
    }
    for (int i = from; i < to; i++) {
      if (first[line[i] & 0xFF] && anyAt(line, i, to)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyAt(byte[] line, int at, int to) {
    for (byte[] word : words) {
      if (to - at >= word.length && isAt(word, line, at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] word, byte[] line, int at) {
    for (int k = 0; k < word.length; k++) {
      if (line[at + k] != word[k]) {
        return false;
      }
    }
    return true;
  }
}
