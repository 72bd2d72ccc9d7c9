package io.logboom.core.multiline;

import io.logboom.api.text.Multiline.Machine;
import java.util.Arrays;

/** A record ends with the line that ends with a text, or is it. Takes every line. */
final class EndMachine implements Machine {
  private static final int OPEN = 1;

  private final byte[] wanted;
  private final boolean whole;
  private final boolean negate;

  /**
   * @param whole whether the line must be the text, not just end with it
   * @param negate whether the lines that do not match end a record
   */
  EndMachine(byte[] wanted, boolean whole, boolean negate) {
    this.wanted = wanted;
    this.whole = whole;
    this.negate = negate;
  }

  @Override
  public int next(int state, byte[] line, int from, int to) {
    int length = to - from;
    boolean matches =
        (whole ? length == wanted.length : length >= wanted.length)
            && Arrays.equals(line, to - wanted.length, to, wanted, 0, wanted.length);
    int next = matches == negate ? OPEN : 0;
    return state == 0 ? next | START : next;
  }
}
